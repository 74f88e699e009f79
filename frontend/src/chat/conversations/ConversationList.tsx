/** The list of conversations, newest first. Arrow keys walk through it. */
import MessageOutlined from '@ant-design/icons-svg/es/asn/MessageOutlined';
import SearchOutlined from '@ant-design/icons-svg/es/asn/SearchOutlined';
import { useMemo, useRef, useSyncExternalStore, type ReactElement } from 'react';
import { Virtualizer } from 'virtua';
import { Link } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { EmptyState, Skeleton } from '../../ui/States.tsx';
import { Icon } from '../../ui/Icon.tsx';
import styles from '../chat.module.css';
import { useChat, useLive } from '../context.ts';
import { walkList } from '../listKeys.ts';
import { useMinute } from '../useMinute.ts';
import { ConversationItem } from './ConversationItem.tsx';
import { conversationRow, sortedConversations, type ConversationRow } from './rows.ts';

interface ConversationListProps {
  selectedId: string | null;
  onSwitcher: () => void;
}

function useRows(selectedId: string | null): ConversationRow[] {
  const { t, language } = useWords();
  const { files, live } = useChat();
  const { memberId } = live.store.identity;
  const uploads = useSyncExternalStore(files.uploads.subscribe, files.uploads.lying);
  const conversations = useLive((state) => state.conversations);
  const presence = useLive((state) => state.presence);
  const outgoing = useLive((state) => state.outgoing);
  const drafts = useLive((state) => state.drafts);
  const now = useMinute();
  const sorted = useMemo(() => sortedConversations(conversations), [conversations]);
  return useMemo(() => {
    const context = { t, language, now, memberId, presence, outgoing, drafts, lying: uploads, selectedId };
    return sorted.map((conversation) => conversationRow(conversation, context));
  }, [sorted, t, language, now, memberId, presence, outgoing, drafts, uploads, selectedId]);
}

export function ConversationList({ selectedId, onSwitcher }: ConversationListProps): ReactElement {
  const { t } = useWords();
  const rows = useRows(selectedId);
  const listed = useLive((state) => state.listed);
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <>
      <header className={styles['listHead']}>
        <h2>{t('chats.title')}</h2>
        <button type="button" className={styles['searchButton']} onClick={onSwitcher}>
          <Icon of={SearchOutlined} size={15} />
          <span>{t('chats.search')}</span>
          <kbd>Ctrl K</kbd>
        </button>
      </header>
      <div ref={scroller} className={styles['scroller']} onKeyDown={walkList}>
        {rows.length > 0 ? (
          <Virtualizer scrollRef={scroller} data={rows} itemSize={64} as="ul" item="li">
            {(row) => <ConversationItem key={row.id} row={row} selected={row.id === selectedId} />}
          </Virtualizer>
        ) : listed ? (
          <EmptyState icon={MessageOutlined} title={t('chats.empty')} hint={t('chats.emptyHint')}>
            <Link href="/people">{t('chats.toPeople')}</Link>
          </EmptyState>
        ) : <Skeleton rows={8} />}
      </div>
    </>
  );
}
