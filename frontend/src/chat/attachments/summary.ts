/** A message in one line: its text, or what goes with it. */
import type { Translate } from '../../i18n/index.ts';
import type { StoredFile } from '../../files/upload/types.ts';

interface Summarised {
  readonly text: string | null;
  readonly attachments: readonly Pick<StoredFile, 'kind' | 'name'>[];
}

function attachmentText(t: Translate, { kind, name }: Pick<StoredFile, 'kind' | 'name'>): string {
  if (kind === 'IMAGE') return t('files.brief.image');
  if (kind === 'VIDEO') return t('files.brief.video');
  return t(kind === 'FOLDER' ? 'files.brief.folder' : 'files.brief.file', { name });
}

export function messageSummary(t: Translate, { text, attachments }: Summarised): string {
  const first = attachments[0];
  const kinds = new Set(attachments.map(({ kind }) => kind));
  const many = attachments.length > 1 ? ` ×${attachments.length}` : '';
  const about = !first ? '' : kinds.size === 1 && first.kind === 'IMAGE' ? t('files.brief.image') + many
    : attachmentText(t, first) + (many && ` ${t('files.brief.more', { count: attachments.length })}`);
  return [about, text ?? ''].filter(Boolean).join(' ');
}
