/** A picture in its place: the place is there at once, then a blur, then the picture. */
import { useState, type CSSProperties, type ReactElement } from 'react';
import { blurUrl } from '../../files/blur.ts';
import type { StoredFile } from '../../files/upload/types.ts';
import { useWords } from '../../i18n/react.ts';
import styles from './attachments.module.css';
import { useFileUrl } from './useFileUrl.ts';

interface PictureProps {
  file: StoredFile;
  style?: CSSProperties;
  onOpen?: ((file: StoredFile) => void) | undefined;
}

export function Picture({ file, style, onOpen }: PictureProps): ReactElement {
  const { t } = useWords();
  const { url, failure, renew } = useFileUrl(file.id, 'THUMBNAIL');
  const [shown, setShown] = useState<string | null>(null);
  const blur = blurUrl(file.blur);
  const gone = failure === 'NOT_FOUND';
  const label = gone ? `${file.name} ${t('files.unavailable')}` : t('files.openPicture', { name: file.name });
  return (
    <button
      type="button" className={styles['picture']} aria-label={label} title={file.name} disabled={gone || !onOpen}
      style={{ ...style, ...(blur ? { backgroundImage: `url(${blur})` } : {}) }} onClick={() => onOpen?.(file)}
    >
      {url ? (
        <img
          src={url} alt="" data-shown={shown === url || undefined} decoding="async" draggable={false}
          onLoad={() => setShown(url)} onError={renew}
        />
      ) : null}
      {gone ? <span className={styles['pictureGone']}>{t('files.unavailable')}</span> : null}
    </button>
  );
}
