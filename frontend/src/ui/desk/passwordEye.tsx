/** The eye of a password field, as everywhere else: it shows what pressing it does. */
import EyeInvisibleOutlined from '@ant-design/icons-svg/es/asn/EyeInvisibleOutlined';
import EyeOutlined from '@ant-design/icons-svg/es/asn/EyeOutlined';
import type { ReactElement } from 'react';
import { Icon } from '../Icon.tsx';

export function passwordEye(visible: boolean): ReactElement {
  return <span><Icon of={visible ? EyeInvisibleOutlined : EyeOutlined} size={16} /></span>;
}
