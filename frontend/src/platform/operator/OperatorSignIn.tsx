/** Signing in as an operator of this deployment. */
import { useState, type ReactElement } from 'react';
import { OperatorSignInDocument } from '../../gql/platform/platform.ts';
import { failureText, problemText, useWords } from '../../i18n/react.ts';
import styles from '../../session/auth.module.css';
import { AuthLayout } from '../../session/AuthLayout.tsx';
import { platformClient } from '../../session/client.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field, PasswordField } from '../../ui/Field.tsx';
import type { OperatorViewer } from './index.tsx';

export function OperatorSignIn({ onSignedIn }: { onSignedIn: (viewer: OperatorViewer) => void }): ReactElement {
  const { t } = useWords();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    setFailure(null);
    try {
      const input = { email: email.trim(), password };
      const { operatorSignIn: { problem, viewer } } = await platformClient.request(OperatorSignInDocument, { input });
      if (viewer) onSignedIn(viewer);
      else if (problem) setFailure(problemText(t, problem));
    } catch (error) {
      setFailure(failureText(t, error));
    }
  };
  return (
    <AuthLayout title={t('operator.signIn')} lead={t('operator.signInLead')}>
      <form
        className={styles['form']} noValidate
        onSubmit={(event) => { event.preventDefault(); void submit(); }}
      >
        {failure ? <Banner look="error">{failure}</Banner> : null}
        <Field label={t('operator.email')} type="email" autoComplete="username" required value={email} onValue={setEmail} />
        <PasswordField
          label={t('signin.password')} autoComplete="current-password" required value={password} onValue={setPassword}
        />
        <Button type="submit" look="primary" block>{t('signin.submit')}</Button>
      </form>
    </AuthLayout>
  );
}
