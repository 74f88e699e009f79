/** Mails of the deployment and their delivery; their text only where the local mailbox is in use. */
import { useQuery } from '@tanstack/react-query';
import { Drawer, Input, Tag, type TableColumnsType } from 'antd';
import type { ReactElement } from 'react';
import {
  DeploymentDocument, PlatformMailDocument, PlatformMailsDocument, type PlatformMailsQuery,
} from '../../gql/platform/platform.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import { platformClient } from '../../session/client.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';
import { MAIL_COLOURS } from '../../ui/desk/mailColours.ts';
import { Page } from '../../ui/desk/Page.tsx';
import { PagedTable } from '../../ui/desk/PagedTable.tsx';
import { usePagedAddress } from '../../ui/desk/paging.ts';
import { knownText } from '../../ui/knownText.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States.tsx';
import { useOperator } from './data.ts';
import { MailText } from './MailText.tsx';

type Mail = PlatformMailsQuery['mails']['edges'][number]['node'];

export function MailboxPage(): ReactElement {
  const { t, language } = useWords();
  const address = usePagedAddress(20);
  const { filter, setFilters, size, after } = address;
  const deployment = useOperator('deployment', DeploymentDocument, {});
  const { data, error, isFetching, refetch } = useOperator('platform-mails', PlatformMailsDocument, {
    search: filter('search'), first: size, after,
  });
  const columns: TableColumnsType<Mail> = [
    {
      title: t('mails.subject'), key: 'subject',
      render: (_, mail) => (
        <button type="button" className={styles['subject']} onClick={() => setFilters({ mail: mail.id })}>
          {mail.subject ?? t('mails.open')}
        </button>
      ),
    },
    { title: t('mails.recipient'), key: 'recipient', dataIndex: 'recipient' },
    { title: t('mails.kind'), key: 'kind', render: (_, { kind }) => knownText(t, 'mailKind', kind) },
    { title: t('mails.tenant'), key: 'tenant', render: (_, { tenant }) => tenant?.fullName ?? '—' },
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
  const open = filter('mail');
  return (
    <Page title={t('operator.mailbox')} lead={t('mailbox.lead')}>
      {deployment.data?.deployment.localMailbox ? <Banner look="warn">{t('mailbox.local')}</Banner> : null}
      <div>
        <div className={styles['toolbar']} style={{ paddingBottom: 16 }}>
          <Input.Search
            defaultValue={filter('search') ?? ''} allowClear maxLength={64} placeholder={t('mailbox.search')}
            aria-label={t('mailbox.search')} onSearch={(value) => setFilters({ search: value.trim() || null })}
          />
        </div>
        <PagedTable
          label={t('operator.mailbox')} columns={columns} data={data?.mails} loading={isFetching} error={error}
          onRetry={() => void refetch()} address={address} empty={<EmptyState title={t('mails.none')} />}
        />
      </div>
      {open ? <MailDrawer mailId={open} onClose={() => setFilters({ mail: null })} /> : null}
    </Page>
  );
}

function MailDrawer({ mailId, onClose }: { mailId: string; onClose: () => void }): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['platform-mail', mailId],
    queryFn: ({ signal }) => platformClient.request(PlatformMailDocument, { id: mailId }, signal),
  });
  const mail = data?.mail;
  return (
    <Drawer open title={mail?.subject ?? t('mails.open')} onClose={onClose} size={560}>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} />
        : !data ? <Skeleton rows={4} avatars={false} />
          : !mail ? <EmptyState title={t('error.NOT_FOUND')} />
            : (
              <div className={styles['stack']}>
                <p className={styles['muted']}>{t('mails.to', { recipient: mail.recipient })}</p>
                {mail.body === null
                  ? <Banner>{t('mailbox.noBody')}</Banner>
                  : <div className={styles['mailBody']}><MailText text={mail.body} /></div>}
              </div>
            )}
    </Drawer>
  );
}
