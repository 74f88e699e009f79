/** The logic of sign-up: form, code, done. Nothing exists on the server before the code is confirmed. */
import { useState } from 'react';
import type { DeploymentQuery, SignupConfirmMutation } from '../../gql/platform/platform.ts';
import { SignupConfirmDocument, SignupResendDocument, SignupStartDocument } from '../../gql/platform/platform.ts';
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

export function useSignup(deployment: Deployment): SignupModel {
  const { t, language } = useWords();
  const [step, setStep] = useState<SignupModel['step']>('form');
  const [values, setValues] = useState(EMPTY);
  const [accepted, setAccepted] = useState(false);
  const [code, setCode] = useState('');
  const [errors, setErrors] = useState<SignupErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [signupId, setSignupId] = useState('');
  const [resendAt_ms, setResendAt] = useState(0);
  const [signedUp, setSignedUp] = useState<SignedUp | null>(null);

  const refuse = (problem: ProblemLike & { field: string | null }, otherwise: SignupField | null): void => {
    const text = problemText(t, problem);
    const field = isField(problem.field) ? problem.field : problem.code.startsWith('TERMS') ? 'terms' : otherwise;
    if (field) setErrors({ [field]: text });
    else setFailure(text);
  };
  const run = async (work: () => Promise<void>): Promise<void> => {
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
  const missing = (): SignupErrors => {
    const found: SignupErrors = {};
    for (const field of FIELDS) if (values[field].trim() === '') found[field] = t('error.REQUIRED');
    if (values.password !== '' && values.password.length < PASSWORD_CHARS_MIN) {
      found.password = problemText(t, { code: 'TOO_SHORT', limit: PASSWORD_CHARS_MIN });
    }
    if (!accepted) found.terms = t('error.TERMS_NOT_ACCEPTED');
    return found;
  };
  const start = async (): Promise<void> => {
    const found = missing();
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    await run(async () => {
      const input = {
        ...values,
        language: language === 'zh-CN' ? 'ZH_CN' : 'EN',
        termsVersion: deployment.termsVersion,
      } as const;
      const { signupStart } = await platformClient.request(SignupStartDocument, { input });
      if (signupStart.problem) return refuse(signupStart.problem, null);
      setSignupId(signupStart.signupId ?? '');
      setResendAt(Date.now() + (signupStart.resendAfterS ?? 60) * 1000);
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
    setResendAt(Date.now() + (signupResend.resendAfterS ?? 60) * 1000);
  });
  return {
    step, values, accepted, code, errors, failure, busy, resendAt_ms, signedUp, start, confirm, resend,
    change: (field, value) => {
      setValues((before) => ({ ...before, [field]: value }));
      setErrors(({ [field]: _mended, ...others }) => others);
    },
    accept: (next) => {
      setAccepted(next);
      setErrors(({ terms: _mended, ...others }) => others);
    },
    changeCode: (text) => {
      const digits = codeDigits(text);
      setCode(digits);
      setErrors({});
      if (digits.length === CODE_DIGITS && digits !== code) void confirm(digits);
    },
    backToForm: () => {
      setErrors({});
      setStep('form');
    },
  };
}
