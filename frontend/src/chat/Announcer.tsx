/** Tells screen readers of messages that arrive in the open conversation. */
import { useEffect, useState, type ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { useChat, useLive } from './context.ts';

const TEXT_MAX = 200;

export function Announcer({ conversationId }: { conversationId: string | null }): ReactElement {
  const { t } = useWords();
  const { identity } = useChat().live.store;
  const last = useLive((state) => (
    conversationId ? state.conversations.get(conversationId)?.lastEntry : undefined
  ));
  const [seen, setSeen] = useState({ conversationId, id: last?.id });
  useEffect(() => setSeen({ conversationId, id: last?.id }), [conversationId, last?.id]);
  const fresh = seen.conversationId === conversationId && seen.id !== undefined;
  const speaks = fresh && last?.kind === 'MESSAGE' && last.author?.id !== identity.memberId;
  const text = speaks
    ? t('announce.message', { name: last.author?.name ?? '', text: (last.text ?? '').slice(0, TEXT_MAX) })
    : '';
  return <div className="visually-hidden" aria-live="polite">{text}</div>;
}
