/** Step two: the code from the mail. It can be pasted whole; the last digit sends it. */
import { useEffect, useState, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import styles from '../../session/auth.module.css';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { CODE_DIGITS, type SignupModel } from './useSignup.ts';

/** Seconds until an instant, counted down. */
function useSecondsUntil(at_ms: number): number {
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, Math.ceil((at_ms - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 500);
    return () => clearTimeout(timer);
  }, [left, now]);
  return left;
}

export function SignupCode({ model, localMailbox }: { model: SignupModel; localMailbox: boolean }): ReactElement {
  const { t } = useWords();
  const left = useSecondsUntil(model.resendAt_ms);
  return (
    <form
      className={styles['form']} noValidate
      onSubmit={(event) => { event.preventDefault(); void model.confirm(model.code); }}
    >
      <p>{t('signup.codeSent', { email: model.values.email })}</p>
      {localMailbox ? <Banner>{t('signup.localMailbox')}</Banner> : null}
      {model.failure ? <Banner look="error">{model.failure}</Banner> : null}
      <Field
        label={t('signup.code')} name="one-time-code" inputMode="numeric" autoComplete="one-time-code" required
        pattern={`\\d{${CODE_DIGITS}}`} value={model.code} error={model.errors.code} onValue={model.changeCode}
      />
      <Button type="submit" look="primary" block disabled={model.busy}>{t('signup.confirm')}</Button>
      <div className={styles['between']}>
        <button type="button" className={styles['linkButton']} disabled={left > 0 || model.busy} onClick={() => void model.resend()}>
          {left > 0 ? t('signup.resendIn', { seconds: left }) : t('signup.resend')}
        </button>
        <button type="button" className={styles['linkButton']} onClick={model.backToForm}>{t('signup.change')}</button>
      </div>
    </form>
  );
}
