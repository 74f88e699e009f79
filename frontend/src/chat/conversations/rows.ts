/** What the conversation list shows of each conversation. */
import type { Language, Translate } from '../../i18n/index.ts';
import { formatShort } from '../../i18n/format.ts';
import type { Conversation, Outgoing } from '../live/types.ts';

export interface ConversationRow {
  id: string;
  title: string;
  avatarId: string;
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
  selectedId: string | null;
}

function previewOf(conversation: Conversation, context: RowContext): string {
  const { lastEntry } = conversation;
  if (!lastEntry) return '';
  if (lastEntry.kind === 'CREATED') return context.t('chats.created');
  const own = lastEntry.author?.id === context.memberId;
  const text = (lastEntry.text ?? '').replaceAll(/\s+/g, ' ');
  return own ? context.t('chats.own', { text }) : text;
}

export function conversationRow(conversation: Conversation, context: RowContext): ConversationRow {
  const { id, title, peer, unread } = conversation;
  const queue = context.outgoing.get(id) ?? [];
  const newest = queue[queue.length - 1];
  const draft = id === context.selectedId ? undefined : context.drafts.get(id);
  const failed = queue.some(({ state }) => state === 'failed');
  const mark = failed ? 'failed' : draft ? 'draft' : newest?.state === 'sending' ? 'sending' : null;
  const preview = draft ?? newest?.text ?? previewOf(conversation, context);
  const yesterday = context.t('time.yesterday');
  return {
    id, title, unread, mark,
    avatarId: peer?.id ?? id,
    online: peer ? (context.presence.get(peer.id) ?? peer.online) : false,
    preview: preview.replaceAll(/\s+/g, ' '),
    time: formatShort(context.language, new Date(conversation.changedAt), context.now, yesterday),
  };
}
