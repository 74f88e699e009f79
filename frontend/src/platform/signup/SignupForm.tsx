/** Step one: the company, the person, the wished host name, the terms (TEN-05). */
import { useState, type ReactElement } from 'react';
import { problemText, useWords } from '../../i18n/react.ts';
import styles from '../../session/auth.module.css';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import controls from '../../ui/controls.module.css';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, PasswordField } from '../../ui/Field.tsx';
import { knownText } from '../../ui/knownText.ts';
import { useHostName } from './useHostName.ts';
import type { Deployment, SignupModel } from './useSignup.ts';

interface SignupFormProps {
  model: SignupModel;
  deployment: Deployment;
}

export function SignupForm({ model, deployment }: SignupFormProps): ReactElement {
  const { t } = useWords();
  const { values, errors, change } = model;
  return (
    <form
      className={styles['form']} noValidate
      onSubmit={(event) => { event.preventDefault(); void model.start(); }}
    >
      {model.failure ? <Banner look="error">{model.failure}</Banner> : null}
      <Field
        label={t('signup.fullName')} name="organization" autoComplete="organization" required maxLength={100}
        value={values.fullName} error={errors.fullName} onValue={(value) => change('fullName', value)}
      />
      <div className={styles['split']}>
        <Field
          label={t('signup.contactName')} name="name" autoComplete="name" required maxLength={64}
          value={values.contactName} error={errors.contactName} onValue={(value) => change('contactName', value)}
        />
        <IndustryField model={model} industries={deployment.industries} />
      </div>
      <Field
        label={t('signup.email')} name="email" type="email" autoComplete="email" required maxLength={254}
        hint={t('signup.emailHint')} value={values.email} error={errors.email}
        onValue={(value) => change('email', value)}
      />
      <HostNameField model={model} />
      <PasswordField
        label={t('signup.password')} name="password" autoComplete="new-password" required
        hint={t('signup.passwordHint')} value={values.password} error={errors.password}
        onValue={(value) => change('password', value)}
      />
      <TermsField model={model} deployment={deployment} />
      <Button type="submit" look="primary" block disabled={model.busy}>{t('signup.next')}</Button>
    </form>
  );
}

function IndustryField({ model, industries }: { model: SignupModel; industries: readonly string[] }): ReactElement {
  const { t } = useWords();
  const error = model.errors.industry;
  return (
    <label className={controls['field']}>
      <span className={controls['label']}>{t('signup.industry')}</span>
      <select
        className={styles['select']} value={model.values.industry} required aria-invalid={error ? true : undefined}
        onChange={(event) => model.change('industry', event.target.value)}
      >
        <option value="" disabled>{t('signup.choose')}</option>
        {industries.map((key) => <option key={key} value={key}>{knownText(t, 'industry', key)}</option>)}
      </select>
      {error ? <span className={controls['error']}>{error}</span> : null}
    </label>
  );
}

function HostNameField({ model }: { model: SignupModel }): ReactElement {
  const { t } = useWords();
  const { values, errors, change } = model;
  const answer = useHostName(values.hostName);
  const taken = answer?.problem ? problemText(t, answer.problem) : null;
  const suggestion = answer?.suggestion;
  return (
    <div className={styles['choices']}>
      <Field
        label={t('signup.hostName')} name="host-name" autoComplete="off" autoCapitalize="off" spellCheck={false}
        required maxLength={32} value={values.hostName} error={errors.hostName ?? taken}
        hint={answer?.available ? t('signup.hostNameFree') : t('signup.hostNameHint')}
        onValue={(value) => change('hostName', value.toLowerCase())}
      />
      {suggestion && suggestion !== values.hostName ? (
        <div>
          <button type="button" className={styles['linkButton']} onClick={() => change('hostName', suggestion)}>
            {t('signup.useSuggestion', { hostName: suggestion })}
          </button>
        </div>
      ) : null}
    </div>
  );
}

function TermsField({ model, deployment }: SignupFormProps): ReactElement {
  const { t } = useWords();
  const [reading, setReading] = useState(false);
  const error = model.errors.terms;
  return (
    <div className={controls['field']}>
      <div className={styles['check']}>
        <input
          id="terms" type="checkbox" checked={model.accepted} aria-describedby="terms-error"
          onChange={(event) => model.accept(event.target.checked)}
        />
        <span>
          <label htmlFor="terms">{t('signup.accept')}</label>{' '}
          <button type="button" className={styles['linkButton']} onClick={() => setReading(true)}>
            {t('signup.terms', { version: deployment.termsVersion })}
          </button>
        </span>
      </div>
      <div id="terms-error" aria-live="polite">
        {error ? <span className={controls['error']}>{error}</span> : null}
      </div>
      {reading ? (
        <Dialog title={t('signup.terms', { version: deployment.termsVersion })} onClose={() => setReading(false)}>
          <div className={styles['terms']} tabIndex={0} role="region" aria-label={t('signup.termsText')}>
            {deployment.termsText}
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}
