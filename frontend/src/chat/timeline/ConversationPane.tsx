/** One open conversation: who it is with, the timeline, the composer, a card on demand. */
import ArrowLeftOutlined from '@ant-design/icons-svg/es/asn/ArrowLeftOutlined';
import IdcardOutlined from '@ant-design/icons-svg/es/asn/IdcardOutlined';
import MessageOutlined from '@ant-design/icons-svg/es/asn/MessageOutlined';
import { lazy, Suspense, useCallback, useEffect, useState, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States.tsx';
import chat from '../chat.module.css';
import { Composer } from '../composer/Composer.tsx';
import { DropOverlay } from '../composer/DropOverlay.tsx';
import { useDrop } from '../files/useDrop.ts';
import { useTray } from '../files/useTray.ts';
import { useChat, useLive } from '../context.ts';
import type { StoredFile } from '../../files/upload/types.ts';
import { useMemberPicture } from '../files/useMemberPicture.ts';
import type { Conversation } from '../live/types.ts';
import { PersonDetails } from '../people/PersonDetails.tsx';
import { useAltKey } from '../useAltKey.ts';
import { Timeline } from './Timeline.tsx';
import { useTimeline } from './useTimeline.ts';

const Viewer = lazy(() => import('../attachments/Viewer.tsx').then((module) => ({ default: module.Viewer })));

export function ConversationPane({ conversationId }: { conversationId: string | null }): ReactElement {
  const { t } = useWords();
  if (conversationId) return <OpenConversation conversationId={conversationId} />;
  return (
    <div className={chat['none']}>
      <EmptyState icon={MessageOutlined} title={t('chats.none')} hint={t('chats.noneHint')} />
    </div>
  );
}

function OpenConversation({ conversationId }: { conversationId: string }): ReactElement {
  const { t } = useWords();
  const model = useTimeline(conversationId);
  const listed = useLive((state) => state.listed);
  const [personId, setPersonId] = useState<string | null>(null);
  const showPerson = useCallback((id: string) => setPersonId(id || null), []);
  const { conversation } = model;
  const tray = useTray(conversationId);
  const drop = useDrop(tray.add);
  const viewer = useViewer(conversationId);
  useDirectoryLook(conversationId);
  const { queue, store } = useChat().live;
  useAltKey('KeyR', useCallback(() => {
    const unsent = store.state.outgoing.get(conversationId) ?? [];
    for (const { nonce, state } of unsent) if (state === 'failed') queue.retry(conversationId, nonce);
  }, [queue, store, conversationId]));
  const peerId = conversation?.peer?.id ?? null;
  useAltKey('KeyI', useCallback(() => setPersonId((shown) => (shown ? null : peerId)), [peerId]));
  const title = conversation?.title ?? '';
  if (!conversation && listed && model.error) return <ErrorState error={model.error} onRetry={model.open} />;
  return (
    <div className={chat['conversation']}>
      <section className={chat['conversationMain']} aria-label={title} {...drop.handlers}>
        <ConversationHead conversation={conversation} onPerson={showPerson} />
        {model.loaded
          ? <Timeline model={model} title={title} onAuthor={showPerson} onFile={viewer.open} />
          : model.error
            ? <div className={chat['grow']}><ErrorState error={model.error} onRetry={model.open} /></div>
            : <div className={chat['grow']}><Skeleton rows={7} /></div>}
        <Composer conversationId={conversationId} label={t('composer.label', { title })} tray={tray} />
        {drop.over ? <DropOverlay title={title} /> : null}
      </section>
      {personId ? (
        <section className={chat['details']} aria-label={t('person.card')}>
          <PersonDetails
            memberId={personId} onClose={() => setPersonId(null)} onTalk={() => setPersonId(null)}
          />
        </section>
      ) : null}
      {viewer.shown ? (
        <Suspense fallback={null}>
          <Viewer files={viewer.shown.files} startId={viewer.shown.startId} onClose={viewer.close} />
        </Suspense>
      ) : null}
    </div>
  );
}

interface ShownPictures {
  files: readonly StoredFile[];
  startId: string;
}

/** The pictures of the conversation, as far as it is loaded, beginning with one of them. */
function useViewer(conversationId: string) {
  const { store } = useChat().live;
  const [shown, setShown] = useState<ShownPictures | null>(null);
  const open = useCallback((file: StoredFile) => {
    const all = (store.log(conversationId)?.entries ?? []).flatMap(({ attachments }) => attachments);
    const pictures = all.filter(({ kind, state }) => kind === 'IMAGE' && state === 'AVAILABLE');
    setShown({ files: pictures.some(({ id }) => id === file.id) ? pictures : [file], startId: file.id });
  }, [store, conversationId]);
  return { shown, open, close: () => setShown(null) };
}

/** Somebody's name or picture may have changed: the conversation that is shown is asked about again. */
function useDirectoryLook(conversationId: string): void {
  const { sync } = useChat().live;
  const version = useLive((state) => state.directoryVersion);
  useEffect(() => {
    if (version !== '') sync.look(conversationId);
  }, [sync, conversationId, version]);
}

interface ConversationHeadProps {
  conversation: Conversation | undefined;
  onPerson: (memberId: string) => void;
}

function ConversationHead({ conversation, onPerson }: ConversationHeadProps): ReactElement {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const peer = conversation?.peer;
  const online = useLive((state) => (peer ? (state.presence.get(peer.id) ?? peer.online) : false));
  const picture = useMemberPicture(peer?.id ?? null);
  // Without a link nobody here knows who is there.
  const linked = useLive((state) => state.link === 'online');
  return (
    <header className={chat['head']}>
      <IconButton
        icon={ArrowLeftOutlined} label={t('action.back')} className={chat['back'] ?? ''}
        onClick={() => navigate('/')}
      />
      {conversation ? (
        <>
          <Avatar id={peer?.id ?? conversation.id} name={conversation.title} picture={picture} size="small" />
          <div className={chat['headText']}>
            <h2>{conversation.title}</h2>
            {peer && linked ? (
              <span className={chat['presence']} data-online={online || undefined}>
                {t(online ? 'presence.online' : 'presence.offline')}
              </span>
            ) : null}
          </div>
          {peer ? (
            <IconButton icon={IdcardOutlined} label={t('person.card')} onClick={() => onPerson(peer.id)} />
          ) : null}
        </>
      ) : null}
    </header>
  );
}
