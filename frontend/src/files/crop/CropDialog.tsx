/** Chooses the square of a picture: dragged, by arrow keys, zoomed by a slider. Loaded when needed. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogFoot } from '../../ui/Dialog.tsx';
import { drawnAt, KEY_SHARE, middleOf, moved, zoomed, ZOOM_MAX, type CropView, type PictureSize } from './crop.ts';
import styles from './crop.module.css';

const FRAME_PX = 280;

export interface CropDialogProps {
  title: string;
  picture: File;
  /** Companies have square marks, people round ones. */
  round: boolean;
  busy: boolean;
  failure: string | null;
  onSave: (shown: PictureSize, view: CropView) => void;
  onClose: () => void;
}

export function CropDialog({ title, picture, round, busy, failure, onSave, onClose }: CropDialogProps): ReactElement {
  const { t } = useWords();
  const url = useObjectUrl(picture);
  const [size, setSize] = useState<PictureSize | null>(null);
  const [view, setView] = useState<CropView>({ zoom: 1, x: 0, y: 0 });
  const [broken, setBroken] = useState(false);
  const loaded = ({ naturalWidth: width, naturalHeight: height }: HTMLImageElement): void => {
    if (width === 0 || height === 0) return setBroken(true);
    setSize({ width, height });
    setView(middleOf({ width, height }));
  };
  const wrong = broken ? t('crop.broken') : failure;
  return (
    <Dialog title={title} {...(busy ? {} : { onClose })}>
      <p className={styles['lead']}>{t('crop.lead')}</p>
      {wrong ? <Banner look="error">{wrong}</Banner> : null}
      <CropFrame url={url} size={size} view={view} round={round} onView={setView} onLoaded={loaded} onBroken={() => setBroken(true)} />
      <label className={styles['zoom']}>
        {t('crop.zoom')}
        <input
          type="range" min={1} max={ZOOM_MAX} step={0.02} value={view.zoom} disabled={!size}
          onChange={({ target }) => { if (size) setView(zoomed(size, view, Number(target.value))); }}
        />
      </label>
      <DialogFoot>
        <Button onClick={onClose} disabled={busy}>{t('action.cancel')}</Button>
        <Button look="primary" disabled={!size || busy} onClick={() => { if (size) onSave(size, view); }}>
          {t(busy ? 'crop.busy' : 'action.save')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

function useObjectUrl(file: File): string {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    shown.current = url;
    return () => {
      // In development effects run twice: what is shown again must not be let go.
      shown.current = null;
      setTimeout(() => {
        if (shown.current !== url) URL.revokeObjectURL(url);
      });
    };
  }, [url]);
  return url;
}

interface CropFrameProps {
  url: string;
  size: PictureSize | null;
  view: CropView;
  round: boolean;
  onView: (view: CropView) => void;
  onLoaded: (image: HTMLImageElement) => void;
  onBroken: () => void;
}

function CropFrame({ url, size, view, round, onView, onLoaded, onBroken }: CropFrameProps): ReactElement {
  const { t } = useWords();
  const [dragging, setDragging] = useState(false);
  const shift = (shareX: number, shareY: number): void => {
    if (!size) return;
    const side = Math.min(size.width, size.height) / view.zoom;
    onView(moved(size, view, shareX * side, shareY * side));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-KEY_SHARE, 0], ArrowRight: [KEY_SHARE, 0], ArrowUp: [0, -KEY_SHARE], ArrowDown: [0, KEY_SHARE],
    };
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    shift(...by);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (dragging) shift(-event.movementX / FRAME_PX, -event.movementY / FRAME_PX);
  };
  const place = size ? drawnAt(size, view, FRAME_PX) : { visibility: 'hidden' as const };
  return (
    <div
      className={styles['frame']} data-round={round || undefined} role="group" aria-label={t('crop.area')} tabIndex={0}
      style={{ width: FRAME_PX, height: FRAME_PX }} onKeyDown={onKeyDown} onPointerMove={onPointerMove}
      onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); setDragging(true); }}
      onPointerUp={() => setDragging(false)} onPointerCancel={() => setDragging(false)}
    >
      <img
        src={url} alt="" draggable={false} style={place} onLoad={({ currentTarget }) => onLoaded(currentTarget)} onError={onBroken}
      />
    </div>
  );
}
