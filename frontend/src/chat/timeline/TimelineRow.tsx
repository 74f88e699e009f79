/** A row of the timeline by its type. */
import { memo, type ReactElement } from 'react';
import { daysBetween, formatDay } from '../../i18n/format.ts';
import { problemText, useWords } from '../../i18n/react.ts';
import { folderFile } from '../attachments/folderFile.ts';
import { useChat } from '../context.ts';
import { useMemberPicture } from '../files/useMemberPicture.ts';
import type { StoredFile } from '../../files/upload/types.ts';
import type { Conversation } from '../live/types.ts';
import { useMinute } from '../useMinute.ts';
import { MessageView } from './MessageView.tsx';
import type { Row } from './rows.ts';
import styles from './timeline.module.css';

interface TimelineRowProps {
  row: Row;
  conversation: Conversation | undefined;
  onAuthor: (memberId: string) => void;
  onFile: (file: StoredFile) => void;
}

export const TimelineRow = memo(function TimelineRow(
  { row, conversation, onAuthor, onFile }: TimelineRowProps,
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
      return <OutgoingRow row={row} onAuthor={onAuthor} onFile={onFile} />;
    case 'message':
      return <MessageRow row={row} conversation={conversation} onAuthor={onAuthor} onFile={onFile} />;
  }
});

interface MessageRowProps extends Omit<TimelineRowProps, 'row'> {
  row: Extract<Row, { type: 'message' }>;
}

function MessageRow({ row, conversation, onAuthor, onFile }: MessageRowProps): ReactElement {
  const { entry, own } = row;
  const picture = useMemberPicture(entry.author?.id ?? null);
  const read = (conversation?.peerReadSeq ?? 0) >= row.seq;
  return (
    <MessageView
      authorId={entry.author?.id ?? ''} authorName={entry.author?.name ?? ''} picture={picture} text={entry.text ?? ''}
      files={entry.attachments} at={row.at} head={row.head} own={own} progress={own ? (read ? 'read' : 'sent') : null}
      onAuthor={onAuthor} onFile={onFile}
    />
  );
}

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
  onFile: (file: StoredFile) => void;
}

function OutgoingRow({ row, onAuthor, onFile }: OutgoingRowProps): ReactElement {
  const { t } = useWords();
  const { live } = useChat();
  const { identity } = live.store;
  const { conversationId, nonce, text, attachments, folder, state, reason } = row.message;
  const picture = useMemberPicture(identity.memberId);
  const files = folder ? [...attachments, folderFile(nonce, folder)] : attachments;
  return (
    <MessageView
      authorId={identity.memberId} authorName={identity.name} picture={picture} text={text} files={files} at={row.at}
      head={row.head} own onFile={onFile}
      progress={state} reason={reason ? problemText(t, { code: reason }) : undefined} onAuthor={onAuthor}
      onRetry={() => live.queue.retry(conversationId, nonce)}
      onDiscard={() => live.queue.discard(conversationId, nonce)}
    />
  );
}
