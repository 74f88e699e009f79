/** Mails of the company and how far they got; never their text. */
import { Tag, type TableColumnsType } from 'antd';
import type { ReactElement } from 'react';
import { MailsDocument, type MailsQuery } from '../gql/tenant/console.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/react.ts';
import { Page } from '../ui/desk/Page.tsx';
import { PagedTable } from '../ui/desk/PagedTable.tsx';
import { usePagedAddress } from '../ui/desk/paging.ts';
import { MAIL_COLOURS } from '../ui/desk/mailColours.ts';
import { knownText } from '../ui/knownText.ts';
import { EmptyState } from '../ui/States.tsx';
import { useConsole } from './data.ts';

type Mail = MailsQuery['mails']['edges'][number]['node'];

export function MailsPage(): ReactElement {
  const { t, language } = useWords();
  const address = usePagedAddress(20);
  const { data, error, isFetching, refetch } = useConsole('mails', MailsDocument, {
    first: address.size, after: address.after,
  });
  const columns: TableColumnsType<Mail> = [
    { title: t('mails.recipient'), key: 'recipient', dataIndex: 'recipient' },
    { title: t('mails.kind'), key: 'kind', render: (_, { kind }) => knownText(t, 'mailKind', kind) },
    {
      title: t('mails.state'), key: 'state',
      render: (_, { state, error: reason }) => (
        <><Tag variant="outlined" color={MAIL_COLOURS[state]}>{t(`mailState.${state}`)}</Tag>{reason}</>
      ),
    },
    {
      title: t('mails.createdAt'), key: 'createdAt',
      render: (_, { createdAt }) => formatDateTime(language, new Date(createdAt)),
    },
  ];
  return (
    <Page title={t('console.mails')} lead={t('mails.lead')}>
      <PagedTable
        label={t('console.mails')} columns={columns} data={data?.mails} loading={isFetching} error={error}
        onRetry={() => void refetch()} address={address} empty={<EmptyState title={t('mails.none')} />}
      />
    </Page>
  );
}
