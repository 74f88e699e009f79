/** The rules for files: sizes, retention by kind, preview only. Saved explicitly. */
import { App, Button, Form, InputNumber, Select, Switch } from 'antd';
import { useId, useState, type ReactElement } from 'react';
import { FilePolicyUpdateDocument, type FilePolicyFieldsFragment } from '../../gql/tenant/console.ts';
import type { MessageKey } from '../../i18n/index.ts';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';
import { Section } from '../../ui/desk/Page.tsx';
import { reasonText, Refusal, useVerb } from '../../ui/desk/requests.ts';
import { useLeaveWarning } from '../../ui/desk/useLeaveWarning.ts';
import { consoleClient } from '../data.ts';
import { inputOf, shortens, valuesOf, type PolicyValues } from './policy.ts';

const DAYS = [0, 30, 90, 180, 365, 730, 1095];
/** A file of 16 GiB is the largest that the server can take at all. */
const MIB_MAX = 16 * 1024;
const SIZES = [['fileMib', 'fileBytesMax'], ['largeFileMib', 'largeFileBytesMax'], ['partnerFileMib', 'partnerFileBytesMax']] as const;
const KINDS = ['image', 'video', 'file'] as const;

interface FilePolicyFormProps {
  policy: FilePolicyFieldsFragment;
  disabled: boolean;
}

export function FilePolicyForm({ policy, disabled }: FilePolicyFormProps): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<PolicyValues>();
  const before = valuesOf(policy);
  const [now, setNow] = useState<PolicyValues | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useLeaveWarning(now !== null);
  const update = useVerb({
    client: consoleClient, document: FilePolicyUpdateDocument, refreshes: ['files'],
    payload: ({ filePolicyUpdate }) => filePolicyUpdate,
  });
  const refused = (error: unknown): void => {
    const field = error instanceof Refusal ? SIZES.find(([, name]) => name === error.problem.field)?.[0] : undefined;
    if (field) form.setFields([{ name: field, errors: [reasonText(t, error)] }]);
    else setFailure(reasonText(t, error));
  };
  const save = (values: PolicyValues): void => {
    setFailure(null);
    update.mutate({ input: inputOf({ ...before, ...values }) }, {
      onSuccess: () => {
        setNow(null);
        void message.success(t('desk.saved'));
      },
      onError: refused,
    });
  };
  return (
    <Form<PolicyValues>
      form={form} layout="vertical" initialValues={before} onFinish={save} disabled={disabled}
      onValuesChange={(_, values) => setNow({ ...before, ...values })} style={{ display: 'grid', gap: 24 }}
    >
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <Section title={t('filePolicy.limits')}>
        <Sizes largeFiles={(now ?? before).largeFiles} />
      </Section>
      <Section title={t('filePolicy.retention')} lead={t('filePolicy.retentionLead')}>
        <Retention />
        {now && shortens(before, now) ? <Banner look="warn">{t('filePolicy.shortened')}</Banner> : null}
      </Section>
      <Section title={t('filePolicy.access')}><Toggle name="previewOnly" /></Section>
      {disabled ? null : (
        <div><Button type="primary" htmlType="submit" disabled={now === null} loading={update.isPending}>{t('action.save')}</Button></div>
      )}
    </Form>
  );
}

function Sizes({ largeFiles }: { largeFiles: boolean }): ReactElement {
  return (
    <>
      <div className={styles['fields']} style={{ rowGap: 16 }}><Size name="fileMib" text="fileBytesMax" /><Size name="partnerFileMib" text="partnerFileBytesMax" /></div>
      <Toggle name="largeFiles" />
      {largeFiles ? <div className={styles['fields']}><Size name="largeFileMib" text="largeFileBytesMax" above="fileMib" /></div> : null}
    </>
  );
}

interface SizeProps {
  name: 'fileMib' | 'largeFileMib' | 'partnerFileMib';
  text: (typeof SIZES)[number][1];
  /** It has to be larger than this one. */
  above?: 'fileMib';
}

function Size({ name, text, above }: SizeProps): ReactElement {
  const { t } = useWords();
  const hint = t(`filePolicy.${text}Hint`);
  return (
    <Form.Item
      name={name} label={t(`filePolicy.${text}`)} extra={hint} preserve style={{ marginBottom: 0 }}
      dependencies={above ? [above] : []}
      rules={[
        { required: true, message: t('error.REQUIRED') },
        ({ getFieldValue }) => ({
          validator: (_, value: number | null) => (
            above && value !== null && value <= (getFieldValue(above) as number) ? Promise.reject(new Error(hint)) : Promise.resolve()
          ),
        }),
      ]}
    >
      <InputNumber<number> min={0.1} max={MIB_MAX} step={10} suffix="MB" style={{ width: 180 }} />
    </Form.Item>
  );
}

function Retention(): ReactElement {
  const { t } = useWords();
  const label = (value: number): string => (value === 0 ? t('filePolicy.forever') : t('filePolicy.days', { days: value }));
  return (
    <div className={styles['fields']} style={{ rowGap: 16 }}>
      {KINDS.map((kind) => (
        <Form.Item key={kind} name={kind} label={t(`filePolicy.${kind}`)} style={{ marginBottom: 0 }}>
          <Days label={t(`filePolicy.${kind}`)} text={label} />
        </Form.Item>
      ))}
    </div>
  );
}

interface DaysProps {
  label: string;
  text: (days: number) => string;
  /** Given by the form. */
  id?: string;
  value?: number;
  onChange?: (days: number) => void;
}

/** A time that was set elsewhere stays choosable. */
function Days({ label, text, id, value, onChange }: DaysProps): ReactElement {
  const offered = value === undefined || DAYS.includes(value) ? DAYS : [...DAYS, value].sort((left, right) => left - right);
  return (
    <Select<number>
      {...(id ? { id } : {})} {...(value === undefined ? {} : { value })} {...(onChange ? { onChange } : {})} aria-label={label}
      options={offered.map((days) => ({ value: days, label: text(days) }))}
    />
  );
}

function Toggle({ name }: { name: 'largeFiles' | 'previewOnly' }): ReactElement {
  const { t } = useWords();
  const id = useId();
  return (
    <div className={styles['switchRow']}>
      <div>
        <label htmlFor={id}>{t(`filePolicy.${name}` as MessageKey)}</label>
        <p id={`${id}-hint`}>{t(`filePolicy.${name}Hint` as MessageKey)}</p>
      </div>
      <Form.Item name={name} valuePropName="checked" noStyle><Switch id={id} aria-describedby={`${id}-hint`} /></Form.Item>
    </div>
  );
}
