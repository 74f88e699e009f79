/** What cannot be undone lightly: says the effect, and asks for the object's name to be typed. */
import { Input, Modal } from 'antd';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../Banner.tsx';
import styles from './desk.module.css';
import { reasonText } from './requests.ts';

export interface TypedNameModalProps {
  title: string;
  effect: ReactNode;
  name: string;
  verb: string;
  error: unknown;
  busy: boolean;
  /** Further fields, e.g. a reason. */
  children?: ReactNode;
  ready?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function TypedNameModal(props: TypedNameModalProps): ReactElement {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const { title, effect, name, verb, error, busy, children, ready = true, onConfirm, onClose } = props;
  return (
    <Modal
      open title={title} okText={verb} onOk={onConfirm} onCancel={onClose} confirmLoading={busy}
      okButtonProps={{ danger: true, disabled: typed.trim() !== name || !ready }}
    >
      <div className={styles['stack']}>
        <p>{effect}</p>
        {error ? <Banner look="error">{reasonText(t, error)}</Banner> : null}
        {children}
        <label>
          {t('desk.typeName', { name })}
          <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
        </label>
      </div>
    </Modal>
  );
}
