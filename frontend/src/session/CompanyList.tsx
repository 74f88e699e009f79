/** The companies that are signed in to in this browser: go to one, leave one, sign in to another. */
import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { failureText, useWords } from '../i18n/react.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import styles from './companies.module.css';
import type { RememberedTenant, SurfaceName } from './remembered.ts';
import { chooseTenant, useSignedInTenants, useTenantId } from './tenants.ts';
import { signOut } from './viewer.ts';

export interface CompanyListProps {
  surface: SurfaceName;
  /** Told once this tab works for another company. */
  onSwitched: () => void;
  /** Told when one that is not this tab's was left, e.g. to wipe what was kept of it. */
  onLeft?: (tenantId: string) => void;
}

export function CompanyList({ surface, onSwitched, onLeft }: CompanyListProps): ReactElement {
  const { t } = useWords();
  const tenants = useSignedInTenants(surface);
  const currentId = useTenantId(surface);
  const [failure, setFailure] = useState<string | null>(null);
  const go = (tenantId: string): void => {
    chooseTenant(surface, tenantId);
    onSwitched();
  };
  const leave = async (tenantId: string): Promise<void> => {
    setFailure(null);
    try {
      await signOut(surface, tenantId);
      onLeft?.(tenantId);
    } catch (error) {
      setFailure(failureText(t, error));
    }
  };
  return (
    <div className={styles['companies']}>
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <ul>
        {tenants.map((tenant) => (
          <CompanyRow
            key={tenant.tenantId} tenant={tenant} current={tenant.tenantId === currentId}
            onGo={() => go(tenant.tenantId)} onLeave={() => void leave(tenant.tenantId)}
          />
        ))}
      </ul>
      <Link href={surface === 'member' ? '/signin?add=1' : '/console/signin?add=1'} onClick={onSwitched}>
        {t('companies.add')}
      </Link>
    </div>
  );
}

interface CompanyRowProps {
  tenant: RememberedTenant;
  current: boolean;
  onGo: () => void;
  onLeave: () => void;
}

function CompanyRow({ tenant, current, onGo, onLeave }: CompanyRowProps): ReactElement {
  const { t } = useWords();
  const company = tenant.company ?? tenant.tenant;
  return (
    <li className={styles['row']} aria-current={current ? 'true' : undefined}>
      <Avatar id={tenant.tenantId} name={company} company />
      <span className={styles['text']}>
        <span className={styles['name']}>{company}</span>
        <span className={styles['who']}>{tenant.viewer?.name}</span>
      </span>
      {current ? <span className={styles['current']}>{t('companies.current')}</span> : (
        <>
          <Button onClick={onGo} aria-label={t('companies.switchTo', { company })}>{t('companies.switch')}</Button>
          <Button look="quiet" onClick={onLeave} aria-label={t('companies.leaveOne', { company })}>
            {t('companies.leave')}
          </Button>
        </>
      )}
    </li>
  );
}
