/**
 * Unread counts without asking the server: what is counted are messages of others behind the read
 * mark. Each rule says when it cannot know; then the conversation is fetched.
 */
import type { Conversation, Entry, Log } from './types.ts';

/** Whether an entry counts for somebody who is not its author. */
function counts(entry: Entry, memberId: string): boolean {
  return entry.kind === 'MESSAGE' && entry.author?.id !== memberId;
}

/** The count after one more entry at the head. */
export function unreadAfterEntry(conversation: Conversation, entry: Entry, memberId: string): number {
  const adds = entry.seq > conversation.readSeq && counts(entry, memberId);
  return conversation.unread + (adds ? 1 : 0);
}

/**
 * The count after the read mark moved forward to `seq`, or null when the log here does not reach
 * far enough to tell.
 */
export function unreadAfterRead(
  conversation: Conversation, log: Log | undefined, seq: number, memberId: string,
): number | null {
  if (seq <= conversation.readSeq) return conversation.unread;
  if (seq >= conversation.headSeq || conversation.unread === 0) return 0;
  const entries = log?.entries ?? [];
  const first = entries[0];
  const last = entries[entries.length - 1];
  if (!first || !last || first.seq > seq + 1 || last.seq < conversation.headSeq) return null;
  let unread = 0;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (!entry || entry.seq <= seq) break;
    if (counts(entry, memberId)) unread += 1;
  }
  return unread;
}
