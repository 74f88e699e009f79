/** The logic of sign-up: form, code, done. Nothing exists on the server before the code is confirmed. */
import { useState } from 'react';
import type { DeploymentQuery, SignupConfirmMutation } from '../../gql/platform/platform.ts';
import { SignupConfirmDocument, SignupResendDocument, SignupStartDocument } from '../../gql/platform/platform.ts';
import type { Translate } from '../../i18n/index.ts';
import { failureText, problemText, useWords, type ProblemLike } from '../../i18n/react.ts';
import { platformClient } from '../../session/client.ts';

export type Deployment = DeploymentQuery['deployment'];
export type SignedUp = NonNullable<SignupConfirmMutation['signupConfirm']['tenant']>;

export interface SignupValues {
  fullName: string;
  contactName: string;
  email: string;
  industry: string;
  hostName: string;
  password: string;
}

export type SignupField = keyof SignupValues | 'terms' | 'code';
export type SignupErrors = Partial<Record<SignupField, string>>;

export interface SignupModel {
  step: 'form' | 'code' | 'done';
  values: SignupValues;
  accepted: boolean;
  code: string;
  errors: SignupErrors;
  failure: string | null;
  busy: boolean;
  /** When the code may be sent again, milliseconds since the epoch. */
  resendAt_ms: number;
  signedUp: SignedUp | null;
  change: (field: keyof SignupValues, value: string) => void;
  accept: (accepted: boolean) => void;
  changeCode: (code: string) => void;
  start: () => Promise<void>;
  confirm: (code: string) => Promise<void>;
  resend: () => Promise<void>;
  backToForm: () => void;
}

const EMPTY: SignupValues = {
  fullName: '', contactName: '', email: '', industry: '', hostName: '', password: '',
};
const FIELDS = Object.keys(EMPTY) as (keyof SignupValues)[];
export const CODE_DIGITS = 6;
const PASSWORD_CHARS_MIN = 8;

/** Digits of whatever was pasted. */
export function codeDigits(text: string): string {
  return text.replaceAll(/\D/g, '').slice(0, CODE_DIGITS);
}

function isField(field: string | null): field is keyof SignupValues {
  return field !== null && (FIELDS as string[]).includes(field);
}

/** What is missing before the server is asked. */
function missingIn(t: Translate, values: SignupValues, accepted: boolean): SignupErrors {
  const found: SignupErrors = {};
  for (const field of FIELDS) if (values[field].trim() === '') found[field] = t('error.REQUIRED');
  if (values.password !== '' && values.password.length < PASSWORD_CHARS_MIN) {
    found.password = problemText(t, { code: 'TOO_SHORT', limit: PASSWORD_CHARS_MIN });
  }
  if (!accepted) found.terms = t('error.TERMS_NOT_ACCEPTED');
  return found;
}

interface Attempt {
  errors: SignupErrors;
  failure: string | null;
  busy: boolean;
  setErrors: (errors: SignupErrors) => void;
  mend: (field: SignupField) => void;
  refuse: (problem: ProblemLike & { field: string | null }, otherwise: SignupField | null) => void;
  run: (work: () => Promise<void>) => Promise<void>;
}

/** What is wrong and whether something is under way. */
function useAttempt(): Attempt {
  const { t } = useWords();
  const [errors, setErrors] = useState<SignupErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const refuse: Attempt['refuse'] = (problem, otherwise) => {
    const text = problemText(t, problem);
    const terms = problem.code.startsWith('TERMS') ? 'terms' : otherwise;
    const field = isField(problem.field) ? problem.field : terms;
    if (field) setErrors({ [field]: text });
    else setFailure(text);
  };
  const run: Attempt['run'] = async (work) => {
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(failureText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const mend = (field: SignupField): void => setErrors(({ [field]: _mended, ...others }) => others);
  return { errors, failure, busy, setErrors, mend, refuse, run };
}

export function useSignup(deployment: Deployment): SignupModel {
  const { t, language } = useWords();
  const { setErrors, mend, refuse, run, ...shown } = useAttempt();
  const [step, setStep] = useState<SignupModel['step']>('form');
  const [values, setValues] = useState(EMPTY);
  const [accepted, setAccepted] = useState(false);
  const [code, setCode] = useState('');
  const [signupId, setSignupId] = useState('');
  const [resendAt_ms, setResendAt] = useState(0);
  const [signedUp, setSignedUp] = useState<SignedUp | null>(null);

  const waitBeforeResend = (seconds: number | null): void => setResendAt(Date.now() + (seconds ?? 60) * 1000);
  const start = async (): Promise<void> => {
    const found = missingIn(t, values, accepted);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    await run(async () => {
      const wire = language === 'zh-CN' ? 'ZH_CN' : 'EN';
      const input = { ...values, language: wire, termsVersion: deployment.termsVersion } as const;
      const { signupStart } = await platformClient.request(SignupStartDocument, { input });
      if (signupStart.problem) return refuse(signupStart.problem, null);
      setSignupId(signupStart.signupId ?? '');
      waitBeforeResend(signupStart.resendAfterS);
      setStep('code');
    });
  };
  const confirm = (typed: string): Promise<void> => run(async () => {
    if (typed.length < CODE_DIGITS) return setErrors({ code: t('signup.codeShort') });
    const input = { signupId, code: typed };
    const { signupConfirm } = await platformClient.request(SignupConfirmDocument, { input });
    if (signupConfirm.problem) return refuse(signupConfirm.problem, 'code');
    setSignedUp(signupConfirm.tenant);
    setStep('done');
  });
  const resend = (): Promise<void> => run(async () => {
    const { signupResend } = await platformClient.request(SignupResendDocument, { input: { signupId } });
    if (signupResend.problem) return refuse(signupResend.problem, 'code');
    setErrors({});
    setCode('');
    waitBeforeResend(signupResend.resendAfterS);
  });
  const changeCode = (text: string): void => {
    const digits = codeDigits(text);
    setCode(digits);
    setErrors({});
    if (digits.length === CODE_DIGITS && digits !== code) void confirm(digits);
  };
  const change: SignupModel['change'] = (field, value) => {
    setValues((before) => ({ ...before, [field]: value }));
    mend(field);
  };
  const accept = (next: boolean): void => {
    setAccepted(next);
    mend('terms');
  };
  const backToForm = (): void => {
    setErrors({});
    setStep('form');
  };
  return {
    ...shown, step, values, accepted, code, resendAt_ms, signedUp, start, confirm, resend, change, accept, changeCode,
    backToForm,
  };
}
