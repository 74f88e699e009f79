/** Step three: what the founder needs, and where to go. */
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { formatDate } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import styles from '../../session/auth.module.css';
import controls from '../../ui/controls.module.css';
import type { SignedUp } from './useSignup.ts';

export function SignupDone({ tenant }: { tenant: SignedUp }): ReactElement {
  const { t } = useWords();
  const signIn = new URLSearchParams({ tenant: tenant.hostName, account: tenant.account });
  const { seatsLimit: seats, expiresAt } = tenant;
  const lead = expiresAt
    ? t('signup.doneLead', { seats, date: formatDate(new Date(expiresAt)) })
    : t('signup.doneLeadWithoutEnd', { seats });
  return (
    <div className={styles['form']}>
      <p>{lead}</p>
      <dl className={styles['facts']}>
        <dt>{t('company.enterpriseNumber')}</dt><dd>{tenant.enterpriseNumber}</dd>
        <dt>{t('signup.hostName')}</dt><dd>{tenant.hostName}</dd>
        <dt>{t('signin.account')}</dt><dd>{tenant.account}</dd>
      </dl>
      <Link
        href={`/console?${signIn}`}
        className={`${controls['button']} ${controls['primary']} ${controls['block']} ${styles['buttonLink']}`}
      >
        {t('signup.toConsole')}
      </Link>
      <Link href={`/signin?${signIn}`}>{t('signup.toChat')}</Link>
    </div>
  );
}
