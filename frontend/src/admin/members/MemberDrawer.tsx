/** Creating or editing a member (DIR-10, 11, 12). An account never changes after creation. */
import { App, Button, Checkbox, Drawer, Form, Input, InputNumber } from 'antd';
import { useState, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';
import { reasonText, Refusal, showAtField } from '../../ui/desk/requests.ts';
import { useLeaveWarning } from '../../ui/desk/useLeaveWarning.ts';
import { DepartmentsField } from '../departments/DepartmentSelect.tsx';
import type { MemberRecord } from './MembersPage.tsx';
import { RolesField } from './RolesField.tsx';
import type { Slip } from './SlipModal.tsx';
import { startValues, useMemberSave, type MemberValues } from './useMemberSave.ts';

interface MemberDrawerProps {
  /** Null: a new member. */
  record: MemberRecord | null;
  onSlip: (slip: Slip) => void;
  onClose: () => void;
}

export function MemberDrawer({ record, onSlip, onClose }: MemberDrawerProps): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<MemberValues>();
  const [dirty, setDirty] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { save, busy } = useMemberSave(record);
  useLeaveWarning(dirty);
  const submit = async (values: MemberValues): Promise<void> => {
    setFailure(null);
    try {
      const { slip, mailed } = await save(values);
      if (slip) onSlip({ ...slip, name: values.name });
      void message.success(mailed ? t('members.linkMailed', { name: values.name }) : t('desk.saved'));
      onClose();
    } catch (error) {
      if (error instanceof Refusal && error.problem.code === 'CONTACT_REQUIRED') {
        form.setFields([{ name: 'email', errors: [reasonText(t, error)] }]);
      } else if (!showAtField(form, t, error)) {
        setFailure(reasonText(t, error));
      }
    }
  };
  return (
    <Drawer
      open title={t(record ? 'members.editTitle' : 'members.create')} onClose={onClose} size={460}
      extra={<Button type="primary" loading={busy} onClick={form.submit}>{t('action.save')}</Button>}
    >
      <Form<MemberValues>
        form={form} layout="vertical" initialValues={startValues(record)} onValuesChange={() => setDirty(true)}
        onFinish={(values) => void submit(values)}
      >
        <div className={styles['stack']}>{failure ? <Banner look="error">{failure}</Banner> : null}</div>
        <MemberFields record={record} />
      </Form>
    </Drawer>
  );
}

function MemberFields({ record }: { record: MemberRecord | null }): ReactElement {
  const { t } = useWords();
  const required = [{ required: true, whitespace: true, message: t('error.REQUIRED') }];
  return (
    <>
      <Form.Item name="name" label={t('members.name')} rules={required}><Input maxLength={64} autoComplete="off" /></Form.Item>
      <Form.Item
        name="account" label={t('members.account')} extra={t(record ? 'members.accountFixed' : 'members.accountHint')}
        rules={[...required, { pattern: /^[A-Za-z0-9]+$/, message: t('error.INVALID_ACCOUNT') }]}
      >
        <Input maxLength={32} disabled={record !== null} autoComplete="off" autoCapitalize="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="departmentIds" label={t('members.department')} extra={t('members.departmentHint')}>
        <DepartmentsField label={t('members.department')} />
      </Form.Item>
      <Form.Item name="email" label={t('members.email')} extra={record ? null : t('members.contactHint')}>
        <Input maxLength={254} autoComplete="off" inputMode="email" />
      </Form.Item>
      <Form.Item name="mobile" label={t('members.mobile')}><Input maxLength={16} autoComplete="off" inputMode="tel" /></Form.Item>
      <Form.Item name="position" label={t('members.position')}><Input maxLength={64} autoComplete="off" /></Form.Item>
      <Form.Item name="nickname" label={t('members.nickname')}><Input maxLength={64} autoComplete="off" /></Form.Item>
      {record ? (
        <>
          <Form.Item name="weight" label={t('members.weight')} extra={t('members.weightHint')}>
            <InputNumber min={0} max={9999} precision={0} />
          </Form.Item>
          <RolesField />
        </>
      ) : (
        <Form.Item name="slip" valuePropName="checked" extra={t('members.slipHint')}>
          <Checkbox>{t('members.slip')}</Checkbox>
        </Form.Item>
      )}
    </>
  );
}
