/** The one-time link of the first start makes the first operator. */
import { useState, type ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { OperatorClaimDocument } from '../../gql/platform/platform.ts';
import { failureText, problemText, useWords } from '../../i18n/react.ts';
import styles from '../../session/auth.module.css';
import { AuthLayout } from '../../session/AuthLayout.tsx';
import { platformClient } from '../../session/client.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field, PasswordField } from '../../ui/Field.tsx';
import type { OperatorViewer } from './index.tsx';

type ClaimField = 'name' | 'email' | 'password';

export function ClaimPage({ onClaimed }: { onClaimed: (viewer: OperatorViewer) => void }): ReactElement {
  const { t } = useWords();
  const [search] = useSearchParams();
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const [errors, setErrors] = useState<Partial<Record<ClaimField, string>>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const change = (field: ClaimField) => (value: string): void => {
    setValues((before) => ({ ...before, [field]: value }));
    setErrors(({ [field]: _mended, ...others }) => others);
  };
  const submit = async (): Promise<void> => {
    setFailure(null);
    try {
      const input = { token: search.get('token') ?? '', ...values };
      const { operatorClaim: { problem, viewer } } = await platformClient.request(OperatorClaimDocument, { input });
      if (viewer) return onClaimed(viewer);
      if (!problem) return;
      const { field } = problem;
      const text = problemText(t, problem);
      if (field === 'name' || field === 'email' || field === 'password') setErrors({ [field]: text });
      else setFailure(text);
    } catch (error) {
      setFailure(failureText(t, error));
    }
  };
  return (
    <AuthLayout title={t('claim.title')} lead={t('claim.lead')}>
      <form
        className={styles['form']} noValidate
        onSubmit={(event) => { event.preventDefault(); void submit(); }}
      >
        {failure ? <Banner look="error">{failure}</Banner> : null}
        <Field label={t('claim.name')} autoComplete="name" required value={values.name} error={errors.name} onValue={change('name')} />
        <Field
          label={t('operator.email')} type="email" autoComplete="username" required value={values.email}
          error={errors.email} onValue={change('email')}
        />
        <PasswordField
          label={t('signin.password')} autoComplete="new-password" required value={values.password}
          error={errors.password} onValue={change('password')}
        />
        <Button type="submit" look="primary" block>{t('claim.submit')}</Button>
      </form>
    </AuthLayout>
  );
}
