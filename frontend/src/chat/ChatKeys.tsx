/** Every key of the chat. */
import type { ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { KeysDialog } from '../ui/KeysDialog.tsx';
import { useSendKey } from './composer/sendKey.ts';

export function ChatKeys({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useWords();
  const sendKey = useSendKey();
  const hints = [
    { keys: 'Ctrl K', meaning: t('keys.switcher') },
    { keys: '?', meaning: t('keys.help') },
    { keys: 'Alt ↑ / Alt ↓', meaning: t('keys.nextConversation') },
    { keys: '↑ / ↓', meaning: t('keys.inLists') },
    { keys: sendKey === 'enter' ? 'Enter' : 'Ctrl Enter', meaning: t('keys.send') },
    { keys: sendKey === 'enter' ? 'Shift Enter' : 'Enter', meaning: t('keys.newLine') },
    { keys: 'Alt R', meaning: t('keys.retry') },
    { keys: 'Alt I', meaning: t('keys.person') },
    { keys: 'Alt J', meaning: t('keys.emoji') },
    { keys: 'Alt U', meaning: t('keys.attach') },
    { keys: '+ / − / ← / →', meaning: t('keys.viewer') },
    { keys: 'Esc', meaning: t('keys.escape') },
  ];
  return <KeysDialog hints={hints} onClose={onClose} />;
}
