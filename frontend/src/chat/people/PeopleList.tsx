/** People in a scrolling list; the next page is fetched near its end. */
import TeamOutlined from '@ant-design/icons-svg/es/asn/TeamOutlined';
import { useRef, type ReactElement, type RefObject } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Link, useRoute } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States.tsx';
import chat from '../chat.module.css';
import { useChat, useLive } from '../context.ts';
import styles from './people.module.css';
import { usePeople, type PeopleFilter, type Person } from './usePeople.ts';

const NEAR_END_PX = 600;

interface PeopleListProps {
  filter: PeopleFilter;
  scroller: RefObject<HTMLDivElement | null>;
}

export function PeopleList({ filter, scroller }: PeopleListProps): ReactElement {
  const { t } = useWords();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = usePeople(filter);
  const handle = useRef<VirtualizerHandle>(null);
  const people = data?.pages.flatMap(({ edges }) => edges.map(({ node }) => node)) ?? [];
  const onScroll = (offset: number): void => {
    const list = handle.current;
    if (!list || !hasNextPage || isFetching) return;
    if (list.scrollSize - offset - list.viewportSize < NEAR_END_PX) void fetchNextPage();
  };
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={8} />;
  if (people.length === 0) {
    const searching = filter.search !== null;
    return (
      <EmptyState
        icon={TeamOutlined} title={t(searching ? 'people.notFound' : 'people.empty')}
        hint={t(searching ? 'people.notFoundHint' : 'people.emptyHint')}
      />
    );
  }
  return (
    <Virtualizer
      ref={handle} scrollRef={scroller} data={people} itemSize={60} as="ul" item="li" onScroll={onScroll}
    >
      {(person) => <PersonItem key={person.id} person={person} />}
    </Virtualizer>
  );
}

function PersonItem({ person }: { person: Person }): ReactElement {
  const { t } = useWords();
  const [shown] = useRoute(`/people/p/${person.id}`);
  const online = useLive((state) => state.presence.get(person.id)) ?? person.online;
  const { files } = useChat();
  const about = [person.departments.map(({ name }) => name).join(' / '), person.position];
  return (
    <Link
      href={`/people/p/${person.id}`} className={chat['item']} data-walk="" aria-current={shown ? 'true' : undefined}
    >
      <Avatar
        id={person.id} name={person.name} picture={files.avatarUrl(person.avatarId)} online={online}
        title={online ? t('presence.online') : undefined}
      />
      <span className={chat['itemText']}>
        <span className={chat['itemTop']}>
          <span className={styles['personName']}>{person.name}</span>
          <span className={styles['personAccount']}>{person.account}</span>
          {online ? <span className="visually-hidden">{t('presence.online')}</span> : null}
        </span>
        <span className={chat['itemPreview']}>{about.filter(Boolean).join(' · ')}</span>
      </span>
    </Link>
  );
}
