/** One choice out of a few, side by side. Radio buttons for keyboard and readers. */
import { useId, type ReactElement } from 'react';
import styles from './controls.module.css';

export interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onValue: (value: Value) => void;
}

export function Segmented<Value extends string>(
  { label, value, options, onValue }: SegmentedProps<Value>,
): ReactElement {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles['segmented']}>
      {options.map((option) => (
        <label key={option.value} className={styles['segment']}>
          <input
            type="radio" name={name} checked={option.value === value}
            onChange={() => onValue(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
