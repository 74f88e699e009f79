/** What administrators did: who, what, to what, from where, with which outcome. */
import type { TableColumnsType } from 'antd';
import type { ReactElement } from 'react';
import { AuditLogDocument, type AuditLogQuery } from '../gql/tenant/console.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/react.ts';
import { Page } from '../ui/desk/Page.tsx';
import { PagedTable } from '../ui/desk/PagedTable.tsx';
import { usePagedAddress } from '../ui/desk/paging.ts';
import { knownText } from '../ui/knownText.ts';
import { EmptyState } from '../ui/States.tsx';
import { useConsole } from './data.ts';

type AuditEntry = AuditLogQuery['auditLog']['edges'][number]['node'];

export function AuditLogPage(): ReactElement {
  const { t, language } = useWords();
  const address = usePagedAddress(20);
  const { data, error, isFetching, refetch } = useConsole('audit', AuditLogDocument, {
    first: address.size, after: address.after,
  });
  const columns: TableColumnsType<AuditEntry> = [
    { title: t('audit.at'), key: 'at', render: (_, { at }) => formatDateTime(language, new Date(at)) },
    { title: t('audit.actor'), key: 'actor', render: (_, { actor }) => knownText(t, 'auditActor', actor) },
    { title: t('audit.action'), key: 'action', render: (_, { action }) => knownText(t, 'auditAction', action) },
    { title: t('audit.object'), key: 'object', dataIndex: 'object' },
    { title: t('audit.ip'), key: 'ip', dataIndex: 'ip' },
    { title: t('audit.outcome'), key: 'outcome', render: (_, { outcome }) => knownText(t, 'auditOutcome', outcome) },
  ];
  return (
    <Page title={t('console.audit')} lead={t('audit.lead')}>
      <PagedTable
        label={t('console.audit')} columns={columns} data={data?.auditLog} loading={isFetching} error={error}
        onRetry={() => void refetch()} address={address} empty={<EmptyState title={t('audit.none')} hint={t('audit.noneHint')} />}
      />
    </Page>
  );
}
