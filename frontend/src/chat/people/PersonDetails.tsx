/** The profile card: what colleagues may know, and a way to talk (DIR-51). */
import CloseOutlined from '@ant-design/icons-svg/es/asn/CloseOutlined';
import MessageOutlined from '@ant-design/icons-svg/es/asn/MessageOutlined';
import type { ReactElement, ReactNode } from 'react';
import { failureText, useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Banner } from '../../ui/Banner.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import { useChat, useLive } from '../context.ts';
import styles from './people.module.css';
import { useOpenDirect, usePerson, type Person } from './usePeople.ts';

interface PersonDetailsProps {
  memberId: string;
  onClose: () => void;
  /** Told once the conversation is open. */
  onTalk?: () => void;
}

export function PersonDetails({ memberId, onClose, onTalk }: PersonDetailsProps): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = usePerson(memberId);
  return (
    <div className={styles['card']}>
      <div className={styles['cardClose']}>
        <IconButton icon={CloseOutlined} label={t('action.close')} onClick={onClose} />
      </div>
      {data ? <PersonCard person={data} {...(onTalk ? { onTalk } : {})} />
        : error ? <ErrorState error={error} onRetry={() => void refetch()} />
          : <Skeleton rows={3} />}
    </div>
  );
}

function PersonCard({ person, onTalk }: { person: Person; onTalk?: () => void }): ReactElement {
  const { t } = useWords();
  const { files, live } = useChat();
  const { identity } = live.store;
  const online = useLive((state) => state.presence.get(person.id)) ?? person.online;
  const openDirect = useOpenDirect();
  const names = person.departments.map(({ name }) => name).join(' / ');
  return (
    <>
      <div className={styles['cardTop']}>
        <Avatar id={person.id} name={person.name} picture={files.avatarUrl(person.avatarId)} size="large" />
        <h2>{person.name}</h2>
        {person.nickname ? <p>{person.nickname}</p> : null}
        <p>{t(online ? 'presence.online' : 'presence.offline')}</p>
        {person.signature ? <p className={styles['signature']}>{person.signature}</p> : null}
      </div>
      {person.id === identity.memberId ? null : (
        <Button
          look="primary" block disabled={openDirect.isPending}
          onClick={() => openDirect.mutate(person.id, { onSuccess: () => onTalk?.() })}
        >
          <Icon of={MessageOutlined} size={16} />{t('person.message')}
        </Button>
      )}
      {openDirect.error ? <Banner look="error">{failureText(t, openDirect.error)}</Banner> : null}
      <dl className={styles['facts']}>
        <Fact label={t('person.account')}>{person.account}</Fact>
        <Fact label={t('person.department')}>{names}</Fact>
        <Fact label={t('person.position')}>{person.position}</Fact>
        <Fact label={t('person.mobile')}>
          {person.mobile ? <a href={`tel:${person.mobile}`}>{person.mobile}</a> : null}
        </Fact>
        <Fact label={t('person.email')}>
          {person.email ? <a href={`mailto:${person.email}`}>{person.email}</a> : null}
        </Fact>
      </dl>
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }): ReactElement | null {
  if (!children) return null;
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}
