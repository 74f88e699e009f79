/** Deletes a department after asking; one that is not empty is refused with that reason (DIR-07). */
import { App } from 'antd';
import { DepartmentDeleteDocument } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { reasonText, useVerb } from '../../ui/desk/requests.ts';
import { consoleClient } from '../data.ts';
import type { Department } from './useDepartments.ts';

export function useDepartmentDelete(): (department: Department) => void {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const remove = useVerb({
    client: consoleClient, document: DepartmentDeleteDocument, refreshes: ['departments'],
    payload: ({ departmentDelete }) => departmentDelete,
  });
  return ({ id, name }) => void modal.confirm({
    title: t('departments.askDelete', { name }),
    content: t('departments.deleteEffect'),
    okText: t('departments.delete'),
    okButtonProps: { danger: true },
    onOk: () => remove.mutateAsync({ input: { id } }).then(
      () => void message.success(t('departments.deleted', { name })),
      (error: unknown) => void message.error(reasonText(t, error)),
    ),
  });
}
