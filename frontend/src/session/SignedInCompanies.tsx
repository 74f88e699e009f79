/** On the sign-in page: companies that are signed in to already, to go on with. */
import type { ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { Avatar } from '../ui/Avatar.tsx';
import styles from './companies.module.css';
import type { SurfaceName } from './remembered.ts';
import { chooseTenant, useSignedInTenants } from './tenants.ts';

interface SignedInCompaniesProps {
  surface: SurfaceName;
  onChosen: () => void;
}

export function SignedInCompanies({ surface, onChosen }: SignedInCompaniesProps): ReactElement | null {
  const { t } = useWords();
  const tenants = useSignedInTenants(surface);
  if (tenants.length === 0) return null;
  return (
    <section className={styles['continue']}>
      <h2>{t('companies.signedIn')}</h2>
      <ul>
        {tenants.map(({ tenantId, tenant, company, viewer }) => (
          <li key={tenantId}>
            <button
              type="button" className={styles['go']}
              onClick={() => { chooseTenant(surface, tenantId); onChosen(); }}
            >
              <Avatar id={tenantId} name={company ?? tenant} size="small" company />
              <span className={styles['text']}>
                <span className={styles['name']}>{company ?? tenant}</span>
                <span className={styles['who']}>{viewer?.name}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
