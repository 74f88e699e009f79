/** A line that says what is so: an error of a form, a warning, a success. */
import CheckCircleOutlined from '@ant-design/icons-svg/es/asn/CheckCircleOutlined';
import ExclamationCircleOutlined from '@ant-design/icons-svg/es/asn/ExclamationCircleOutlined';
import InfoCircleOutlined from '@ant-design/icons-svg/es/asn/InfoCircleOutlined';
import WarningOutlined from '@ant-design/icons-svg/es/asn/WarningOutlined';
import type { ReactElement, ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import styles from './controls.module.css';

const LOOKS = {
  info: { icon: InfoCircleOutlined, name: '' },
  error: { icon: ExclamationCircleOutlined, name: 'bannerError' },
  warn: { icon: WarningOutlined, name: 'bannerWarn' },
  ok: { icon: CheckCircleOutlined, name: 'bannerOk' },
};

export interface BannerProps {
  look?: keyof typeof LOOKS;
  children: ReactNode;
}

export function Banner({ look = 'info', children }: BannerProps): ReactElement {
  const { icon, name } = LOOKS[look];
  return (
    <div className={`${styles['banner']} ${styles[name] ?? ''}`} role={look === 'error' ? 'alert' : 'status'}>
      <Icon of={icon} size={16} />
      <div>{children}</div>
    </div>
  );
}
