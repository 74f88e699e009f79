/** What `Ctrl K` opens: type a few letters, choose with the arrow keys, go. It stays where it opened. */
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import { useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { Avatar } from './Avatar.tsx';
import { Banner } from './Banner.tsx';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import styles from './palette.module.css';

export interface PaletteItem {
  key: string;
  title: string;
  about: string;
  /** Whose mark stands before it: a person's, a company's, or an icon. */
  mark: { person: string } | { company: string } | { icon: IconDefinition };
}

export interface PaletteProps<Item extends PaletteItem> {
  placeholder: string;
  items: readonly Item[];
  typed: string;
  failure?: string | null;
  onTyped: (typed: string) => void;
  onChoose: (item: Item) => void;
  onClose: () => void;
}

export function Palette<Item extends PaletteItem>(props: PaletteProps<Item>): ReactElement {
  const { t } = useWords();
  const id = useId();
  const { placeholder, items, typed, failure, onTyped, onChoose, onClose } = props;
  const [chosen, setChosen] = useState(0);
  const current = Math.min(chosen, Math.max(items.length - 1, 0));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setChosen(Math.min(current + 1, items.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(current - 1, 0));
    else if (event.key === 'Enter' && items[current]) onChoose(items[current]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose} top>
      <input
        data-first="" className={styles['input']} role="combobox" aria-expanded="true" aria-controls={`${id}-list`}
        aria-activedescendant={items[current] ? `${id}-${current}` : undefined} aria-label={t('palette.title')}
        placeholder={placeholder} value={typed} onKeyDown={onKeyDown}
        onChange={(event) => { onTyped(event.target.value); setChosen(0); }}
      />
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <ul id={`${id}-list`} role="listbox" aria-label={t('palette.title')} className={styles['list']}>
        {items.map((item, index) => (
          <PaletteRow
            key={item.key} id={`${id}-${index}`} item={item} selected={index === current}
            onChoose={() => onChoose(item)} onHover={() => setChosen(index)}
          />
        ))}
      </ul>
      {items.length === 0 ? <p className={styles['none']} role="status">{t('palette.none')}</p> : null}
    </Dialog>
  );
}

interface PaletteRowProps {
  id: string;
  item: PaletteItem;
  selected: boolean;
  onChoose: () => void;
  onHover: () => void;
}

function PaletteRow({ id, item, selected, onChoose, onHover }: PaletteRowProps): ReactElement {
  return (
    <li
      id={id} role="option" aria-selected={selected} className={styles['row']}
      ref={(element) => { if (selected) element?.scrollIntoView({ block: 'nearest' }); }}
      onMouseMove={onHover} onClick={onChoose}
    >
      <PaletteMark item={item} />
      <span className={styles['title']}>{item.title}</span>
      <span className={styles['about']}>{item.about}</span>
    </li>
  );
}

function PaletteMark({ item: { mark, title } }: { item: PaletteItem }): ReactElement {
  if ('person' in mark) return <Avatar id={mark.person} name={title} size="small" />;
  if ('company' in mark) return <Avatar id={mark.company} name={title} size="small" company />;
  return <span className={styles['icon']}><Icon of={mark.icon} size={16} /></span>;
}
