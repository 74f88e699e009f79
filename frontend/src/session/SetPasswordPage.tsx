/** Setting a password by the one-time link of a mail; it signs nobody in (TEN-12). */
import { useState, type ReactElement } from 'react';
import { Link, useSearchParams } from 'wouter';
import { PasswordSetDocument } from '../gql/tenant/session.ts';
import { failureText, problemText, useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import styles from './auth.module.css';
import { AuthLayout } from './AuthLayout.tsx';
import { surfaceClient } from './client.ts';
import { NewPasswordFields } from './NewPasswordFields.tsx';
import { useNewPassword } from './useNewPassword.ts';

export function SetPasswordPage(): ReactElement {
  const { t } = useWords();
  const [search] = useSearchParams();
  const tenant = search.get('tenant') ?? '';
  const token = search.get('token') ?? '';
  const fresh = useNewPassword(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [account, setAccount] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (!fresh.check()) return;
    setFailure(null);
    try {
      const input = { tenant, token, password: fresh.password };
      const { passwordSet } = await surfaceClient('member').request(PasswordSetDocument, { input });
      const { problem } = passwordSet;
      if (!problem) setAccount(passwordSet.account ?? '');
      else if (problem.field === 'password') fresh.refuse(problemText(t, problem));
      else setFailure(problemText(t, problem));
    } catch (error) {
      setFailure(failureText(t, error));
    }
  };
  if (account !== null) {
    return (
      <AuthLayout title={t('setPassword.doneTitle')} lead={t('setPassword.doneLead')}>
        <Link href={`/signin?${new URLSearchParams({ tenant, account })}`}>{t('signin.submit')}</Link>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout
      title={t('setPassword.title')} lead={t('setPassword.lead')}
      foot={<Link href={`/forgot?${new URLSearchParams({ tenant })}`}>{t('setPassword.newLink')}</Link>}
    >
      <form
        className={styles['form']} noValidate
        onSubmit={(event) => { event.preventDefault(); void submit(); }}
      >
        {failure ? <Banner look="error">{failure}</Banner> : null}
        <NewPasswordFields model={fresh} />
        <Button type="submit" look="primary" block>{t('password.save')}</Button>
      </form>
    </AuthLayout>
  );
}
