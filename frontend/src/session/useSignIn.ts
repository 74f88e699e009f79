/** The logic of the sign-in form: what is typed, what the server said, where to go then. */
import { useState } from 'react';
import { useLocation } from 'wouter';
import { failureCode } from '../gql/client.ts';
import { failureText, problemText, useWords } from '../i18n/react.ts';
import { helpFor, type HelpEntry } from './help.ts';
import { tenantToPrefill, type SurfaceName } from './remembered.ts';
import { currentTenant } from './tenants.ts';
import { signIn, type Credentials, type Viewer } from './viewer.ts';

type FieldName = keyof Credentials;

export interface SignInModel {
  values: Credentials;
  errors: Partial<Record<FieldName, string>>;
  failure: string | null;
  /** Where the help says what to do about the last refusal. */
  help: HelpEntry | null;
  busy: boolean;
  change: (field: FieldName, value: string) => void;
  fill: (values: Credentials) => void;
  submit: (withSuperPassword: boolean) => Promise<void>;
}

function startValues(surface: SurfaceName): Credentials {
  const last = currentTenant(surface) ?? currentTenant('member');
  const { search, hostname } = location;
  const asked = new URLSearchParams(search);
  return {
    tenant: asked.has('add') ? '' : tenantToPrefill(search, hostname, last?.tenant),
    account: asked.get('account') ?? '',
    password: '',
  };
}

function isShown(field: string | null, withSuperPassword: boolean): field is FieldName {
  return field === 'tenant' || field === 'password' || (field === 'account' && !withSuperPassword);
}

export function useSignIn(surface: SurfaceName, onSignedIn: (viewer: Viewer) => void): SignInModel {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [values, setValues] = useState(() => startValues(surface));
  const [errors, setErrors] = useState<SignInModel['errors']>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [help, setHelp] = useState<HelpEntry | null>(null);
  const [busy, setBusy] = useState(false);

  const missing = (withSuperPassword: boolean): SignInModel['errors'] => {
    const found: SignInModel['errors'] = {};
    if (values.tenant.trim() === '') found.tenant = t('error.REQUIRED');
    if (!withSuperPassword && values.account.trim() === '') found.account = t('error.REQUIRED');
    if (values.password === '') found.password = t('error.REQUIRED');
    return found;
  };

  const submit = async (withSuperPassword: boolean): Promise<void> => {
    const found = missing(withSuperPassword);
    setErrors(found);
    setFailure(null);
    setHelp(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const tenant = values.tenant.trim();
      const account = withSuperPassword ? '' : values.account.trim();
      const { problem, viewer } = await signIn(surface, { tenant, account, password: values.password });
      if (problem) setHelp(helpFor(problem.code));
      if (problem?.code === 'TENANT_UNKNOWN') {
        setErrors({ tenant: t('signin.tenantUnknown', { tenant }) });
      } else if (problem && isShown(problem.field, withSuperPassword)) {
        setErrors({ [problem.field]: problemText(t, problem) });
      } else if (problem) {
        setFailure(problemText(t, problem));
      } else if (viewer?.mustChangePassword) {
        navigate(`/password?surface=${surface}`);
      } else if (viewer) {
        onSignedIn(viewer);
      }
    } catch (error) {
      setFailure(failureText(t, error));
      setHelp(helpFor(failureCode(error)));
    } finally {
      setBusy(false);
    }
  };

  const change = (field: FieldName, value: string): void => {
    setValues((before) => ({ ...before, [field]: value }));
    setErrors(({ [field]: _mended, ...others }) => others);
  };
  const fill = (next: Credentials): void => {
    setValues(next);
    setErrors({});
    setFailure(null);
    setHelp(null);
  };
  return { values, errors, failure, help, busy, change, fill, submit };
}
