/**
 * The logic of an open conversation: its log is opened, older pages are fetched near the top, the
 * read mark follows what is visible, and the unread divider stays where it was until one leaves.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useChat, useLive } from '../context.ts';
import type { Conversation, Outgoing } from '../live/types.ts';
import { RowBuilder, type Row } from './rows.ts';

const NO_OUTGOING: readonly Outgoing[] = [];

export interface TimelineModel {
  conversation: Conversation | undefined;
  rows: readonly Row[];
  /** False until the end of the log is there. */
  loaded: boolean;
  reachedStart: boolean;
  loadingOlder: boolean;
  error: unknown;
  unreadAfterSeq: number | null;
  loadOlder: () => void;
  open: () => void;
  /** What is visible up to this sequence has been read, if somebody is looking. */
  seen: (seq: number) => void;
}

function somebodyLooks(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** Where the read mark stood when the conversation was opened, if anything was unread. */
function useDivider(conversation: Conversation | undefined): number | null {
  const [divider, setDivider] = useState<{ seq: number | null } | null>(null);
  if (conversation && divider === null) {
    setDivider({ seq: conversation.unread > 0 ? conversation.readSeq : null });
  }
  return divider?.seq ?? null;
}

function useOpenLog(conversationId: string): { error: unknown; open: () => void } {
  const { sync } = useChat().live;
  const [error, setError] = useState<unknown>(null);
  const open = useCallback(() => {
    setError(null);
    sync.open(conversationId).catch(setError);
  }, [sync, conversationId]);
  useEffect(() => {
    let left = false;
    sync.open(conversationId).catch((reason: unknown) => {
      if (!left) setError(reason);
    });
    return () => {
      left = true;
      sync.leave(conversationId);
    };
  }, [sync, conversationId]);
  return { error, open };
}

export function useTimeline(conversationId: string): TimelineModel {
  const { live } = useChat();
  const { identity } = live.store;
  const conversation = useLive((state) => state.conversations.get(conversationId));
  const log = useLive((state) => state.logs.get(conversationId));
  const outgoing = useLive((state) => state.outgoing.get(conversationId)) ?? NO_OUTGOING;
  const unreadAfterSeq = useDivider(conversation);
  const { error, open } = useOpenLog(conversationId);
  const [loadingOlder, setLoadingOlder] = useState(false);
  const [builder] = useState(() => new RowBuilder());
  const entries = log?.entries;
  const rows = useMemo(
    () => builder.build({
      entries: entries ?? [],
      outgoing,
      memberId: identity.memberId,
      memberName: identity.name,
      unreadAfterSeq,
    }),
    [builder, entries, outgoing, identity, unreadAfterSeq],
  );
  const loadOlder = useCallback(() => {
    setLoadingOlder(true);
    live.sync.loadOlder(conversationId)
      .catch(() => undefined)
      .finally(() => setLoadingOlder(false));
  }, [live, conversationId]);
  const seen = useCallback((seq: number) => {
    if (somebodyLooks()) live.marks.move(conversationId, seq);
  }, [live, conversationId]);
  return {
    conversation, rows, error, open, loadOlder, seen, loadingOlder, unreadAfterSeq,
    loaded: log !== undefined,
    reachedStart: log?.reachedStart ?? false,
  };
}
