/** Every key of the chat. */
import type { ReactElement } from 'react';
import type { MessageKey } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { Dialog } from '../ui/Dialog.tsx';
import styles from './chat.module.css';
import { useSendKey } from './composer/sendKey.ts';

export function KeysDialog({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useWords();
  const sendKey = useSendKey();
  const keys: [string, MessageKey][] = [
    ['Ctrl K', 'keys.switcher'],
    ['?', 'keys.help'],
    ['Alt ↑ / Alt ↓', 'keys.nextConversation'],
    ['↑ / ↓', 'keys.inLists'],
    [sendKey === 'enter' ? 'Enter' : 'Ctrl Enter', 'keys.send'],
    [sendKey === 'enter' ? 'Shift Enter' : 'Enter', 'keys.newLine'],
    ['Esc', 'keys.escape'],
  ];
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className={styles['keys']}>
        {keys.map(([key, meaning]) => (
          <div key={meaning}><dt><kbd>{key}</kbd></dt><dd>{t(meaning)}</dd></div>
        ))}
      </dl>
    </Dialog>
  );
}
