/** Changing one's own password (SEC-07). */
import { useState, type ReactElement } from 'react';
import { PasswordChangeDocument } from '../../gql/tenant/session.ts';
import { failureText, problemText, useWords } from '../../i18n/react.ts';
import { NewPasswordFields } from '../../session/NewPasswordFields.tsx';
import { useNewPassword } from '../../session/useNewPassword.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { PasswordField } from '../../ui/Field.tsx';
import { useChat } from '../context.ts';
import styles from './settings.module.css';

export function OwnPassword(): ReactElement {
  const { t } = useWords();
  const [changing, setChanging] = useState(false);
  const [done, setDone] = useState(false);
  if (changing) return <PasswordForm onDone={() => { setChanging(false); setDone(true); }} />;
  return (
    <>
      {done ? <Banner look="ok">{t('password.changed')}</Banner> : null}
      <p className={styles['lead']}>{t('password.advice')}</p>
      <div><Button onClick={() => setChanging(true)}>{t('password.change')}</Button></div>
    </>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }): ReactElement {
  const { t } = useWords();
  const { client } = useChat().live;
  const fresh = useNewPassword('member');
  const [old, setOld] = useState('');
  const [oldError, setOldError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (!fresh.check()) return;
    try {
      const input = { oldPassword: old, newPassword: fresh.password };
      const { passwordChange: { problem } } = await client.request(PasswordChangeDocument, { input });
      if (!problem) onDone();
      else if (problem.code === 'PASSWORD_WRONG') setOldError(problemText(t, problem));
      else fresh.refuse(problemText(t, problem));
    } catch (error) {
      setFailure(failureText(t, error));
    }
  };
  return (
    <form
      className={styles['form']} noValidate
      onSubmit={(event) => { event.preventDefault(); void submit(); }}
    >
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <PasswordField
        label={t('password.old')} autoComplete="current-password" value={old} error={oldError}
        onValue={(value) => { setOld(value); setOldError(null); }}
      />
      <NewPasswordFields model={fresh} />
      <div><Button type="submit" look="primary">{t('password.save')}</Button></div>
    </form>
  );
}
