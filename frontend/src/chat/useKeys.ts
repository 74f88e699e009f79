/** The keys that work everywhere in the chat. */
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { useChat } from './context.ts';
import { sortedConversations } from './conversations/rows.ts';

interface KeysInput {
  conversationId: string | null;
  overlaid: boolean;
  onOverlay: (overlay: 'switcher' | 'keys') => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
}

export function useKeys({ conversationId, overlaid, onOverlay }: KeysInput): void {
  const [, navigate] = useLocation();
  const { store } = useChat().live;
  useEffect(() => {
    const step = (by: number): void => {
      const list = sortedConversations(store.state.conversations);
      const index = list.findIndex(({ id }) => id === conversationId);
      const next = list[index === -1 ? 0 : index + by];
      if (next) navigate(`/c/${next.id}`);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented) return;
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onOverlay('switcher');
      } else if (overlaid) {
        return;
      } else if (event.key === '?' && !isTyping(event.target)) {
        onOverlay('keys');
      } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        event.preventDefault();
        step(event.key === 'ArrowDown' ? 1 : -1);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [conversationId, overlaid, onOverlay, navigate, store]);
}
