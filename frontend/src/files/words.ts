/** How files are named: names that stay short and keep their extension, kinds, durations. */

/** Everything before the last characters and the extension, and those: the first part may be cut. */
export function splitName(name: string): { head: string; tail: string } {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  const stem = [...name.slice(0, name.length - extension.length)];
  const kept = Math.min(4, Math.floor(stem.length / 3));
  return { head: stem.slice(0, stem.length - kept).join(''), tail: stem.slice(stem.length - kept).join('') + extension };
}

export type FileLook =
  | 'image' | 'video' | 'audio' | 'pdf' | 'word' | 'sheet' | 'slides' | 'archive' | 'text' | 'folder' | 'file';

const LOOKS: readonly (readonly [FileLook, RegExp])[] = [
  ['image', /\.(?:png|jpe?g|gif|webp|avif|bmp|heic|svg|tiff?)$/i],
  ['video', /\.(?:mp4|webm|mov|mkv|avi|m4v|wmv)$/i],
  ['audio', /\.(?:mp3|ogg|oga|wav|m4a|flac|aac|amr)$/i],
  ['pdf', /\.pdf$/i],
  ['word', /\.(?:docx?|odt|rtf|wps|pages)$/i],
  ['sheet', /\.(?:xlsx?|ods|csv|et|numbers)$/i],
  ['slides', /\.(?:pptx?|odp|dps|key)$/i],
  ['archive', /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz|zst)$/i],
  ['text', /\.(?:txt|md|log|json|xml|ya?ml|html?|css|[cm]?[jt]sx?|rs|py|java|go|c|h|cpp|sh|sql|ini|toml)$/i],
];

/** Which icon stands for a file, by its name: what it is was found out by the server. */
export function lookOf(name: string, kind: string): FileLook {
  if (kind === 'FOLDER') return 'folder';
  const known = LOOKS.find(([, pattern]) => pattern.test(name))?.[0];
  return known ?? (kind === 'IMAGE' ? 'image' : kind === 'VIDEO' ? 'video' : kind === 'AUDIO' ? 'audio' : 'file');
}

/** 1:05 or 1:02:03 */
export function formatDuration(duration_ms: number): string {
  const seconds = Math.round(duration_ms / 1000);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const rest = `${Math.floor(seconds / 60) % 60}:${pad(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}` : rest;
}
