/** Making, renaming, ordering or moving a department (DIR-02, 03, 04, 06). */
import { App, Form, Input, InputNumber, Modal } from 'antd';
import { useState, type ReactElement } from 'react';
import { DepartmentCreateDocument, DepartmentUpdateDocument } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import { reasonText, showAtField, useVerb } from '../../ui/desk/requests.ts';
import { consoleClient } from '../data.ts';
import { DepartmentSelect } from './DepartmentSelect.tsx';
import type { Department } from './useDepartments.ts';

export type DepartmentTask =
  | { kind: 'create'; parent: Department | null }
  | { kind: 'edit'; department: Department }
  | { kind: 'move'; department: Department };

interface DepartmentValues {
  name: string;
  orderNumber: number;
  parentId: string | null;
}

/** 50 narrow or 25 wide characters (DIR-03). */
const NAME_WIDTH_MAX = 50;
const ORDER_STEP = 10;

export function nameWidth(name: string): number {
  return [...name].reduce((width, character) => width + ((character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
}

function startValues(task: DepartmentTask): DepartmentValues {
  if (task.kind === 'create') {
    return { name: '', orderNumber: ORDER_STEP, parentId: task.parent?.id ?? null };
  }
  const { name, orderNumber, parentId } = task.department;
  return { name, orderNumber, parentId };
}

function useDepartmentSave(task: DepartmentTask) {
  const refreshes = ['departments', 'members'];
  const create = useVerb({
    client: consoleClient, document: DepartmentCreateDocument, refreshes,
    payload: ({ departmentCreate }) => departmentCreate,
  });
  const update = useVerb({
    client: consoleClient, document: DepartmentUpdateDocument, refreshes,
    payload: ({ departmentUpdate }) => departmentUpdate,
  });
  const save = ({ name, orderNumber, parentId }: DepartmentValues): Promise<unknown> => {
    if (task.kind === 'create') return create.mutateAsync({ input: { name, orderNumber, parentId: task.parent?.id ?? null } });
    const { id } = task.department;
    return update.mutateAsync({ input: task.kind === 'edit' ? { id, name, orderNumber } : { id, parentId } });
  };
  return { save, busy: create.isPending || update.isPending };
}

export function DepartmentForm({ task, onClose }: { task: DepartmentTask; onClose: () => void }): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<DepartmentValues>();
  const [failure, setFailure] = useState<string | null>(null);
  const { save, busy } = useDepartmentSave(task);
  const submit = async (values: DepartmentValues): Promise<void> => {
    setFailure(null);
    try {
      await save({ ...startValues(task), ...values });
      void message.success(t('desk.saved'));
      onClose();
    } catch (error) {
      if (!showAtField(form, t, error)) setFailure(reasonText(t, error));
    }
  };
  const about = task.kind === 'create' ? task.parent?.name : task.department.name;
  return (
    <Modal
      open title={t(`departments.title.${task.kind}`, { name: about ?? t('departments.firstLevel') })}
      okText={t('action.save')} confirmLoading={busy} onOk={form.submit} onCancel={onClose}
    >
      <Form<DepartmentValues>
        form={form} layout="vertical" initialValues={startValues(task)} onFinish={(values) => void submit(values)}
      >
        {failure ? <Banner look="error">{failure}</Banner> : null}
        {task.kind === 'move' ? <MoveFields /> : <NameFields />}
      </Form>
    </Modal>
  );
}

function NameFields(): ReactElement {
  const { t } = useWords();
  return (
    <>
      <Form.Item
        name="name" label={t('departments.name')} extra={t('departments.nameHint')}
        rules={[
          { required: true, whitespace: true, message: t('error.REQUIRED') },
          {
            validator: (_, name: string) => (
              nameWidth(name) <= NAME_WIDTH_MAX ? Promise.resolve() : Promise.reject(new Error(t('departments.nameHint')))
            ),
          },
        ]}
      >
        <Input placeholder={t('departments.namePlaceholder')} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="orderNumber" label={t('departments.order')} extra={t('departments.orderHint')}
        rules={[{ required: true, message: t('error.REQUIRED') }]}
      >
        <InputNumber min={0} max={999_999} precision={0} />
      </Form.Item>
    </>
  );
}

function MoveFields(): ReactElement {
  const { t } = useWords();
  return (
    <Form.Item name="parentId" label={t('departments.moveTo')} extra={t('departments.moveHint')}>
      <ParentField label={t('departments.moveTo')} placeholder={t('departments.firstLevel')} />
    </Form.Item>
  );
}

interface ParentFieldProps {
  label: string;
  placeholder: string;
  value?: string | null;
  onChange?: (id: string | null) => void;
}

function ParentField({ label, placeholder, value, onChange }: ParentFieldProps): ReactElement {
  return (
    <DepartmentSelect
      label={label} placeholder={placeholder} value={value ?? null} onChange={(id) => onChange?.(id)}
    />
  );
}
