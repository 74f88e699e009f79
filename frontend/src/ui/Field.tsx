/** A labelled input with its rule beside it and its error below, tied together for readers. */
import EyeInvisibleOutlined from '@ant-design/icons-svg/es/asn/EyeInvisibleOutlined';
import EyeOutlined from '@ant-design/icons-svg/es/asn/EyeOutlined';
import { useId, useState, type InputHTMLAttributes, type ReactElement, type ReactNode } from 'react';
import { useWords } from '../i18n/react.ts';
import { IconButton } from './Button.tsx';
import styles from './controls.module.css';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
  suffix?: string;
  onValue: (value: string) => void;
}

export function Field({ label, hint, error, suffix, onValue, ...input }: FieldProps): ReactElement {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>{label}</label>
      <div className={styles['inputRow']}>
        <input
          {...input}
          id={id} className={styles['input']} aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-help`} onChange={(event) => onValue(event.target.value)}
        />
        {suffix ? <span className={styles['suffix']}>{suffix}</span> : null}
      </div>
      <Help id={`${id}-help`} error={error} hint={hint} />
    </div>
  );
}

export function PasswordField({ label, hint, error, onValue, ...input }: FieldProps): ReactElement {
  const { t } = useWords();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>{label}</label>
      <div className={styles['inputRow']}>
        <input
          {...input}
          id={id} type={shown ? 'text' : 'password'} autoCapitalize="off" spellCheck={false}
          className={`${styles['input']} ${styles['withAction']}`} aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-help`} onChange={(event) => onValue(event.target.value)}
        />
        <IconButton
          icon={shown ? EyeInvisibleOutlined : EyeOutlined} className={styles['action'] ?? ''}
          label={t(shown ? 'password.hide' : 'password.show')} aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      </div>
      <Help id={`${id}-help`} error={error} hint={hint} />
    </div>
  );
}

interface HelpProps {
  id: string;
  error: string | null | undefined;
  hint: ReactNode;
}

function Help({ id, error, hint }: HelpProps): ReactElement {
  return (
    <div id={id} aria-live="polite">
      {error ? <span className={styles['error']}>{error}</span> : null}
      {!error && hint ? <span className={styles['hint']}>{hint}</span> : null}
    </div>
  );
}
