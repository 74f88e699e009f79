/** Every key that works here, and what it does. */
import type { ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import styles from './controls.module.css';
import { Dialog } from './Dialog.tsx';

export interface KeyHint {
  keys: string;
  meaning: string;
}

export interface KeysDialogProps {
  hints: readonly KeyHint[];
  onClose: () => void;
}

export function KeysDialog({ hints, onClose }: KeysDialogProps): ReactElement {
  const { t } = useWords();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className={styles['keys']}>
        {hints.map(({ keys, meaning }) => (
          <div key={meaning}><dt><kbd>{keys}</kbd></dt><dd>{meaning}</dd></div>
        ))}
      </dl>
    </Dialog>
  );
}
