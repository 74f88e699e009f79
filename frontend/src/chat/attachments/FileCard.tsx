/** A file or a folder as a card: what it is, how large, and a way to have it. */
import DownloadOutlined from '@ant-design/icons-svg/es/asn/DownloadOutlined';
import type { ReactElement } from 'react';
import type { StoredFile } from '../../files/upload/types.ts';
import { formatBytes } from '../../i18n/format.ts';
import { problemText, useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import styles from './attachments.module.css';
import { FileIcon } from './FileIcon.tsx';
import { FileName } from './FileName.tsx';
import { useDownload } from './useDownload.ts';

/** What is there by the message, but not by the server, may have ended either way. */
const GONE = { AVAILABLE: 'files.unavailable', EXPIRED: 'files.expired', REMOVED: 'files.gone' } as const;

interface FileCardProps {
  file: StoredFile;
  /** Not on the server as a message yet. */
  pending?: boolean;
}

export function FileCard({ file, pending }: FileCardProps): ReactElement {
  const { t, language } = useWords();
  const { busy, failure, start } = useDownload(file);
  const { name, kind, sizeBytes, fileCount, state } = file;
  const there = state === 'AVAILABLE' && failure !== 'NOT_FOUND';
  const about = [
    kind === 'FOLDER' && fileCount !== null ? t('files.count', { count: fileCount }) : '',
    there ? formatBytes(language, sizeBytes) : t(GONE[state]),
  ];
  const label = t(kind === 'FOLDER' ? 'files.downloadZip' : 'files.download', { name });
  return (
    <div className={styles['card']} data-gone={!there || undefined}>
      <FileIcon name={name} kind={kind} size={28} />
      <span className={styles['cardText']}>
        <FileName name={name} />
        <span className={styles['about']}>
          {failure && there ? problemText(t, { code: failure }) : about.filter(Boolean).join(' · ')}
        </span>
      </span>
      {there && !pending ? <IconButton icon={DownloadOutlined} label={label} disabled={busy} onClick={start} /> : null}
    </div>
  );
}
