/** Files of one signed-in member: uploads, addresses, and pictures that were sent from here. */
import { ChosenFile, createAskGrants, createByteTransport, createUploadApi } from '../../files/browser.ts';
import { Grants } from '../../files/grants/grants.ts';
import { UploadMemory, wipeUploads } from '../../files/upload/memory.ts';
import { UPLOAD_LIMITS, type UploadTarget, type UploadView } from '../../files/upload/types.ts';
import { Uploads } from '../../files/upload/uploads.ts';
import { freshNonce, pageTimers } from '../../files/page.ts';
import { avatarUrl } from '../../files/pictureUrl.ts';
import { keptStorage } from '../browser.ts';
import type { LiveSession } from '../live/session.ts';

/** Pictures sent from here are shown out of memory; more are let go, the oldest first. */
const OWN_PICTURES_MAX = 100;

export class ChatFiles {
  readonly uploads: Uploads;
  readonly grants: Grants;
  readonly #tenantId: string;
  /** Object URLs by the file they became. */
  readonly #ownPictures = new Map<string, string>();
  readonly #stops: (() => void)[];

  constructor(live: LiveSession) {
    const { identity } = live.store;
    this.#tenantId = identity.tenantId;
    this.uploads = new Uploads({
      api: createUploadApi(live.client),
      bytes: createByteTransport(identity.tenantId, 'member'),
      timers: pageTimers,
      limits: UPLOAD_LIMITS,
      nonce: freshNonce,
      memory: new UploadMemory(keptStorage(), identity),
      // A tile says what it waits for; a cancellation that was lost expires at the server.
      onError: () => undefined,
    });
    this.grants = new Grants(createAskGrants(live.client), pageTimers);
    const online = (): void => this.uploads.wake();
    addEventListener('online', online);
    this.#stops = [
      () => removeEventListener('online', online),
      live.onUpload((uploadId) => (uploadId === null ? this.uploads.wake() : this.uploads.changed(uploadId))),
    ];
    this.uploads.restore();
  }

  add(file: File, target: UploadTarget): string {
    return this.uploads.add(new ChosenFile(file), target);
  }

  /** It was sent: its picture is shown from memory, without a request. */
  keepPicture({ file, preview }: UploadView): void {
    if (!file || preview === null) return;
    this.#ownPictures.set(file.id, preview);
    if (this.#ownPictures.size <= OWN_PICTURES_MAX) return;
    for (const [fileId, url] of this.#ownPictures) {
      URL.revokeObjectURL(url);
      this.#ownPictures.delete(fileId);
      return;
    }
  }

  ownPicture(fileId: string): string | null {
    return this.#ownPictures.get(fileId) ?? null;
  }

  avatarUrl(avatarId: string | null | undefined): string | null {
    return avatarUrl(this.#tenantId, avatarId);
  }

  /** As a reload does: what the server has stays there. */
  stop(): void {
    this.uploads.stop();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** The session is over: nothing of it stays in the browser. */
  close(): void {
    this.stop();
    const storage = keptStorage();
    if (storage) wipeUploads(storage, this.#tenantId, null);
    for (const url of this.#ownPictures.values()) URL.revokeObjectURL(url);
    this.#ownPictures.clear();
  }
}
