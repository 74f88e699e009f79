/** Tells screen readers of messages that arrive in the open conversation. */
import { useState, type ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { messageSummary } from './attachments/summary.ts';
import { useChat, useLive } from './context.ts';

const TEXT_MAX = 200;

export function Announcer({ conversationId }: { conversationId: string | null }): ReactElement {
  const { t } = useWords();
  const { identity } = useChat().live.store;
  const last = useLive((state) => (
    conversationId ? state.conversations.get(conversationId)?.lastEntry : undefined
  ));
  const [said, setSaid] = useState({ conversationId, id: last?.id, text: '' });
  if (said.conversationId !== conversationId || said.id === undefined) {
    // What was there when the conversation was opened is read, not announced.
    if (said.conversationId !== conversationId || said.id !== last?.id) {
      setSaid({ conversationId, id: last?.id, text: '' });
    }
  } else if (last && last.id !== said.id) {
    const speaks = last.kind === 'MESSAGE' && last.author?.id !== identity.memberId;
    const values = { name: last.author?.name ?? '', text: messageSummary(t, last).slice(0, TEXT_MAX) };
    setSaid({ conversationId, id: last.id, text: speaks ? t('announce.message', values) : '' });
  }
  return <div className="visually-hidden" aria-live="polite">{said.text}</div>;
}
