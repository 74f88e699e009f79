/** What lies in the tray of one conversation: single files, and directories as one thing each. */
import type { UploadStep, UploadView } from './types.ts';

export type TrayItem =
  | { readonly type: 'file'; readonly key: string; readonly upload: UploadView }
  | { readonly type: 'folder'; readonly key: string; readonly folder: TrayFolder };

export interface TrayFolder {
  readonly name: string;
  readonly uploads: readonly UploadView[];
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly readyCount: number;
  /** The step that says most about the whole. */
  readonly step: UploadStep;
  readonly stalled: boolean;
  /** The first file that needs somebody. */
  readonly troubled: UploadView | null;
}

/** What is said of a directory when its files differ: the first of these that any of them is in. */
const TELLING: readonly UploadStep[] = [
  'refused', 'failed', 'detached', 'sending', 'waiting', 'paused', 'checking', 'ready',
];

function folderOf(name: string, uploads: readonly UploadView[]): TrayFolder {
  const sum = (of: (view: UploadView) => number): number => uploads.reduce((total, view) => total + of(view), 0);
  const step = TELLING.find((one) => uploads.some((view) => view.step === one)) ?? 'ready';
  const troubled = uploads.find((view) => view.step === 'refused' || view.step === 'failed') ?? null;
  return {
    name, uploads, step, troubled,
    sizeBytes: sum((view) => view.sizeBytes),
    sentBytes: sum((view) => view.sentBytes),
    readyCount: uploads.filter((view) => view.step === 'ready').length,
    stalled: uploads.some((view) => view.stalled),
  };
}

/** In the order in which they were chosen; a directory stands where its first file does. */
export function trayItems(all: readonly UploadView[], conversationId: string): readonly TrayItem[] {
  const items: TrayItem[] = [];
  const folders = new Map<string, UploadView[]>();
  for (const upload of all) {
    const { target, key } = upload;
    if (target.purpose !== 'MESSAGE' || target.conversationId !== conversationId) continue;
    if (!target.folder) {
      items.push({ type: 'file', key, upload });
      continue;
    }
    const known = folders.get(target.folder.id);
    if (known) {
      known.push(upload);
      continue;
    }
    folders.set(target.folder.id, [upload]);
    items.push({ type: 'folder', key: target.folder.id, folder: folderOf(target.folder.name, []) });
  }
  return items.map((item) => (
    item.type === 'folder' ? { ...item, folder: folderOf(item.folder.name, folders.get(item.key) ?? []) } : item
  ));
}

/** Whether a message with this tray may be sent. */
export function isTrayReady(items: readonly TrayItem[]): boolean {
  return items.every((item) => (item.type === 'file' ? item.upload.step : item.folder.step) === 'ready');
}
