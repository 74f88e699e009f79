/** Ctrl K: type a few letters, go to a person, a conversation, a page, a setting or a company. */
import { useDeferredValue, useState, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Palette } from '../../ui/Palette.tsx';
import { useSwitcher } from './useSwitcher.ts';

export function QuickSwitcher({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const { items, failure, go } = useSwitcher(useDeferredValue(typed.trim()), onClose);
  return (
    <Palette
      placeholder={t('switcher.placeholder')} items={items} typed={typed} failure={failure}
      onTyped={setTyped} onChoose={go} onClose={onClose}
    />
  );
}
