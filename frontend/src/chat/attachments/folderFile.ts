/** A directory that is being sent, in the shape in which it comes back. */
import type { StoredFile } from '../../files/upload/types.ts';
import type { Outgoing } from '../live/types.ts';

export function folderFile(nonce: string, folder: NonNullable<Outgoing['folder']>): StoredFile {
  return {
    id: nonce, name: folder.name, kind: 'FOLDER', sizeBytes: folder.sizeBytes, contentType: null, width: null, height: null,
    blur: null, durationMs: null, state: 'AVAILABLE', fileCount: folder.files.length,
  };
}
