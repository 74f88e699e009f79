/** How much of a limit is used, as a number and as a bar (LIC-01: `4/100`). */
import type { ReactElement } from 'react';
import { formatNumber } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import styles from './desk.module.css';

/** From this share on the bar warns. */
const HIGH = 0.9;

export interface SeatsMeterProps {
  used: number;
  limit: number;
  /** What is counted; seats by default. */
  label?: string;
}

export function SeatsMeter({ used, limit, label }: SeatsMeterProps): ReactElement {
  const { t, language } = useWords();
  const name = label ?? t('seats.label');
  const share = limit > 0 ? Math.min(used / limit, 1) : 1;
  const level = used >= limit ? 'full' : share >= HIGH ? 'high' : 'free';
  const text = `${formatNumber(language, used)}/${formatNumber(language, limit)}`;
  return (
    <div>
      <div className={styles['meterText']}>
        <span>{name}</span><strong>{text}</strong>
      </div>
      <div
        className={styles['meter']} data-level={level} role="meter" aria-label={name}
        aria-valuemin={0} aria-valuemax={limit} aria-valuenow={used} aria-valuetext={text}
      >
        <div style={{ width: `${share * 100}%` }} />
      </div>
      {label ? null : <p className={styles['muted']}>{t('seats.hint', { left: Math.max(limit - used, 0) })}</p>}
    </div>
  );
}
