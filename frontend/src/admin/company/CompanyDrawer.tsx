/** Editing the registration data. */
import { App, Button, Drawer, Form, Input } from 'antd';
import { useState, type ReactElement } from 'react';
import { CompanyUpdateDocument, type CompanyFieldsFragment } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';
import { reasonText, showAtField, useVerb } from '../../ui/desk/requests.ts';
import { useLeaveWarning } from '../../ui/desk/useLeaveWarning.ts';
import { consoleClient } from '../data.ts';
import { IndustrySelect } from './IndustrySelect.tsx';
import { changedText } from '../members/useMemberSave.ts';

interface CompanyDrawerProps {
  company: CompanyFieldsFragment;
  onClose: () => void;
}

interface CompanyValues {
  fullName: string;
  shortName: string;
  email: string;
  mobile: string;
  industry: string;
}

export function CompanyDrawer({ company, onClose }: CompanyDrawerProps): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<CompanyValues>();
  const [dirty, setDirty] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  useLeaveWarning(dirty);
  const update = useVerb({
    client: consoleClient, document: CompanyUpdateDocument, refreshes: ['company'],
    payload: ({ companyUpdate }) => companyUpdate,
  });
  const save = (values: CompanyValues): void => {
    setFailure(null);
    const input = {
      fullName: changedText(company.fullName, values.fullName),
      shortName: changedText(company.shortName, values.shortName),
      email: changedText(company.email, values.email),
      mobile: changedText(company.mobile, values.mobile),
      industry: changedText(company.industry, values.industry),
    };
    update.mutate({ input }, {
      onSuccess: () => {
        void message.success(t('desk.saved'));
        onClose();
      },
      onError: (error) => {
        if (!showAtField(form, t, error)) setFailure(reasonText(t, error));
      },
    });
  };
  const required = [{ required: true, whitespace: true, message: t('error.REQUIRED') }];
  return (
    <Drawer
      open title={t('company.edit')} onClose={onClose} size={440}
      extra={<Button type="primary" loading={update.isPending} onClick={form.submit}>{t('action.save')}</Button>}
    >
      <Form<CompanyValues>
        form={form} layout="vertical" onFinish={save} onValuesChange={() => setDirty(true)}
        initialValues={{
          fullName: company.fullName, shortName: company.shortName ?? '', email: company.email ?? '',
          mobile: company.mobile ?? '', industry: company.industry,
        }}
      >
        <div className={styles['stack']}>{failure ? <Banner look="error">{failure}</Banner> : null}</div>
        <Form.Item name="fullName" label={t('company.fullName')} rules={required}><Input maxLength={100} /></Form.Item>
        <Form.Item name="shortName" label={t('company.shortName')}><Input maxLength={100} /></Form.Item>
        <Form.Item name="industry" label={t('company.industry')} rules={required}>
          <IndustrySelect />
        </Form.Item>
        <Form.Item name="mobile" label={t('company.mobile')}><Input maxLength={16} /></Form.Item>
        <Form.Item name="email" label={t('company.email')}><Input maxLength={254} /></Form.Item>
      </Form>
    </Drawer>
  );
}
