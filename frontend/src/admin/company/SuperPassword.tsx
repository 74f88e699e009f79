/** On the first visit the founder sets the super password (TEN-01). */
import { App, Button, Form, Input } from 'antd';
import { useState, type ReactElement } from 'react';
import { SuperPasswordSetDocument } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';
import { Section } from '../../ui/desk/Page.tsx';
import { passwordEye } from '../../ui/desk/passwordEye.tsx';
import { reasonText, showAtField, useVerb } from '../../ui/desk/requests.ts';
import { consoleClient } from '../data.ts';

interface SuperPasswordValues {
  ownPassword: string;
  newPassword: string;
  repeat: string;
}

export function SuperPassword(): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<SuperPasswordValues>();
  const [failure, setFailure] = useState<string | null>(null);
  const set = useVerb({
    client: consoleClient, document: SuperPasswordSetDocument, refreshes: ['company'],
    payload: ({ superPasswordSet }) => superPasswordSet,
  });
  const save = ({ ownPassword, newPassword }: SuperPasswordValues): void => {
    setFailure(null);
    set.mutate({ input: { ownPassword, newPassword } }, {
      onSuccess: () => void message.success(t('superPassword.done')),
      onError: (error) => {
        if (!showAtField(form, t, error)) setFailure(reasonText(t, error));
      },
    });
  };
  const required = { required: true, message: t('error.REQUIRED') };
  return (
    <Section title={t('superPassword.title')} lead={t('superPassword.lead')}>
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <Form<SuperPasswordValues> form={form} layout="vertical" onFinish={save}>
        <div className={styles['fields']}>
        <Form.Item name="ownPassword" label={t('superPassword.own')} rules={[required]}>
          <Input.Password iconRender={passwordEye} autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="newPassword" label={t('signin.superPassword')} rules={[required]} extra={t('superPassword.hint')}
        >
          <Input.Password iconRender={passwordEye} autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat" label={t('superPassword.repeat')} dependencies={['newPassword']}
          rules={[required, ({ getFieldValue }) => ({
            validator: (_, value: string) => (
              value === getFieldValue('newPassword') ? Promise.resolve() : Promise.reject(new Error(t('password.differs')))
            ),
          })]}
        >
          <Input.Password iconRender={passwordEye} autoComplete="new-password" />
        </Form.Item>
        </div>
        <Button type="primary" htmlType="submit" loading={set.isPending}>{t('superPassword.set')}</Button>
      </Form>
    </Section>
  );
}
