/** One thing in the tray: what it is, how far it is, what one can do about it. */
import CloseOutlined from '@ant-design/icons-svg/es/asn/CloseOutlined';
import PauseOutlined from '@ant-design/icons-svg/es/asn/PauseOutlined';
import CaretRightOutlined from '@ant-design/icons-svg/es/asn/CaretRightOutlined';
import ReloadOutlined from '@ant-design/icons-svg/es/asn/ReloadOutlined';
import type { ReactElement } from 'react';
import type { TrayItem } from '../../files/upload/tray.ts';
import type { UploadStep, UploadView } from '../../files/upload/types.ts';
import type { Language, Translate } from '../../i18n/index.ts';
import { formatBytes } from '../../i18n/format.ts';
import { problemText, useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import { FileIcon } from '../attachments/FileIcon.tsx';
import { FileName } from '../attachments/FileName.tsx';
import styles from './tray.module.css';

interface Shown {
  name: string;
  kind: string;
  preview: string | null;
  sizeBytes: number;
  sentBytes: number;
  step: UploadStep;
  stalled: boolean;
  troubled: UploadView | null;
  uploads: readonly UploadView[];
}

function shownOf(item: TrayItem): Shown {
  if (item.type === 'folder') return { ...item.folder, kind: 'FOLDER', preview: null };
  const { upload } = item;
  const { name, preview, sizeBytes, sentBytes, step, stalled } = upload;
  return { name, preview, sizeBytes, sentBytes, step, stalled, kind: 'FILE', troubled: upload, uploads: [upload] };
}

function stateText(t: Translate, language: Language, shown: Shown): string {
  const { step, stalled, sizeBytes, sentBytes, troubled, uploads } = shown;
  const size = formatBytes(language, sizeBytes);
  const count = uploads.length > 1 ? `${t('files.count', { count: uploads.length })} · ` : '';
  if (step === 'refused' || step === 'failed') {
    const reason = problemText(t, troubled?.refusal ?? { code: 'INTERNAL' });
    return uploads.length > 1 ? t('files.inFolder', { name: troubled?.name ?? '', reason }) : reason;
  }
  if (step === 'sending' && stalled) return t('files.state.stalled');
  const sent = formatBytes(language, sentBytes);
  if (step === 'sending') return count + t('files.state.sending', { sent, size });
  if (step === 'ready') return count + size;
  return count + t(`files.state.${step}`, { sent, size });
}

interface TrayTileProps {
  item: TrayItem;
  onPause: (key: string) => void;
  onResume: (key: string) => void;
  onCancel: (key: string) => void;
}

export function TrayTile({ item, onPause, onResume, onCancel }: TrayTileProps): ReactElement {
  const { t, language } = useWords();
  const shown = shownOf(item);
  const { name, kind, preview, step, uploads, sizeBytes, sentBytes } = shown;
  const each = (steps: readonly UploadStep[], run: (key: string) => void): void => {
    for (const upload of uploads) if (steps.includes(upload.step)) run(upload.key);
  };
  const moving = step === 'sending' || step === 'waiting';
  const stuck = step === 'paused' || step === 'failed';
  return (
    <li className={styles['tile']} data-step={step}>
      <span className={styles['thumb']}>
        {preview ? <img src={preview} alt="" /> : <FileIcon name={name} kind={kind} size={24} />}
        {moving || step === 'paused' ? <Ring share={sizeBytes > 0 ? sentBytes / sizeBytes : 0} label={t('files.progress', { name })} /> : null}
        {step === 'checking' ? <span className={styles['busy']} /> : null}
      </span>
      <span className={styles['text']}>
        <FileName name={name} />
        <span className={styles['state']} title={stateText(t, language, shown)}>{stateText(t, language, shown)}</span>
      </span>
      <span className={styles['acts']}>
        {moving ? (
          <IconButton icon={PauseOutlined} size={15} label={t('files.pause', { name })} onClick={() => each(['sending', 'waiting'], onPause)} />
        ) : null}
        {stuck ? (
          <IconButton
            icon={step === 'paused' ? CaretRightOutlined : ReloadOutlined} size={15}
            label={t(step === 'paused' ? 'files.resume' : 'files.retry', { name })}
            onClick={() => each(['paused', 'failed'], onResume)}
          />
        ) : null}
        <IconButton icon={CloseOutlined} size={15} label={t('files.remove', { name })} onClick={() => uploads.forEach(({ key }) => onCancel(key))} />
      </span>
    </li>
  );
}

const RADIUS = 15;
const ROUND = 2 * Math.PI * RADIUS;

function Ring({ share, label }: { share: number; label: string }): ReactElement {
  const percent = Math.round(Math.min(share, 1) * 100);
  return (
    <svg
      className={styles['ring']} viewBox="0 0 40 40" role="progressbar" aria-label={label} aria-valuemin={0}
      aria-valuemax={100} aria-valuenow={percent}
    >
      <circle cx="20" cy="20" r={RADIUS} />
      <circle cx="20" cy="20" r={RADIUS} data-done="" strokeDasharray={`${share * ROUND} ${ROUND}`} transform="rotate(-90 20 20)" />
    </svg>
  );
}
