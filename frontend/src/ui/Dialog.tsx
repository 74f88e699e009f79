/** A modal dialog: the browser's own, with a title, Escape and focus kept inside. */
import CloseOutlined from '@ant-design/icons-svg/es/asn/CloseOutlined';
import { useEffect, useId, useRef, type ReactElement, type ReactNode } from 'react';
import { useWords } from '../i18n/react.ts';
import { IconButton } from './Button.tsx';
import styles from './controls.module.css';

export interface DialogProps {
  title: string;
  children: ReactNode;
  /** Absent: it cannot be dismissed, only answered. */
  onClose?: () => void;
  /** It stands near the top and grows downward, so that nothing jumps while its content changes. */
  top?: boolean;
}

export function Dialog({ title, children, onClose, top }: DialogProps): ReactElement {
  const { t } = useWords();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The browser would choose the first button; what is marked is what one came for.
    (dialog?.querySelector<HTMLElement>('[data-first]') ?? dialog)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref} className={styles['dialog']} aria-labelledby={id} data-top={top} tabIndex={-1}
      onCancel={(event) => { event.preventDefault(); onClose?.(); }}
    >
      <div className={styles['dialogHead']}>
        <h2 id={id} className={styles['dialogTitle']}>{title}</h2>
        {onClose ? <IconButton icon={CloseOutlined} label={t('action.close')} onClick={onClose} /> : null}
      </div>
      <div className={styles['dialogBody']}>{children}</div>
    </dialog>
  );
}

export function DialogFoot({ children }: { children: ReactNode }): ReactElement {
  return <div className={styles['dialogFoot']}>{children}</div>;
}
