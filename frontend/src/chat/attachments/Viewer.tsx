/** A picture large: zoom, move, the next and the one before, download. A dialog of its own, loaded when needed. */
import CloseOutlined from '@ant-design/icons-svg/es/asn/CloseOutlined';
import DownloadOutlined from '@ant-design/icons-svg/es/asn/DownloadOutlined';
import LeftOutlined from '@ant-design/icons-svg/es/asn/LeftOutlined';
import RightOutlined from '@ant-design/icons-svg/es/asn/RightOutlined';
import ZoomInOutlined from '@ant-design/icons-svg/es/asn/ZoomInOutlined';
import ZoomOutOutlined from '@ant-design/icons-svg/es/asn/ZoomOutOutlined';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import { blurUrl } from '../../files/blur.ts';
import type { StoredFile } from '../../files/upload/types.ts';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { problemText, useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import { FileName } from './FileName.tsx';
import { useDownload } from './useDownload.ts';
import { useFileUrl } from './useFileUrl.ts';
import styles from './viewer.module.css';
import { FITTED, movedBy, zoomedTo, type View } from './zoom.ts';

const STEP = 1.4;

interface ViewerProps {
  files: readonly StoredFile[];
  startId: string;
  onClose: () => void;
}

export function Viewer({ files, startId, onClose }: ViewerProps): ReactElement | null {
  const { t } = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const [index, setIndex] = useState(() => Math.max(files.findIndex(({ id }) => id === startId), 0));
  const [view, setView] = useState<View>(FITTED);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.focus();
    return () => dialog?.close();
  }, []);
  const file = files[index];
  if (!file) return null;
  const step = (by: number): void => {
    const next = index + by;
    if (next < 0 || next >= files.length) return;
    setIndex(next);
    setView(FITTED);
  };
  const zoom = (factor: number): void => setView((before) => zoomedTo(before, before.scale * factor));
  const onKeyDown = (event: KeyboardEvent): void => {
    const keys: Record<string, () => void> = {
      ArrowLeft: () => step(-1), ArrowRight: () => step(1), '+': () => zoom(STEP), '=': () => zoom(STEP), '-': () => zoom(1 / STEP),
      '0': () => setView(FITTED),
    };
    const run = keys[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };
  return (
    <dialog
      ref={ref} className={styles['viewer']} aria-label={t('files.viewer', { name: file.name })} tabIndex={-1} onKeyDown={onKeyDown}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
    >
      <ViewerHead file={file} at={index + 1} of={files.length} view={view} onZoom={zoom} onClose={onClose} />
      <Stage key={file.id} file={file} view={view} onView={setView} onClose={onClose} />
      {index > 0 ? <IconButton icon={LeftOutlined} label={t('files.previous')} className={styles['previous'] ?? ''} onClick={() => step(-1)} /> : null}
      {index < files.length - 1 ? <IconButton icon={RightOutlined} label={t('files.next')} className={styles['next'] ?? ''} onClick={() => step(1)} /> : null}
    </dialog>
  );
}

interface ViewerHeadProps {
  file: StoredFile;
  at: number;
  of: number;
  view: View;
  onZoom: (factor: number) => void;
  onClose: () => void;
}

function ViewerHead({ file, at, of, view, onZoom, onClose }: ViewerHeadProps): ReactElement {
  const { t, language } = useWords();
  const { busy, failure, start } = useDownload(file);
  return (
    <header className={styles['head']}>
      <span className={styles['title']}>
        <FileName name={file.name} />
        <span className={styles['about']} aria-live="polite">
          {failure ? problemText(t, { code: failure }) : [
            of > 1 ? `${formatNumber(language, at)} / ${formatNumber(language, of)}` : '', formatBytes(language, file.sizeBytes),
            file.width && file.height ? `${file.width} × ${file.height}` : '',
          ].filter(Boolean).join(' · ')}
        </span>
      </span>
      <IconButton icon={ZoomOutOutlined} label={t('files.zoomOut')} disabled={view.scale <= 1} onClick={() => onZoom(1 / STEP)} />
      <span className={styles['percent']}>{Math.round(view.scale * 100)} %</span>
      <IconButton icon={ZoomInOutlined} label={t('files.zoomIn')} onClick={() => onZoom(STEP)} />
      <IconButton icon={DownloadOutlined} label={t('files.download', { name: file.name })} disabled={busy} onClick={start} />
      <IconButton icon={CloseOutlined} label={t('action.close')} onClick={onClose} />
    </header>
  );
}

interface StageProps {
  file: StoredFile;
  view: View;
  onView: (change: (before: View) => View) => void;
  onClose: () => void;
}

function Stage({ file, view, onView, onClose }: StageProps): ReactElement {
  const { t } = useWords();
  const stage = useRef<HTMLDivElement>(null);
  const small = useFileUrl(file.id, 'THUMBNAIL');
  const large = useFileUrl(file.id, 'ORIGINAL');
  const [loaded, setLoaded] = useState(false);
  const [moving, setMoving] = useState(false);
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    // React's own wheel listener is passive and could not keep the page from moving.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      onView((before) => zoomedTo(before, before.scale * (event.deltaY < 0 ? 1.15 : 1 / 1.15)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [onView]);
  const onPointerMove = (event: PointerEvent): void => {
    if (moving) onView((before) => movedBy(before, event.movementX, event.movementY));
  };
  const shown = large.url && loaded ? large.url : small.url;
  const blur = blurUrl(file.blur);
  const ratio = file.width && file.height ? { aspectRatio: `${file.width} / ${file.height}` } : {};
  return (
    <div
      ref={stage} className={styles['stage']} data-zoomed={view.scale > 1 || undefined}
      onPointerDown={(event) => { if (view.scale > 1) { event.currentTarget.setPointerCapture(event.pointerId); setMoving(true); } }}
      onPointerMove={onPointerMove} onPointerUp={() => setMoving(false)} onPointerCancel={() => setMoving(false)}
      onClick={(event) => { if (event.target === event.currentTarget && view.scale === 1) onClose(); }}
      onDoubleClick={() => onView((before) => (before.scale > 1 ? FITTED : zoomedTo(before, 2)))}
    >
      {large.failure === 'NOT_FOUND' ? <p className={styles['gone']}>{t('files.unavailable')}</p> : (
        <img
          className={styles['large']} src={shown ?? blur ?? undefined} alt={file.name} draggable={false} data-still={moving || undefined}
          width={file.width ?? undefined} height={file.height ?? undefined}
          style={{ ...ratio, transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
        />
      )}
      {large.url && !loaded ? <img className={styles['loader']} src={large.url} alt="" onLoad={() => setLoaded(true)} onError={large.renew} /> : null}
    </div>
  );
}
