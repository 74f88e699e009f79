/** Where this member is signed in; any of the others can be signed out. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { GraphqlFailure } from '../../gql/client.ts';
import { OwnSessionRevokeDocument, OwnSessionsDocument } from '../../gql/tenant/chat.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { failureText, useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import { useChat } from '../context.ts';
import styles from './settings.module.css';

export function DeviceList(): ReactElement {
  const { t, language } = useWords();
  const { client } = useChat().live;
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['own-sessions'],
    queryFn: async ({ signal }) => (await client.request(OwnSessionsDocument, {}, signal)).sessions,
  });
  const revoke = useMutation({
    mutationFn: async (id: string) => {
      const { sessionRevoke } = await client.request(OwnSessionRevokeDocument, { input: { id } });
      const { problem } = sessionRevoke;
      if (problem) throw new GraphqlFailure(problem.code, problem.message);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['own-sessions'] }),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={2} avatars={false} />;
  return (
    <>
      {revoke.error ? <Banner look="error">{failureText(t, revoke.error)}</Banner> : null}
      <ul className={styles['devices']}>
        {data.edges.map(({ node }) => (
          <li key={node.id}>
            <div>
              <p className={styles['device']}>{node.device}</p>
              <p className={styles['lead']}>
                {t('settings.deviceLine', {
                  ip: node.ip, seen: formatDateTime(language, new Date(node.lastSeenAt)),
                })}
              </p>
            </div>
            {node.current
              ? <span className={styles['current']}>{t('settings.thisDevice')}</span>
              : <Button onClick={() => revoke.mutate(node.id)}>{t('settings.signOutDevice')}</Button>}
          </li>
        ))}
      </ul>
    </>
  );
}
