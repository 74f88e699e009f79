/** Who manages which company, and a way to the others that are signed in to. */
import { useEffect, useState, type ReactElement } from 'react';
import { CompanyDocument } from '../gql/tenant/console.ts';
import { useWords } from '../i18n/react.ts';
import { CompanyList } from '../session/CompanyList.tsx';
import { learnCompany } from '../session/tenants.ts';
import { Button } from '../ui/Button.tsx';
import styles from '../ui/desk/desk.module.css';
import { Dialog } from '../ui/Dialog.tsx';
import { useConsole, useViewer } from './data.ts';

export function ConsoleWho(): ReactElement {
  const { t } = useWords();
  const { tenantId, member } = useViewer();
  const { data } = useConsole('company', CompanyDocument, {});
  const [open, setOpen] = useState(false);
  const name = data?.company.shortName ?? data?.company.fullName;
  useEffect(() => {
    if (name) learnCompany('console', tenantId, name);
  }, [tenantId, name]);
  return (
    <>
      <p className={styles['whoName']}>{member?.name ?? t('console.founder')}</p>
      <p>{name}</p>
      <Button look="quiet" className={styles['whoSwitch'] ?? ''} onClick={() => setOpen(true)}>
        {t('console.companies')}
      </Button>
      {open ? (
        <Dialog title={t('companies.title')} onClose={() => setOpen(false)}>
          <CompanyList surface="console" onSwitched={() => setOpen(false)} />
        </Dialog>
      ) : null}
    </>
  );
}
