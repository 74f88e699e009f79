/** One conversation in the list. */
import { memo, type ReactElement } from 'react';
import { Link } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import styles from '../chat.module.css';
import { useChat } from '../context.ts';
import type { ConversationRow } from './rows.ts';

interface ConversationItemProps {
  row: ConversationRow;
  selected: boolean;
}

export const ConversationItem = memo(function ConversationItem(
  { row, selected }: ConversationItemProps,
): ReactElement {
  const { t } = useWords();
  const { files } = useChat();
  return (
    <Link
      href={`/c/${row.id}`} className={styles['item']} data-walk="" data-unread={row.unread > 0 || undefined}
      aria-current={selected ? 'true' : undefined}
    >
      <Avatar
        id={row.avatarId} name={row.title} picture={files.avatarUrl(row.pictureId)} online={row.online} title={row.online ? t('presence.online') : undefined}
      />
      <span className={styles['itemText']}>
        <span className={styles['itemTop']}>
          <span className={styles['itemTitle']}>{row.title}</span>
          {row.online ? <span className="visually-hidden">{t('presence.online')}</span> : null}
          <span className={styles['itemTime']}>{row.time}</span>
        </span>
        <span className={styles['itemBottom']}>
          <span className={styles['itemPreview']}>
            {row.mark ? <em data-mark={row.mark}>{t(`chats.mark.${row.mark}`)} </em> : null}
            {row.preview}
          </span>
          {row.unread > 0 ? (
            <span className={styles['badge']} aria-label={t('chats.unreadCount', { count: row.unread })}>
              {row.unread > 99 ? '99+' : row.unread}
            </span>
          ) : null}
        </span>
      </span>
    </Link>
  );
});
