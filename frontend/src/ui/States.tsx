/** What stands where content is missing: nothing yet, still loading, failed. */
import InboxOutlined from '@ant-design/icons-svg/es/asn/InboxOutlined';
import WarningOutlined from '@ant-design/icons-svg/es/asn/WarningOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { failureCode, GraphqlFailure } from '../gql/client.ts';
import { failureText, useWords } from '../i18n/react.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import styles from './controls.module.css';

const SKELETON_AFTER_MS = 150;

export interface EmptyStateProps {
  title: string;
  /** What to do next. */
  hint?: string;
  icon?: IconDefinition;
  children?: ReactNode;
}

export function EmptyState({ title, hint, icon = InboxOutlined, children }: EmptyStateProps): ReactElement {
  return (
    <div className={styles['empty']}>
      <Icon of={icon} size={36} />
      <p className={styles['emptyTitle']}>{title}</p>
      {hint ? <p>{hint}</p> : null}
      {children}
    </div>
  );
}

export interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
}

/** What happened, what to do, and the code. */
export function ErrorState({ error, onRetry }: ErrorStateProps): ReactElement {
  const { t } = useWords();
  const trace = error instanceof GraphqlFailure ? error.traceId : undefined;
  return (
    <div className={styles['empty']} role="alert">
      <Icon of={WarningOutlined} size={36} />
      <p className={styles['emptyTitle']}>{failureText(t, error)}</p>
      {onRetry ? <Button onClick={onRetry}>{t('action.retry')}</Button> : null}
      <p className={styles['code']}>{[failureCode(error), trace].filter(Boolean).join(' · ')}</p>
    </div>
  );
}

/** True once `after_ms` have passed: what is quick shows no skeleton. */
function useDelayed(after_ms: number): boolean {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), after_ms);
    return () => clearTimeout(timer);
  }, [after_ms]);
  return due;
}

export interface SkeletonProps {
  rows?: number;
  avatars?: boolean;
  /** As wide as a table. */
  wide?: boolean;
}

/** Rows in the shape of what is loading. */
export function Skeleton({ rows = 6, avatars = true, wide }: SkeletonProps): ReactElement {
  const { t } = useWords();
  const due = useDelayed(SKELETON_AFTER_MS);
  return (
    <div className={styles['skeletons']} data-wide={wide} role="status" aria-label={t('state.loading')}>
      {due ? Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles['skeletonRow']} aria-hidden="true">
          {avatars ? <span className={`${styles['bone']} ${styles['boneAvatar']}`} /> : null}
          <span className={styles['boneLines']}>
            <span className={`${styles['bone']} ${styles['boneLine']} ${styles['boneShort']}`} />
            <span className={`${styles['bone']} ${styles['boneLine']}`} />
          </span>
        </div>
      )) : null}
    </div>
  );
}
