/** What the conversation list shows of each conversation. */
import type { Language, Translate } from '../../i18n/index.ts';
import { formatShort } from '../../i18n/format.ts';
import { folderFile } from '../attachments/folderFile.ts';
import { messageSummary } from '../attachments/summary.ts';
import type { Conversation, Outgoing } from '../live/types.ts';

export interface ConversationRow {
  id: string;
  title: string;
  avatarId: string;
  /** The file that is the picture, if there is one. */
  pictureId: string | null;
  online: boolean;
  preview: string;
  /** An unsent draft, a failed message: said before the preview. */
  mark: 'draft' | 'failed' | 'sending' | null;
  time: string;
  unread: number;
}

/** Newest activity first; equal times by id, so that nothing flickers. */
export function sortedConversations(conversations: ReadonlyMap<string, Conversation>): Conversation[] {
  return [...conversations.values()].sort((left, right) => {
    if (left.changedAt !== right.changedAt) return left.changedAt < right.changedAt ? 1 : -1;
    return left.id < right.id ? -1 : 1;
  });
}

export function totalUnread(conversations: ReadonlyMap<string, Conversation>): number {
  let total = 0;
  for (const { unread } of conversations.values()) total += unread;
  return total;
}

export interface RowContext {
  t: Translate;
  language: Language;
  now: Date;
  memberId: string;
  presence: ReadonlyMap<string, boolean>;
  outgoing: ReadonlyMap<string, readonly Outgoing[]>;
  drafts: ReadonlyMap<string, string>;
  /** How many files lie unsent in the trays, by conversation. */
  lying: ReadonlyMap<string, number>;
  selectedId: string | null;
}

function previewOf(conversation: Conversation, context: RowContext): string {
  const { lastEntry } = conversation;
  if (!lastEntry) return '';
  if (lastEntry.kind === 'CREATED') return context.t('chats.created');
  const own = lastEntry.author?.id === context.memberId;
  const text = messageSummary(context.t, lastEntry).replaceAll(/\s+/g, ' ');
  return own ? context.t('chats.own', { text }) : text;
}

/** What is written and not sent; files count as well. */
function draftText(id: string, { drafts, lying, t }: RowContext): string | undefined {
  const count = lying.get(id) ?? 0;
  const parts = [count > 0 ? t('files.count', { count }) : '', drafts.get(id) ?? ''];
  return parts.filter(Boolean).join(' ') || undefined;
}

function outgoingSummary(t: Translate, { nonce, text, attachments, folder }: Outgoing): string {
  return messageSummary(t, { text, attachments: folder ? [...attachments, folderFile(nonce, folder)] : attachments });
}

export function conversationRow(conversation: Conversation, context: RowContext): ConversationRow {
  const { id, title, peer, unread } = conversation;
  const queue = context.outgoing.get(id) ?? [];
  const newest = queue[queue.length - 1];
  const draft = id === context.selectedId ? undefined : draftText(id, context);
  const failed = queue.some(({ state }) => state === 'failed');
  const mark = failed ? 'failed' : draft ? 'draft' : newest?.state === 'sending' ? 'sending' : null;
  const preview = draft ?? (newest ? outgoingSummary(context.t, newest) : null) ?? previewOf(conversation, context);
  const yesterday = context.t('time.yesterday');
  return {
    id, title, unread, mark,
    avatarId: peer?.id ?? id,
    pictureId: peer?.avatarId ?? null,
    online: peer ? (context.presence.get(peer.id) ?? peer.online) : false,
    preview: preview.replaceAll(/\s+/g, ' '),
    time: formatShort(context.language, new Date(conversation.changedAt), context.now, yesterday),
  };
}
