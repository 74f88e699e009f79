/** The slip that an admin prints once: the only place where an initial password is shown. */
import { Button, Modal } from 'antd';
import type { ReactElement } from 'react';
import type { SlipFieldsFragment } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';

export type Slip = SlipFieldsFragment & { name: string };

export function SlipModal({ slip, onClose }: { slip: Slip; onClose: () => void }): ReactElement {
  const { t } = useWords();
  return (
    <Modal
      open title={t('slip.title', { name: slip.name })} onCancel={onClose} mask={{ closable: false }}
      footer={[
        <Button key="print" onClick={() => print()}>{t('slip.print')}</Button>,
        <Button key="close" type="primary" onClick={onClose}>{t('slip.done')}</Button>,
      ]}
    >
      <div className={styles['stack']}>
        <Banner look="warn">{t('slip.once')}</Banner>
        <div className={styles['slip']} data-slip="">
          <dl>
            <dt>{t('members.name')}</dt><dd>{slip.name}</dd>
            <dt>{t('company.hostName')}</dt><dd>{slip.hostName}</dd>
            <dt>{t('company.enterpriseNumber')}</dt><dd>{slip.enterpriseNumber}</dd>
            <dt>{t('members.account')}</dt><dd>{slip.account}</dd>
            <dt>{t('slip.password')}</dt><dd>{slip.initialPassword}</dd>
          </dl>
          <p className={styles['muted']}>{t('slip.hint')}</p>
        </div>
      </div>
    </Modal>
  );
}
