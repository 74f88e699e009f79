/** Tells once that this sign-in signed other devices out (SEC-16). */
import CloseOutlined from '@ant-design/icons-svg/es/asn/CloseOutlined';
import { useEffect, useState, type ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { forgetReplaced, replacedDevices } from '../session/viewer.ts';
import { IconButton } from '../ui/Button.tsx';
import styles from './chat.module.css';

export function ReplacedNotice(): ReactElement | null {
  const { t } = useWords();
  const [devices, setDevices] = useState(replacedDevices);
  useEffect(forgetReplaced, []);
  if (devices.length === 0) return null;
  return (
    <div className={styles['notice']} role="status">
      <span>{t('session.replacedOthers', { devices: devices.join(', ') })}</span>
      <IconButton icon={CloseOutlined} label={t('action.close')} size={14} onClick={() => setDevices([])} />
    </div>
  );
}
