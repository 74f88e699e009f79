/** Signing in to the chat or the console: company, account, password (SEC-01, SEC-02, SEC-26). */
import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { Field, PasswordField } from '../ui/Field.tsx';
import styles from './auth.module.css';
import { AuthLayout } from './AuthLayout.tsx';
import { DemonstrationAccounts } from './DemonstrationAccounts.tsx';
import type { SurfaceName } from './remembered.ts';
import { SignedInCompanies } from './SignedInCompanies.tsx';
import { useSignIn } from './useSignIn.ts';
import type { Viewer } from './viewer.ts';

export interface SignInPageProps {
  surface: SurfaceName;
  onSignedIn: (viewer: Viewer) => void;
  /** Somebody goes on in a company that is signed in to already. */
  onContinue: () => void;
}

export function SignInPage({ surface, onSignedIn, onContinue }: SignInPageProps): ReactElement {
  const { t } = useWords();
  const model = useSignIn(surface, onSignedIn);
  const [founder, setFounder] = useState(false);
  const { values, errors, change } = model;
  const forgot = `/forgot?${new URLSearchParams({ tenant: values.tenant, account: values.account })}`;
  return (
    <AuthLayout
      title={t(surface === 'member' ? 'signin.title' : 'signin.consoleTitle')}
      foot={<SignInFoot surface={surface} />}
    >
      <SignedInCompanies surface={surface} onChosen={onContinue} />
      <form
        className={styles['form']} noValidate
        onSubmit={(event) => { event.preventDefault(); void model.submit(founder); }}
      >
        {model.failure ? <Banner look="error">{model.failure}</Banner> : null}
        <Field
          label={t(founder ? 'company.enterpriseNumber' : 'signin.tenant')} name="organization"
          autoComplete="organization" autoCapitalize="off" spellCheck={false} required
          hint={founder ? undefined : t('signin.tenantHint')} value={values.tenant}
          error={errors.tenant} onValue={(value) => change('tenant', value)}
        />
        {founder ? null : (
          <Field
            label={t('signin.account')} name="username" autoComplete="username" autoCapitalize="off"
            spellCheck={false} required value={values.account} error={errors.account}
            onValue={(value) => change('account', value)}
          />
        )}
        <PasswordField
          label={t(founder ? 'signin.superPassword' : 'signin.password')} name="password"
          autoComplete="current-password" required value={values.password} error={errors.password}
          onValue={(value) => change('password', value)}
        />
        {model.help ? (
          <a href={`/help#${model.help}`} target="_blank" rel="noopener">{t('signin.help')}</a>
        ) : null}
        <Button type="submit" look="primary" block disabled={model.busy}>
          {t(model.busy ? 'signin.busy' : 'signin.submit')}
        </Button>
        <div className={styles['between']}>
          <Link href={forgot}>{t('signin.forgot')}</Link>
          {surface === 'console' ? (
            <button type="button" className={styles['linkButton']} onClick={() => setFounder(!founder)}>
              {t(founder ? 'signin.withAccount' : 'signin.withSuperPassword')}
            </button>
          ) : null}
        </div>
      </form>
      <DemonstrationAccounts surface={surface} onChoose={model.fill} />
    </AuthLayout>
  );
}

function SignInFoot({ surface }: { surface: SurfaceName }): ReactElement {
  const { t } = useWords();
  return (
    <>
      <Link href="/signup">{t('signin.toSignup')}</Link>
      {surface === 'member'
        ? <Link href="/console">{t('signin.toConsole')}</Link>
        : <Link href="/signin">{t('signin.toChat')}</Link>}
    </>
  );
}
