/** One picture on its way, awaited: for avatars and company marks, which have no tray. */
import type { Uploads } from '../upload/uploads.ts';
import type { ByteSource, Refusal, StoredFile, UploadPurpose } from '../upload/types.ts';

/** The server takes it not, or could not be reached. */
export class UploadRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.name = 'UploadRefused';
    this.refusal = refusal;
  }
}

export function uploadPicture(uploads: Uploads, source: ByteSource, purpose: UploadPurpose): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const key = uploads.add(source, { purpose, conversationId: null, folder: null });
    const look = (): boolean => {
      const view = uploads.snapshot().find((one) => one.key === key);
      if (view?.step === 'ready' && view.file) {
        uploads.take(key);
        resolve(view.file);
      } else if (!view || view.step === 'refused' || view.step === 'failed') {
        uploads.cancel(key);
        reject(new UploadRefused(view?.refusal ?? { code: 'INTERNAL' }));
      } else {
        return false;
      }
      source.release();
      return true;
    };
    let settled = false;
    const stop = uploads.subscribe(() => {
      if (settled) return;
      settled = true;
      settled = look();
      if (settled) stop();
    });
  });
}
