/** One tenant on one page: who it is, what it may use, and what an operator can do. */
import { App, Button, Tag } from 'antd';
import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import {
  TenantDocument, TenantMigrateDocument, TenantResumeDocument, TenantVerifyDocument, type TenantFieldsFragment,
} from '../../gql/platform/platform.ts';
import { formatDate, formatDateTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import { platformClient } from '../../session/client.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';
import { Fact, Facts, Page, Section } from '../../ui/desk/Page.tsx';
import { reasonText, useVerb } from '../../ui/desk/requests.ts';
import { SeatsMeter } from '../../ui/desk/SeatsMeter.tsx';
import { knownText } from '../../ui/knownText.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States.tsx';
import { useOperator } from './data.ts';
import { SuspendModal } from './SuspendModal.tsx';
import { TENANT_COLOURS } from './tenantColours.ts';

type Tenant = TenantFieldsFragment;

export const TENANT_REFRESHES = ['tenant', 'tenants', 'operator-home'];

export function TenantPage({ tenantId }: { tenantId: string }): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useOperator('tenant', TenantDocument, { id: tenantId });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={5} avatars={false} />;
  if (!data.tenant) return <EmptyState title={t('error.NOT_FOUND')} />;
  const { tenant } = data;
  return (
    <Page
      title={tenant.fullName} lead={<Link href="/operator/tenants">{t('tenants.back')}</Link>}
      actions={<TenantActions tenant={tenant} />}
    >
      {tenant.migrationError ? <MigrationFailed tenant={tenant} /> : null}
      <Section title={t('company.licence')}>
        {tenant.seatsUsed === null
          ? <Banner>{t('tenants.uncounted', { limit: tenant.seatsLimit })}</Banner>
          : <SeatsMeter used={tenant.seatsUsed} limit={tenant.seatsLimit} />}
        <Facts>
          <Fact label={t('company.expiresOn')}>
            {tenant.expiresAt ? formatDate(new Date(tenant.expiresAt)) : t('company.withoutEnd')}{' '}
            {tenant.trial ? <Tag variant="outlined" color="processing">{t('company.trial')}</Tag> : null}
          </Fact>
          <Fact label={t('tenants.members')}>{tenant.memberCount ?? t('tenants.unknown')}</Fact>
        </Facts>
      </Section>
      <Section title={t('company.registration')}><Registration tenant={tenant} /></Section>
    </Page>
  );
}

function Registration({ tenant }: { tenant: Tenant }): ReactElement {
  const { t, language } = useWords();
  return (
    <Facts>
      <Fact label={t('tenants.status')}>
        <Tag variant="outlined" color={TENANT_COLOURS[tenant.status]}>{t(`tenantStatus.${tenant.status}`)}</Tag>
      </Fact>
      <Fact label={t('company.verification')}>{t(tenant.verified ? 'company.verified' : 'company.unverified')}</Fact>
      <Fact label={t('company.enterpriseNumber')}>{tenant.enterpriseNumber}</Fact>
      <Fact label={t('company.hostName')}>{tenant.hostName}</Fact>
      <Fact label={t('company.shortName')}>{tenant.shortName ?? t('desk.none')}</Fact>
      <Fact label={t('company.industry')}>{knownText(t, 'industry', tenant.industry)}</Fact>
      <Fact label={t('tenants.contactName')}>{tenant.contactName}</Fact>
      <Fact label={t('company.email')}>{tenant.email}</Fact>
      <Fact label={t('tenants.createdAt')}>{formatDateTime(language, new Date(tenant.createdAt))}</Fact>
      <Fact label={t('tenants.shard')}>{tenant.shard}</Fact>
      <Fact label={t('tenants.schemaVersion')}>{tenant.schemaVersion}</Fact>
    </Facts>
  );
}

function TenantActions({ tenant }: { tenant: Tenant }): ReactElement {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const [suspending, setSuspending] = useState(false);
  const resume = useVerb({
    client: platformClient, document: TenantResumeDocument, refreshes: TENANT_REFRESHES,
    payload: ({ tenantResume }) => tenantResume,
  });
  const verify = useVerb({
    client: platformClient, document: TenantVerifyDocument, refreshes: TENANT_REFRESHES,
    payload: ({ tenantVerify }) => tenantVerify,
  });
  const { id, fullName: name, status, verified } = tenant;
  const told = {
    onSuccess: () => void message.success(t('desk.saved')),
    onError: (error: unknown) => void message.error(reasonText(t, error)),
  };
  const askVerify = (): void => void modal.confirm({
    title: t('tenants.askVerify', { name }), content: t('tenants.verifyEffect'), okText: t('tenants.verify'),
    onOk: () => verify.mutate({ input: { id } }, told),
  });
  return (
    <>
      {verified ? null : <Button onClick={askVerify}>{t('tenants.verify')}</Button>}
      {status === 'SUSPENDED' ? (
        <Button type="primary" loading={resume.isPending} onClick={() => resume.mutate({ input: { id } }, told)}>
          {t('tenants.resume')}
        </Button>
      ) : null}
      {status === 'ACTIVE' ? <Button danger onClick={() => setSuspending(true)}>{t('tenants.suspend')}</Button> : null}
      {suspending ? <SuspendModal tenant={tenant} onClose={() => setSuspending(false)} /> : null}
    </>
  );
}

function MigrationFailed({ tenant }: { tenant: Tenant }): ReactElement {
  const { t } = useWords();
  const migrate = useVerb({
    client: platformClient, document: TenantMigrateDocument, refreshes: TENANT_REFRESHES,
    payload: ({ tenantMigrate }) => tenantMigrate,
  });
  return (
    <Banner look="error">
      <div className={styles['stack']}>
        <span>{t('tenants.migrationFailed', { error: tenant.migrationError ?? '' })}</span>
        {migrate.error ? <span>{reasonText(t, migrate.error)}</span> : null}
        <div>
          <Button loading={migrate.isPending} onClick={() => migrate.mutate({ input: { id: tenant.id } })}>
            {t('tenants.migrate')}
          </Button>
        </div>
      </div>
    </Banner>
  );
}
