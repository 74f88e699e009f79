/** A row of the timeline by its type. */
import { memo, type ReactElement } from 'react';
import { daysBetween, formatDay } from '../../i18n/format.ts';
import { problemText, useWords } from '../../i18n/react.ts';
import { useChat } from '../context.ts';
import type { Conversation } from '../live/types.ts';
import { useMinute } from '../useMinute.ts';
import { MessageView } from './MessageView.tsx';
import type { Row } from './rows.ts';
import styles from './timeline.module.css';

interface TimelineRowProps {
  row: Row;
  conversation: Conversation | undefined;
  onAuthor: (memberId: string) => void;
}

export const TimelineRow = memo(function TimelineRow(
  { row, conversation, onAuthor }: TimelineRowProps,
): ReactElement {
  const { t } = useWords();
  switch (row.type) {
    case 'day':
      return <DayDivider at={row.at} />;
    case 'unread':
      return <div className={styles['unread']}><span>{t('timeline.unread')}</span></div>;
    case 'created':
      return <div className={styles['created']}>{t('chats.created')}</div>;
    case 'outgoing':
      return <OutgoingRow row={row} onAuthor={onAuthor} />;
    case 'message': {
      const { entry, own } = row;
      const read = (conversation?.peerReadSeq ?? 0) >= row.seq;
      return (
        <MessageView
          authorId={entry.author?.id ?? ''} authorName={entry.author?.name ?? ''} text={entry.text ?? ''}
          at={row.at} head={row.head} own={own} progress={own ? (read ? 'read' : 'sent') : null}
          onAuthor={onAuthor}
        />
      );
    }
  }
});

function DayDivider({ at }: { at: Date }): ReactElement {
  const { t, language } = useWords();
  const now = useMinute();
  const days = daysBetween(at, now);
  const near = days === 0 ? t('time.today') : days === 1 ? t('time.yesterday') : null;
  return (
    <div className={styles['day']}>
      <span>{near ?? formatDay(language, at, now)}</span>
    </div>
  );
}

interface OutgoingRowProps {
  row: Extract<Row, { type: 'outgoing' }>;
  onAuthor: (memberId: string) => void;
}

function OutgoingRow({ row, onAuthor }: OutgoingRowProps): ReactElement {
  const { t } = useWords();
  const { live } = useChat();
  const { identity } = live.store;
  const { conversationId, nonce, text, state, reason } = row.message;
  return (
    <MessageView
      authorId={identity.memberId} authorName={identity.name} text={text} at={row.at} head={row.head} own
      progress={state} reason={reason ? problemText(t, { code: reason }) : undefined} onAuthor={onAuthor}
      onRetry={() => live.queue.retry(conversationId, nonce)}
      onDiscard={() => live.queue.discard(conversationId, nonce)}
    />
  );
}
