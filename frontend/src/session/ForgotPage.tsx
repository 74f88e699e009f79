/** Asking for a link to set a new password (SEC-10). The answer never tells whether it was sent. */
import { useState, type ReactElement } from 'react';
import { Link, useSearchParams } from 'wouter';
import { PasswordForgotDocument } from '../gql/tenant/session.ts';
import { failureText, problemText, useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import styles from './auth.module.css';
import { AuthLayout } from './AuthLayout.tsx';
import { surfaceClient } from './client.ts';

export function ForgotPage(): ReactElement {
  const { t } = useWords();
  const [search] = useSearchParams();
  const [tenant, setTenant] = useState(search.get('tenant') ?? '');
  const [account, setAccount] = useState(search.get('account') ?? '');
  const [failure, setFailure] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const submit = async (): Promise<void> => {
    if (tenant.trim() === '' || account.trim() === '') return setFailure(t('error.REQUIRED'));
    setFailure(null);
    try {
      const input = { tenant: tenant.trim(), account: account.trim() };
      const { passwordForgot } = await surfaceClient('member').request(PasswordForgotDocument, { input });
      if (passwordForgot.problem) setFailure(problemText(t, passwordForgot.problem));
      else setAsked(true);
    } catch (error) {
      setFailure(failureText(t, error));
    }
  };
  return (
    <AuthLayout
      title={t('forgot.title')} lead={t('forgot.lead')}
      foot={<Link href="/signin">{t('forgot.back')}</Link>}
    >
      {asked ? <Banner look="ok">{t('forgot.asked')}</Banner> : (
        <form
          className={styles['form']} noValidate
          onSubmit={(event) => { event.preventDefault(); void submit(); }}
        >
          {failure ? <Banner look="error">{failure}</Banner> : null}
          <Field label={t('signin.tenant')} value={tenant} onValue={setTenant} autoCapitalize="off" required />
          <Field
            label={t('forgot.account')} value={account} onValue={setAccount} autoCapitalize="off"
            autoComplete="username" required
          />
          <Button type="submit" look="primary" block>{t('forgot.submit')}</Button>
        </form>
      )}
    </AuthLayout>
  );
}
