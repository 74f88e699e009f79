/** Ctrl K: type a few letters, go to a person, a conversation or a place. */
import { useDeferredValue, useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import styles from './switcher.module.css';
import { useSwitcher, type SwitcherItem } from './useSwitcher.ts';

export function QuickSwitcher({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useWords();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const { items, go } = useSwitcher(useDeferredValue(typed.trim()), onClose);
  const current = Math.min(chosen, Math.max(items.length - 1, 0));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setChosen(Math.min(current + 1, items.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(current - 1, 0));
    else if (event.key === 'Enter' && items[current]) go(items[current]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('switcher.title')} onClose={onClose}>
      <input
        data-first="" className={styles['input']} role="combobox" aria-expanded="true" aria-controls={`${id}-list`}
        aria-activedescendant={items[current] ? `${id}-${current}` : undefined} aria-label={t('switcher.title')}
        placeholder={t('switcher.placeholder')} value={typed} onKeyDown={onKeyDown}
        onChange={(event) => { setTyped(event.target.value); setChosen(0); }}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={t('switcher.title')} className={styles['list']}>
        {items.map((item, index) => (
          <SwitcherRow
            key={item.key} id={`${id}-${index}`} item={item} selected={index === current}
            onChoose={() => go(item)} onHover={() => setChosen(index)}
          />
        ))}
      </ul>
      {items.length === 0 ? <p className={styles['none']}>{t('switcher.none')}</p> : null}
    </Dialog>
  );
}

interface SwitcherRowProps {
  id: string;
  item: SwitcherItem;
  selected: boolean;
  onChoose: () => void;
  onHover: () => void;
}

function SwitcherRow({ id, item, selected, onChoose, onHover }: SwitcherRowProps): ReactElement {
  return (
    <li
      id={id} role="option" aria-selected={selected} className={styles['row']}
      ref={(element) => { if (selected) element?.scrollIntoView({ block: 'nearest' }); }}
      onMouseMove={onHover} onClick={onChoose}
    >
      {item.avatarId ? <Avatar id={item.avatarId} name={item.title} size="small" /> : null}
      <span className={styles['title']}>{item.title}</span>
      <span className={styles['about']}>{item.about}</span>
    </li>
  );
}
