/** What needs the operator today: tenants near their end, failed migrations, failed mails, shards. */
import { Tag } from 'antd';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import { OperatorHomeDocument, type OperatorHomeQuery, type TenantRowFragment } from '../../gql/platform/platform.ts';
import { daysBetween, formatDate, formatNumber } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import styles from '../../ui/desk/desk.module.css';
import { Page, Section } from '../../ui/desk/Page.tsx';
import { SeatsMeter } from '../../ui/desk/SeatsMeter.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States.tsx';
import { useOperator } from './data.ts';
import home from './operator.module.css';

/** A shard of files takes as many tenants as the disk. */
const UNBOUNDED = 2 ** 31 - 1;

export function HomePage(): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useOperator('operator-home', OperatorHomeDocument, {});
  return (
    <Page title={t('operator.homeTitle')} lead={t('operator.homeLead')}>
      {data ? <Home data={data} />
        : error ? <ErrorState error={error} onRetry={() => void refetch()} />
          : <Skeleton rows={5} avatars={false} />}
    </Page>
  );
}

function Home({ data }: { data: OperatorHomeQuery }): ReactElement {
  const { t } = useWords();
  const { summary, shards } = data;
  const { expiringSoon, migrationsFailed, mailsFailed } = summary;
  const calm = expiringSoon.length + migrationsFailed.length + mailsFailed === 0;
  return (
    <>
      <div className={styles['cards']}>
        <Figure label={t('operator.tenantsActive')} value={summary.tenantsActive} />
        <Figure label={t('operator.tenantsTrial')} value={summary.tenantsTrial} />
        <Figure label={t('operator.signupsToday')} value={summary.signupsToday} />
        <Figure label={t('operator.mailsFailed')} value={mailsFailed} alarm={mailsFailed > 0} />
      </div>
      <Section title={t('operator.needsYou')}>
        {calm ? <EmptyState title={t('operator.calm')} hint={t('operator.calmHint')} /> : (
          <ul className={home['todo']}>
            {migrationsFailed.map((tenant) => (
              <Todo key={`m${tenant.id}`} tenant={tenant} look="error" label={t('operator.migrationFailed')}>
                {tenant.migrationError}
              </Todo>
            ))}
            {expiringSoon.map((tenant) => (
              <Todo key={`e${tenant.id}`} tenant={tenant} look="warning" label={t('operator.expiring')}>
                <Expiry tenant={tenant} />
              </Todo>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('operator.shards')}>
        <ul className={home['shards']}>
          {shards.map(({ name, tenants, tenantsMax, open, healthy }) => (
            <li key={name}>
              <div className={styles['row']}>
                <strong>{name}</strong>
                <Tag variant="outlined" color={healthy ? 'success' : 'error'}>{t(healthy ? 'operator.healthy' : 'operator.unhealthy')}</Tag>
                {open ? null : <Tag variant="outlined">{t('operator.shardClosed')}</Tag>}
              </div>
              {tenantsMax < UNBOUNDED
                ? <SeatsMeter used={tenants} limit={tenantsMax} label={t('operator.shardTenants')} />
                : <p className={styles['muted']}>{t('operator.shardCount', { count: tenants })}</p>}
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Figure({ label, value, alarm }: { label: string; value: number; alarm?: boolean }): ReactElement {
  const { language } = useWords();
  return (
    <div className={styles['card']} data-alarm={alarm || undefined}>
      <span>{label}</span><strong>{formatNumber(language, value)}</strong>
    </div>
  );
}

interface TodoProps {
  tenant: TenantRowFragment;
  look: 'error' | 'warning';
  label: string;
  children: ReactNode;
}

function Todo({ tenant, look, label, children }: TodoProps): ReactElement {
  return (
    <li>
      <Tag variant="outlined" color={look}>{label}</Tag>
      <Link href={`/operator/tenants/${tenant.id}`}>{tenant.fullName}</Link>
      <span className={styles['muted']}>{children}</span>
    </li>
  );
}

function Expiry({ tenant }: { tenant: TenantRowFragment }): ReactElement | null {
  const { t } = useWords();
  if (!tenant.expiresAt) return null;
  const at = new Date(tenant.expiresAt);
  const days = daysBetween(new Date(), at);
  return <>{formatDate(at)} · {days < 0 ? t('company.expired') : t('company.daysLeft', { days })}</>;
}
