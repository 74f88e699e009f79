/** What will go with the next message, above the input. */
import type { ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { useChat } from '../context.ts';
import type { Tray } from '../files/useTray.ts';
import { TrayTile } from './TrayTile.tsx';
import styles from './tray.module.css';

export function AttachTray({ tray }: { tray: Tray }): ReactElement | null {
  const { t } = useWords();
  const { uploads } = useChat().files;
  const { items, notice, ready } = tray;
  const steps = items.map((item) => (item.type === 'file' ? item.upload.step : item.folder.step));
  const troubled = steps.filter((step) => step === 'refused' || step === 'failed' || step === 'detached').length;
  const said = items.length === 0 ? '' : troubled > 0 ? t('files.said.troubled', { count: troubled })
    : ready ? t('files.said.ready') : t('files.said.waiting', { count: steps.filter((step) => step !== 'ready').length });
  return (
    <>
      <div className="visually-hidden" aria-live="polite">{said}</div>
      {notice ? <p className={styles['notice']} role="status">{notice}</p> : null}
      {items.length > 0 ? (
        <ul className={styles['tray']} aria-label={t('files.tray')} tabIndex={0}>
          {items.map((item) => (
            <TrayTile
              key={item.key} item={item} onPause={(key) => uploads.pause(key)} onResume={(key) => uploads.resume(key)}
              onCancel={(key) => uploads.cancel(key)}
            />
          ))}
        </ul>
      ) : null}
    </>
  );
}
