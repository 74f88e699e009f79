/** The tray of one conversation: what lies in it, adding to it, and what becomes of it when it is sent. */
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { formatDate } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import type { Translate } from '../../i18n/index.ts';
import { isTrayReady, trayItems, type TrayItem } from '../../files/upload/tray.ts';
import { freshNonce } from '../../files/page.ts';
import { useChat } from '../context.ts';
import type { OutgoingFiles } from '../live/types.ts';
import type { ChatFiles } from './chatFiles.ts';
import { FILES_MAX, type Gathered, nameScreenshot } from './gather.ts';

export interface Tray {
  readonly items: readonly TrayItem[];
  /** True as well when it is empty. */
  readonly ready: boolean;
  /** What was left out, in words. */
  readonly notice: string | null;
  add: (gathered: Gathered) => void;
  /** Empties it: the messages that it becomes, the text with the first. */
  take: (text: string) => readonly { text: string; files: OutgoingFiles }[];
}

export function useTray(conversationId: string): Tray {
  const { t } = useWords();
  const { files } = useChat();
  const all = useSyncExternalStore(files.uploads.subscribe, files.uploads.snapshot);
  const items = useMemo(() => trayItems(all, conversationId), [all, conversationId]);
  const [notice, setNotice] = useState<string | null>(null);
  const add = useCallback((gathered: Gathered) => {
    const lying = trayItems(files.uploads.snapshot(), conversationId).filter(({ type }) => type === 'file').length;
    const room = Math.max(FILES_MAX - lying, 0);
    for (const file of gathered.files.slice(0, room)) {
      const named = nameScreenshot(file, (extension) => t('files.pasted', { time: stamp(new Date()), extension }));
      files.add(named, { purpose: 'MESSAGE', conversationId, folder: null });
    }
    for (const { name, files: located } of gathered.folders) {
      const id = freshNonce();
      for (const { path, file } of located) {
        files.add(file, { purpose: 'MESSAGE', conversationId, folder: { id, name, path } });
      }
    }
    setNotice(noticeText(t, gathered, gathered.files.length - room));
  }, [files, conversationId, t]);
  const take = useCallback((text: string) => {
    setNotice(null);
    return takeTray(files, conversationId, text);
  }, [files, conversationId]);
  return { items, ready: isTrayReady(items), notice, add, take };
}

/** 2026-11-22 09.30.15, as it may stand in a name. */
function stamp(at: Date): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${formatDate(at)} ${time.join('.')}`;
}

function noticeText(t: Translate, { folders, troubles }: Gathered, left: number): string | null {
  const lines = troubles.map(({ name, trouble }) => t(`files.folder.${trouble}`, { name }));
  if (left > 0) lines.push(t('files.leftOut', { max: FILES_MAX, count: left }));
  for (const { name, emptyCount } of folders) {
    if (emptyCount > 0) lines.push(t('files.folder.someEmpty', { name, count: emptyCount }));
  }
  return lines.length > 0 ? lines.join(' ') : null;
}

function takeTray(files: ChatFiles, conversationId: string, text: string): { text: string; files: OutgoingFiles }[] {
  const items = trayItems(files.uploads.snapshot(), conversationId);
  const single = items.flatMap((item) => (item.type === 'file' ? [item.upload] : []));
  const messages: { text: string; files: OutgoingFiles }[] = [];
  if (single.length > 0) {
    const attachments = single.flatMap(({ file }) => (file ? [file] : []));
    messages.push({ text: '', files: { attachments, folder: null } });
  }
  for (const item of items) {
    if (item.type !== 'folder') continue;
    const { name, sizeBytes, uploads } = item.folder;
    const located = uploads.flatMap(({ file, target }) => (
      file ? [{ fileId: file.id, path: target.folder?.path ?? file.name }] : []
    ));
    messages.push({ text: '', files: { attachments: [], folder: { name, sizeBytes, files: located } } });
  }
  const all = items.flatMap((item) => (item.type === 'file' ? [item.upload] : item.folder.uploads));
  for (const upload of all) {
    files.keepPicture(upload);
    files.uploads.take(upload.key);
  }
  return messages.map((message, index) => (index === 0 ? { ...message, text } : message));
}
