/** The forced change of an initial or expired password; it cannot be skipped (SEC-06). */
import { useState, type ReactElement } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { PasswordChangeDocument } from '../gql/tenant/session.ts';
import { failureText, problemText, useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { PasswordField } from '../ui/Field.tsx';
import styles from './auth.module.css';
import { AuthLayout } from './AuthLayout.tsx';
import { surfaceClient } from './client.ts';
import { NewPasswordFields } from './NewPasswordFields.tsx';
import type { SurfaceName } from './remembered.ts';
import { useNewPassword } from './useNewPassword.ts';
import { signOut } from './viewer.ts';

interface PasswordChangeModel {
  oldPassword: string;
  oldError: string | null;
  failure: string | null;
  busy: boolean;
  changeOld: (value: string) => void;
  submit: () => Promise<void>;
}

function usePasswordChange(
  surface: SurfaceName, fresh: ReturnType<typeof useNewPassword>,
): PasswordChangeModel {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [oldPassword, setOldPassword] = useState('');
  const [oldError, setOldError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setFailure(null);
    const checked = fresh.check();
    if (oldPassword === '') setOldError(t('error.REQUIRED'));
    if (!checked || oldPassword === '') return;
    setBusy(true);
    try {
      const input = { oldPassword, newPassword: fresh.password };
      const { passwordChange } = await surfaceClient(surface).request(PasswordChangeDocument, { input });
      const { problem } = passwordChange;
      if (!problem) navigate(surface === 'member' ? '/' : '/console');
      else if (problem.code === 'PASSWORD_WRONG') setOldError(problemText(t, problem));
      else if (problem.field === 'oldPassword') setOldError(problemText(t, problem));
      else fresh.refuse(problemText(t, problem));
    } catch (error) {
      setFailure(failureText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const changeOld = (value: string): void => {
    setOldPassword(value);
    setOldError(null);
  };
  return { oldPassword, oldError, failure, busy, changeOld, submit };
}

export function PasswordPage(): ReactElement {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const surface: SurfaceName = search.get('surface') === 'console' ? 'console' : 'member';
  const fresh = useNewPassword(surface);
  const model = usePasswordChange(surface, fresh);
  const leave = (): void => {
    void signOut(surface).finally(() => navigate(surface === 'member' ? '/signin' : '/console'));
  };
  return (
    <AuthLayout
      title={t('password.forcedTitle')} lead={t('password.forcedLead')}
      foot={<button type="button" className={styles['linkButton']} onClick={leave}>{t('action.signOut')}</button>}
    >
      <form
        className={styles['form']} noValidate
        onSubmit={(event) => { event.preventDefault(); void model.submit(); }}
      >
        {model.failure ? <Banner look="error">{model.failure}</Banner> : null}
        <PasswordField
          label={t('password.old')} autoComplete="current-password" name="password" required
          value={model.oldPassword} error={model.oldError} onValue={model.changeOld}
        />
        <NewPasswordFields model={fresh} />
        <Button type="submit" look="primary" block disabled={model.busy}>{t('password.save')}</Button>
      </form>
    </AuthLayout>
  );
}
