/** Files and directories out of what was chosen, dropped or pasted, with their bounds. */

/** The server takes at most this many attachments with a message. */
export const FILES_MAX = 9;
/** The server takes directories of at most this many files and levels. */
const FOLDER_FILES_MAX = 1000;
const FOLDER_DEPTH_MAX = 16;

export interface GatheredFolder {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly file: File }[];
  /** Empty files, which cannot be sent. */
  readonly emptyCount: number;
}

export type FolderTrouble = 'tooMany' | 'tooDeep' | 'empty';

export interface Gathered {
  readonly files: readonly File[];
  readonly folders: readonly GatheredFolder[];
  readonly troubles: readonly { readonly name: string; readonly trouble: FolderTrouble }[];
}

interface Located {
  path: string;
  file: File;
}

/** A directory as the server takes it, or why not. `path` begins below the directory itself. */
function folderOf(name: string, located: readonly Located[]): GatheredFolder | FolderTrouble {
  if (located.length > FOLDER_FILES_MAX) return 'tooMany';
  if (located.some(({ path }) => path.split('/').length > FOLDER_DEPTH_MAX)) return 'tooDeep';
  const files = located.filter(({ file }) => file.size > 0);
  return files.length === 0 ? 'empty' : { name, files, emptyCount: located.length - files.length };
}

/** What a file chooser answered: with `webkitdirectory` every file knows its path. */
export function gatherChosen(list: readonly File[]): Gathered {
  const files: File[] = [];
  const folders = new Map<string, Located[]>();
  for (const file of list) {
    const [name, ...rest] = file.webkitRelativePath.split('/');
    if (!name || rest.length === 0) {
      files.push(file);
      continue;
    }
    folders.set(name, [...(folders.get(name) ?? []), { path: rest.join('/'), file }]);
  }
  return sorted(files, folders);
}

function sorted(files: readonly File[], folders: ReadonlyMap<string, readonly Located[]>): Gathered {
  const made = [...folders].map(([name, located]) => ({ name, folder: folderOf(name, located) }));
  return {
    files,
    folders: made.flatMap(({ folder }) => (typeof folder === 'string' ? [] : [folder])),
    troubles: made.flatMap(({ name, folder }) => (typeof folder === 'string' ? [{ name, trouble: folder }] : [])),
  };
}

/** What was dropped. The transfer is only readable while its event is handled: entries are taken at once. */
export async function gatherDropped(transfer: DataTransfer): Promise<Gathered> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) return gatherChosen([...transfer.files]);
  const files: File[] = [];
  const folders = new Map<string, Located[]>();
  for (const entry of entries) {
    if (entry?.isFile) files.push(await fileOf(entry as FileSystemFileEntry));
    else if (entry) folders.set(entry.name, await filesBelow(entry as FileSystemDirectoryEntry, '', 1));
  }
  return sorted(files, folders);
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function filesBelow(directory: FileSystemDirectoryEntry, prefix: string, depth: number): Promise<Located[]> {
  const reader = directory.createReader();
  const found: Located[] = [];
  for (;;) {
    // A browser answers about a hundred at a time, and nothing at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const entry of entries) {
      const path = prefix + entry.name;
      if (entry.isFile) found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
      else if (depth <= FOLDER_DEPTH_MAX) found.push(...await filesBelow(entry as FileSystemDirectoryEntry, `${path}/`, depth + 1));
      // Far more than may be sent: what is left makes no difference.
      if (found.length > FOLDER_FILES_MAX) return found;
    }
  }
}

/**
 * Files on the clipboard, if that is what was copied. Office programs put a picture beside every text:
 * then the text is meant.
 */
export function gatherPasted(clipboard: DataTransfer): readonly File[] {
  return clipboard.types.includes('text/plain') ? [] : [...clipboard.files];
}

/** A picture out of the clipboard is called image.png: the time says more. */
export function nameScreenshot(file: File, name: (extension: string) => string): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const extension = file.name.slice('image.'.length);
  return new File([file], name(extension), { type: file.type, lastModified: file.lastModified });
}
