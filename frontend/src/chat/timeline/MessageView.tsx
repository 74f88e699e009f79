/** One message: head, text, and for own ones how far it got. */
import CheckCircleFilled from '@ant-design/icons-svg/es/asn/CheckCircleFilled';
import CheckOutlined from '@ant-design/icons-svg/es/asn/CheckOutlined';
import ClockCircleOutlined from '@ant-design/icons-svg/es/asn/ClockCircleOutlined';
import ExclamationCircleFilled from '@ant-design/icons-svg/es/asn/ExclamationCircleFilled';
import { memo, type ReactElement } from 'react';
import { formatDateTime, formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Attachments } from '../attachments/Attachments.tsx';
import type { StoredFile } from '../../files/upload/types.ts';
import styles from './timeline.module.css';
import { splitLinks } from '../../ui/links.ts';

/** `sending` waits here, `sent` is durable, `read` was seen by the other person. */
export type Progress = 'sending' | 'sent' | 'read' | 'failed';

const ICONS = {
  sending: ClockCircleOutlined,
  sent: CheckOutlined,
  read: CheckCircleFilled,
  failed: ExclamationCircleFilled,
};

export interface MessageViewProps {
  authorId: string;
  authorName: string;
  /** The address of the author's picture. */
  picture: string | null;
  text: string;
  files: readonly StoredFile[];
  at: Date;
  head: boolean;
  own: boolean;
  /** Null: of somebody else. */
  progress: Progress | null;
  /** Why it failed, in words. */
  reason?: string | undefined;
  onRetry?: () => void;
  onDiscard?: () => void;
  onAuthor: (memberId: string) => void;
  onFile: (file: StoredFile) => void;
}

export const MessageView = memo(function MessageView(props: MessageViewProps): ReactElement {
  const { language } = useWords();
  const { authorId, authorName, picture, at, head, own, text, files, progress, onAuthor, onFile } = props;
  const pending = progress === 'sending' || progress === 'failed';
  const time = formatTime(language, at);
  return (
    <div className={styles['message']} data-head={head || undefined} data-own={own || undefined}>
      <div className={styles['gutter']}>
        {head
          ? <Avatar id={authorId} name={authorName} picture={picture} />
          : <time className={styles['quietTime']} dateTime={at.toISOString()}>{time}</time>}
      </div>
      <div className={styles['content']}>
        {head ? (
          <div className={styles['head']}>
            <button type="button" className={styles['author']} onClick={() => onAuthor(authorId)}>
              {authorName}
            </button>
            <time dateTime={at.toISOString()} title={formatDateTime(language, at)}>{time}</time>
          </div>
        ) : null}
        <div className={styles['line']}>
          <div className={styles['body']}>
            {files.length > 0 ? <Attachments files={files} pending={pending} onOpen={onFile} /> : null}
            {text === '' ? null : <p className={styles['bubble']}><MessageText text={text} /></p>}
          </div>
          {progress ? <ProgressMark progress={progress} /> : null}
        </div>
        {progress === 'failed' ? <Failed {...props} /> : null}
      </div>
    </div>
  );
});

function MessageText({ text }: { text: string }): ReactElement {
  return (
    <>
      {splitLinks(text).map(({ text: part, href }, index) => (
        href ? (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">{part}</a>
        ) : part
      ))}
    </>
  );
}

function ProgressMark({ progress }: { progress: Progress }): ReactElement {
  const { t } = useWords();
  const label = t(`message.${progress}`);
  return (
    <span className={styles['progress']} data-progress={progress} title={label} role="img" aria-label={label}>
      <Icon of={ICONS[progress]} size={13} />
    </span>
  );
}

function Failed({ reason, onRetry, onDiscard }: MessageViewProps): ReactElement {
  const { t } = useWords();
  return (
    <div className={styles['failed']}>
      <span>{t('message.failedBecause', { reason: reason ?? '' })}</span>
      <button type="button" onClick={onRetry}>{t('action.retry')}</button>
      <button type="button" onClick={onDiscard}>{t('message.discard')}</button>
    </div>
  );
}
