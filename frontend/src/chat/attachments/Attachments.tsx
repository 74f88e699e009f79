/** What goes with a message: pictures together, then videos, then files. */
import type { ReactElement } from 'react';
import type { StoredFile } from '../../files/upload/types.ts';
import styles from './attachments.module.css';
import { gridColumns, pictureBox } from './box.ts';
import { FileCard } from './FileCard.tsx';
import { Picture } from './Picture.tsx';
import { VideoView } from './VideoView.tsx';

interface AttachmentsProps {
  files: readonly StoredFile[];
  /** Still on its way: nothing can be opened yet. */
  pending?: boolean;
  onOpen: (file: StoredFile) => void;
}

function isThere({ state }: StoredFile): boolean {
  return state === 'AVAILABLE';
}

export function Attachments({ files, pending, onOpen }: AttachmentsProps): ReactElement {
  const pictures = files.filter((file) => file.kind === 'IMAGE' && isThere(file));
  const videos = files.filter((file) => file.kind === 'VIDEO' && isThere(file));
  const others = files.filter((file) => !pictures.includes(file) && !videos.includes(file));
  return (
    <div className={styles['attachments']}>
      {pictures.length > 0 ? <Pictures files={pictures} onOpen={pending ? undefined : onOpen} /> : null}
      {videos.map((file) => (pending ? <FileCard key={file.id} file={file} pending /> : <VideoView key={file.id} file={file} />))}
      {others.map((file) => <FileCard key={file.id} file={file} pending={pending ?? false} />)}
    </div>
  );
}

function Pictures({ files, onOpen }: { files: readonly StoredFile[]; onOpen: ((file: StoredFile) => void) | undefined }): ReactElement {
  const [only] = files;
  if (files.length === 1 && only) {
    const { width, height } = pictureBox(only.width, only.height);
    return <Picture file={only} onOpen={onOpen} style={{ width, aspectRatio: `${width} / ${height}` }} />;
  }
  return (
    <div className={styles['grid']} style={{ gridTemplateColumns: `repeat(${gridColumns(files.length)}, minmax(0, 128px))` }}>
      {files.map((file) => <Picture key={file.id} file={file} onOpen={onOpen} style={{ aspectRatio: '1' }} />)}
    </div>
  );
}
