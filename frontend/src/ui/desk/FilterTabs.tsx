/** One filter out of a few, as a line of words above a table; it scrolls sideways where it must. */
import type { ReactElement } from 'react';
import styles from './desk.module.css';

export interface FilterTabsProps {
  label: string;
  value: string;
  options: readonly { key: string; label: string }[];
  onValue: (key: string) => void;
}

export function FilterTabs({ label, value, options, onValue }: FilterTabsProps): ReactElement {
  return (
    <div role="group" aria-label={label} className={styles['filterTabs']}>
      {options.map((option) => (
        <button
          key={option.key} type="button" aria-pressed={option.key === value} onClick={() => onValue(option.key)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
