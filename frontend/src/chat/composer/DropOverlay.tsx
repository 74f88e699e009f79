/** Says where what is dragged would go. */
import InboxOutlined from '@ant-design/icons-svg/es/asn/InboxOutlined';
import type { ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Icon } from '../../ui/Icon.tsx';
import styles from './tray.module.css';

export function DropOverlay({ title }: { title: string }): ReactElement {
  const { t } = useWords();
  return <div className={styles['drop']}><Icon of={InboxOutlined} size={36} />{t('files.dropHere', { title })}</div>;
}
