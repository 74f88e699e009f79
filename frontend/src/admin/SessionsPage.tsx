/** Who is signed in where; any session can be revoked, which ends its sockets at once. */
import { App, Button, Tag, type TableColumnsType } from 'antd';
import type { ReactElement } from 'react';
import { SessionRevokeDocument, SessionsDocument, type SessionsQuery } from '../gql/tenant/console.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/react.ts';
import styles from '../ui/desk/desk.module.css';
import { Page } from '../ui/desk/Page.tsx';
import { PagedTable } from '../ui/desk/PagedTable.tsx';
import { usePagedAddress } from '../ui/desk/paging.ts';
import { reasonText, useVerb } from '../ui/desk/requests.ts';
import { EmptyState } from '../ui/States.tsx';
import { consoleClient, useConsole } from './data.ts';

type Session = SessionsQuery['sessions']['edges'][number]['node'];

export function SessionsPage(): ReactElement {
  const { t, language } = useWords();
  const address = usePagedAddress(20);
  const { data, error, isFetching, refetch } = useConsole('sessions', SessionsDocument, {
    memberId: address.filter('member'), first: address.size, after: address.after,
  });
  const when = (at: string): string => formatDateTime(language, new Date(at));
  const columns: TableColumnsType<Session> = [
    { title: t('sessions.who'), key: 'who', render: (_, session) => <Who session={session} /> },
    { title: t('sessions.surface'), key: 'surface', render: (_, { surface }) => t(`surface.${surface}`) },
    { title: t('sessions.device'), key: 'device', render: (_, { device, ip }) => <div><p>{device}</p><p className={styles['muted']}>{ip}</p></div> },
    { title: t('sessions.createdAt'), key: 'createdAt', render: (_, { createdAt }) => when(createdAt) },
    { title: t('sessions.lastSeenAt'), key: 'lastSeenAt', render: (_, { lastSeenAt }) => when(lastSeenAt) },
    { title: t('members.actions'), key: 'actions', width: 120, render: (_, session) => <Revoke session={session} /> },
  ];
  return (
    <Page title={t('console.sessions')} lead={t('sessions.lead')}>
      <PagedTable
        label={t('console.sessions')} columns={columns} data={data?.sessions} loading={isFetching} error={error}
        onRetry={() => void refetch()} address={address} empty={<EmptyState title={t('sessions.none')} />}
      />
    </Page>
  );
}

function Who({ session }: { session: Session }): ReactElement {
  const { t } = useWords();
  return (
    <div>
      <p>{session.member?.name ?? t('console.founder')}</p>
      <p className={styles['muted']}>{session.member?.account}</p>
    </div>
  );
}

function Revoke({ session }: { session: Session }): ReactElement {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const revoke = useVerb({
    client: consoleClient, document: SessionRevokeDocument, refreshes: ['sessions'],
    payload: ({ sessionRevoke }) => sessionRevoke,
  });
  if (session.current) return <Tag variant="outlined" color="success">{t('sessions.current')}</Tag>;
  const ask = (): void => void modal.confirm({
    title: t('sessions.ask', { name: session.member?.name ?? t('console.founder') }),
    content: t('sessions.effect', { device: session.device }),
    okText: t('sessions.revoke'), okButtonProps: { danger: true },
    onOk: () => revoke.mutateAsync({ input: { id: session.id } }).then(
      () => void message.success(t('sessions.revoked')),
      (error: unknown) => void message.error(reasonText(t, error)),
    ),
  });
  return <Button size="small" onClick={ask}>{t('sessions.revoke')}</Button>;
}
