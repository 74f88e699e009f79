/** Account security: passwords, ways to sign in, devices, seats (SEC-02, 08, 09, 16, LIC-09). */
import { App, Button, Form, Select, Switch } from 'antd';
import { useId, useState, type ReactElement } from 'react';
import {
  SecuritySettingsDocument, SecuritySettingsUpdateDocument, type SecurityFieldsFragment,
} from '../gql/tenant/console.ts';
import type { MessageKey } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import styles from '../ui/desk/desk.module.css';
import { Page, Section } from '../ui/desk/Page.tsx';
import { reasonText, useVerb } from '../ui/desk/requests.ts';
import { useLeaveWarning } from '../ui/desk/useLeaveWarning.ts';
import { ErrorState, Skeleton } from '../ui/States.tsx';
import { consoleClient, useConsole } from './data.ts';

type Settings = SecurityFieldsFragment;

const VALIDITY_DAYS = [0, 30, 60, 90, 180, 365];
const SIGN_IN: readonly (keyof Settings)[] = ['signInByEmail', 'signInByMobile'];

export function SecurityPage(): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useConsole('security', SecuritySettingsDocument, {});
  return (
    <Page title={t('console.security')} lead={t('security.lead')}>
      {data ? <SecurityForm settings={data.securitySettings} />
        : error ? <ErrorState error={error} onRetry={() => void refetch()} />
          : <Skeleton rows={5} avatars={false} />}
    </Page>
  );
}

function SecurityForm({ settings }: { settings: Settings }): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<Settings>();
  const [dirty, setDirty] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  useLeaveWarning(dirty);
  const update = useVerb({
    client: consoleClient, document: SecuritySettingsUpdateDocument, refreshes: ['security', 'company'],
    payload: ({ securitySettingsUpdate }) => securitySettingsUpdate,
  });
  const save = (input: Partial<Settings>): void => {
    setFailure(null);
    update.mutate({ input }, {
      onSuccess: () => {
        setDirty(false);
        void message.success(t('desk.saved'));
      },
      onError: (error) => setFailure(reasonText(t, error)),
    });
  };
  return (
    <Form<Settings>
      form={form} layout="vertical" initialValues={settings} onFinish={save} onValuesChange={() => setDirty(true)}
      style={{ display: 'grid', gap: 24 }}
    >
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <Section title={t('security.passwords')}>
        <Toggle name="strongPassword" />
        <Form.Item name="passwordValidityDays" label={t('security.validity')} extra={t('security.validityHint')} style={{ marginBottom: 0 }}>
          <Select<number>
            style={{ maxWidth: 240 }} aria-label={t('security.validity')}
            options={VALIDITY_DAYS.map((value) => ({
              value, label: value === 0 ? t('security.forever') : t('security.days', { days: value }),
            }))}
          />
        </Form.Item>
      </Section>
      <Section title={t('security.signIn')}>
        {SIGN_IN.map((name) => <Toggle key={name} name={name} />)}
      </Section>
      <Section title={t('security.devices')}><Toggle name="severalDevices" /></Section>
      <div>
        <Button type="primary" htmlType="submit" disabled={!dirty} loading={update.isPending}>{t('action.save')}</Button>
      </div>
    </Form>
  );
}

function Toggle({ name }: { name: keyof Settings }): ReactElement {
  const { t } = useWords();
  const id = useId();
  return (
    <div className={styles['switchRow']}>
      <div>
        <label htmlFor={id}>{t(`security.${name}` as MessageKey)}</label>
        <p id={`${id}-hint`}>{t(`security.${name}Hint` as MessageKey)}</p>
      </div>
      <Form.Item name={name} valuePropName="checked" noStyle>
        <Switch id={id} aria-describedby={`${id}-hint`} />
      </Form.Item>
    </div>
  );
}
