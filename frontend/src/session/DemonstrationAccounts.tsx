/** On this machine alone, and only with a demonstration: whom one can sign in as to look around. */
import { useEffect, useState, type ReactElement } from 'react';
import { DeploymentDocument, type DeploymentQuery } from '../gql/platform/platform.ts';
import { useWords } from '../i18n/react.ts';
import styles from './auth.module.css';
import { platformClient } from './client.ts';
import type { SurfaceName } from './remembered.ts';
import type { Credentials } from './viewer.ts';

type Account = DeploymentQuery['deployment']['demonstration'][number];

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

interface DemonstrationAccountsProps {
  surface: SurfaceName;
  onChoose: (credentials: Credentials) => void;
}

export function DemonstrationAccounts({ surface, onChoose }: DemonstrationAccountsProps): ReactElement | null {
  const { t } = useWords();
  const [accounts, setAccounts] = useState<readonly Account[]>([]);
  useEffect(() => {
    // Elsewhere the server has none to tell.
    if (!LOOPBACK.test(location.hostname)) return;
    const abort = new AbortController();
    platformClient.request(DeploymentDocument, {}, abort.signal)
      .then(({ deployment }) => setAccounts(deployment.demonstration))
      .catch(() => undefined);
    return () => abort.abort();
  }, []);
  const shown = surface === 'console' ? accounts.filter(({ account }) => account === 'admin') : accounts;
  if (shown.length === 0) return null;
  return (
    <section className={styles['demonstration']}>
      <h2>{t('signin.demonstration')}</h2>
      <ul>
        {shown.map(({ company, hostName, account, password, note }) => (
          <li key={`${hostName} ${account}`}>
            <button
              type="button" className={styles['linkButton']}
              onClick={() => onChoose({ tenant: hostName, account, password })}
            >
              {note}
            </button>
            <span>{company}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
