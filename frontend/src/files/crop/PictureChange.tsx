/** The buttons that give somebody, or a company, a picture: choose, cut, save (DIR-56). */
import { lazy, Suspense, useRef, useState, type ChangeEvent, type ReactElement } from 'react';
import type { MessageKey } from '../../i18n/index.ts';
import { problemText, useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { ChosenFile } from '../browser.ts';
import type { UploadPurpose } from '../upload/types.ts';
import type { Uploads } from '../upload/uploads.ts';
import { squareOf, type CropSquare, type CropView, type PictureSize } from './crop.ts';
import styles from './crop.module.css';
import { uploadPicture, UploadRefused } from './uploadPicture.ts';

const CropDialog = lazy(() => import('./CropDialog.tsx').then((module) => ({ default: module.CropDialog })));
const ACCEPTED = 'image/png,image/jpeg,image/gif,image/webp';

export interface PictureChangeProps {
  purpose: UploadPurpose;
  uploads: Uploads;
  hasPicture: boolean;
  labels: { title: MessageKey; change: MessageKey; remove: MessageKey };
  /** Null takes the picture away. Rejects with what `reason` can put into words. */
  save: (picture: { fileId: string; crop: CropSquare } | null) => Promise<void>;
  reason: (error: unknown) => string;
}

export function PictureChange({ purpose, uploads, hasPicture, labels, save, reason }: PictureChangeProps): ReactElement {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await run();
      setChosen(null);
    } catch (error) {
      setFailure(error instanceof UploadRefused ? problemText(t, error.refusal) : reason(error));
    } finally {
      setBusy(false);
    }
  };
  const store = (picture: File, shown: PictureSize, view: CropView): Promise<void> => attempt(async () => {
    const { id, width, height } = await uploadPicture(uploads, new ChosenFile(picture), purpose);
    const kept = width && height ? { width, height } : shown;
    await save({ fileId: id, crop: squareOf(shown, view, kept) });
  });
  const onChosen = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [picture] = target.files ?? [];
    setFailure(null);
    setChosen(picture ?? null);
    target.value = '';
  };
  return (
    <>
      {failure && !chosen ? <Banner look="error">{failure}</Banner> : null}
      <div className={styles['change']}>
        <Button disabled={busy} onClick={() => input.current?.click()}>{t(labels.change)}</Button>
        {hasPicture ? <Button look="quiet" disabled={busy} onClick={() => void attempt(() => save(null))}>{t(labels.remove)}</Button> : null}
      </div>
      <input ref={input} type="file" accept={ACCEPTED} hidden aria-label={t(labels.change)} onChange={onChosen} />
      {chosen ? (
        <Suspense fallback={null}>
          <CropDialog
            title={t(labels.title)} picture={chosen} round={purpose === 'AVATAR'} busy={busy} failure={failure}
            onSave={(shown, view) => void store(chosen, shown, view)} onClose={() => setChosen(null)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
