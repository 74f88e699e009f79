/** All tenants of the deployment: searched, filtered by state, newest first. */
import { Input, Select, Tag, type TableColumnsType } from 'antd';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { TenantsDocument, type TenantRowFragment, type TenantStatus } from '../../gql/platform/platform.ts';
import { formatDate } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import styles from '../../ui/desk/desk.module.css';
import { Page } from '../../ui/desk/Page.tsx';
import { PagedTable } from '../../ui/desk/PagedTable.tsx';
import { usePagedAddress, type PagedAddress } from '../../ui/desk/paging.ts';
import { EmptyState } from '../../ui/States.tsx';
import { useOperator } from './data.ts';
import { TENANT_COLOURS } from './tenantColours.ts';

const STATUSES: readonly TenantStatus[] = ['ACTIVE', 'SUSPENDED', 'PROVISIONING', 'CLOSING', 'ERASED'];

export function TenantsPage(): ReactElement {
  const { t } = useWords();
  const address = usePagedAddress(20);
  const { filter, size, after } = address;
  const status = STATUSES.find((one) => one === filter('status')) ?? null;
  const { data, error, isFetching, refetch } = useOperator('tenants', TenantsDocument, {
    search: filter('search'), status, first: size, after,
  });
  const columns: TableColumnsType<TenantRowFragment> = [
    { title: t('tenants.name'), key: 'name', render: (_, tenant) => <Name tenant={tenant} /> },
    { title: t('company.enterpriseNumber'), key: 'number', dataIndex: 'enterpriseNumber' },
    { title: t('tenants.status'), key: 'status', render: (_, tenant) => <Status tenant={tenant} /> },
    { title: t('seats.label'), key: 'seats', render: (_, { seatsUsed, seatsLimit }) => `${seatsUsed ?? '–'}/${seatsLimit}` },
    {
      title: t('company.expiresOn'), key: 'expires',
      render: (_, { expiresAt }) => (expiresAt ? formatDate(new Date(expiresAt)) : t('company.withoutEnd')),
    },
    { title: t('tenants.createdAt'), key: 'created', render: (_, { createdAt }) => formatDate(new Date(createdAt)) },
  ];
  return (
    <Page title={t('operator.tenants')} lead={t('tenants.lead')}>
      <div>
        <Filters address={address} status={status} />
        <PagedTable
          label={t('operator.tenants')} columns={columns} data={data?.tenants} loading={isFetching} error={error}
          onRetry={() => void refetch()} address={address}
          empty={<EmptyState title={t('tenants.none')} hint={t('tenants.noneHint')} />}
        />
      </div>
    </Page>
  );
}

function Filters({ address, status }: { address: PagedAddress; status: TenantStatus | null }): ReactElement {
  const { t } = useWords();
  const { filter, setFilters } = address;
  return (
    <div className={styles['toolbar']} style={{ paddingBottom: 16 }}>
      <Input.Search
        key={filter('search') ?? ''} defaultValue={filter('search') ?? ''} allowClear maxLength={64}
        placeholder={t('tenants.search')} aria-label={t('tenants.search')}
        onSearch={(value) => setFilters({ search: value.trim() || null })}
      />
      <Select<TenantStatus>
        allowClear value={status ?? undefined} placeholder={t('tenants.anyStatus')} style={{ width: 160 }}
        aria-label={t('tenants.status')} onChange={(next) => setFilters({ status: next ?? null })}
        options={STATUSES.map((value) => ({ value, label: t(`tenantStatus.${value}`) }))}
      />
    </div>
  );
}

function Name({ tenant }: { tenant: TenantRowFragment }): ReactElement {
  return (
    <div>
      <Link href={`/operator/tenants/${tenant.id}`}>{tenant.fullName}</Link>
      <p className={styles['muted']}>{tenant.hostName}</p>
    </div>
  );
}

function Status({ tenant }: { tenant: TenantRowFragment }): ReactElement {
  const { t } = useWords();
  const { status, trial, verified, migrationError } = tenant;
  return (
    <div className={styles['row']}>
      <Tag variant="outlined" color={TENANT_COLOURS[status]}>{t(`tenantStatus.${status}`)}</Tag>
      {trial ? <Tag variant="outlined" color="processing">{t('company.trial')}</Tag> : null}
      {verified ? <Tag variant="outlined" color="success">{t('company.verified')}</Tag> : null}
      {migrationError ? <Tag variant="outlined" color="error">{t('operator.migrationFailed')}</Tag> : null}
    </div>
  );
}
