/** The roles of a member; only an owner may give the highest. */
import { Checkbox, Form } from 'antd';
import type { ReactElement } from 'react';
import type { Role } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { useViewer } from '../data.ts';

const ROLES: readonly Role[] = ['OWNER', 'ADMINISTRATOR', 'DIRECTORY_ADMINISTRATOR'];

export function RolesField(): ReactElement {
  const { t } = useWords();
  const viewer = useViewer();
  // The founder, who is no member, holds every right.
  const owner = viewer.member === null || viewer.roles.includes('OWNER');
  return (
    <Form.Item name="roles" label={t('members.roles')} extra={t('members.rolesHint')}>
      <Checkbox.Group
        options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`), disabled: role === 'OWNER' && !owner }))}
      />
    </Form.Item>
  );
}
