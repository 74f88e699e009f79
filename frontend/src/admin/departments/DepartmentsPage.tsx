/** The tree of departments: made, renamed, ordered, moved, deleted (DIR-01 to DIR-09). */
import { useQuery } from '@tanstack/react-query';
import DownOutlined from '@ant-design/icons-svg/es/asn/DownOutlined';
import PlusOutlined from '@ant-design/icons-svg/es/asn/PlusOutlined';
import RightOutlined from '@ant-design/icons-svg/es/asn/RightOutlined';
import { Button } from 'antd';
import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { CompanyDocument } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/States.tsx';
import { Page } from '../../ui/desk/Page.tsx';
import { RowMenu } from '../../ui/desk/RowMenu.tsx';
import { useConsole, useMay } from '../data.ts';
import { DepartmentForm, type DepartmentTask } from './DepartmentForm.tsx';
import { DEPARTMENT_LETTERS } from './letters.ts';
import styles from './departments.module.css';
import { levelQuery, type Department } from './useDepartments.ts';
import { useDepartmentDelete } from './useDepartmentDelete.ts';

export function DepartmentsPage(): ReactElement {
  const { t } = useWords();
  const manages = useMay('DEPARTMENTS_MANAGE');
  const [task, setTask] = useState<DepartmentTask | null>(null);
  const { data } = useConsole('company', CompanyDocument, {});
  return (
    <Page
      title={t('console.departments')} lead={t('departments.lead')}
      actions={manages ? (
        <Button
          type="primary" icon={<Icon of={PlusOutlined} size={14} />}
          onClick={() => setTask({ kind: 'create', parent: null })}
        >
          {t('departments.create')}
        </Button>
      ) : null}
    >
      <div className={styles['tree']}>
        <p className={styles['root']}>{data?.company.fullName}</p>
        <Level parent={null} depth={0} onTask={setTask} manages={manages} />
      </div>
      {task ? <DepartmentForm task={task} onClose={() => setTask(null)} /> : null}
    </Page>
  );
}

interface LevelProps {
  parent: Department | null;
  depth: number;
  manages: boolean;
  onTask: (task: DepartmentTask) => void;
}

function Level({ parent, depth, manages, onTask }: LevelProps): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useQuery(levelQuery(parent?.id ?? null));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={depth === 0 ? 5 : 1} avatars={false} />;
  if (data.length === 0 && depth === 0) {
    return <EmptyState title={t('departments.none')} hint={t('departments.noneHint')} />;
  }
  return (
    <ul className={styles['level']}>
      {data.map((department) => (
        <Node key={department.id} department={department} depth={depth} manages={manages} onTask={onTask} />
      ))}
    </ul>
  );
}

interface NodeProps extends Omit<LevelProps, 'parent'> {
  department: Department;
}

function Node({ department, depth, manages, onTask }: NodeProps): ReactElement {
  const { t } = useWords();
  const [open, setOpen] = useState(depth === 0);
  const { id, name, memberCount, childCount, orderNumber } = department;
  return (
    <li>
      <div className={styles['node']}>
        {childCount > 0 ? (
          <IconButton
            icon={open ? DownOutlined : RightOutlined} size={12} aria-expanded={open}
            label={t(open ? 'departments.fold' : 'departments.unfold', { name })} onClick={() => setOpen(!open)}
          />
        ) : <span className={styles['leaf']} />}
        <span className={styles['order']} title={t('departments.order')}>{orderNumber}</span>
        <Link href={`/console/members?department=${id}`} className={styles['name'] ?? ''} title={name}>{name}</Link>
        <span className={styles['count']}>{t('departments.count', { count: memberCount })}</span>
        {manages ? <NodeMenu department={department} onTask={onTask} /> : null}
      </div>
      {open && childCount > 0 ? (
        <div className={styles['below']}>
          <Level parent={department} depth={depth + 1} manages={manages} onTask={onTask} />
        </div>
      ) : null}
    </li>
  );
}

function NodeMenu({ department, onTask }: Pick<NodeProps, 'department' | 'onTask'>): ReactElement {
  const { t } = useWords();
  const remove = useDepartmentDelete();
  const { name } = department;
  const actions = [
    { key: 'create', label: t('departments.createBelow'), letter: DEPARTMENT_LETTERS.create, onClick: () => onTask({ kind: 'create', parent: department }) },
    { key: 'edit', label: t('departments.edit'), letter: DEPARTMENT_LETTERS.edit, onClick: () => onTask({ kind: 'edit', department }) },
    { key: 'move', label: t('departments.move'), letter: DEPARTMENT_LETTERS.move, onClick: () => onTask({ kind: 'move', department }) },
    { key: 'delete', label: t('departments.delete'), letter: DEPARTMENT_LETTERS.delete, danger: true, onClick: () => remove(department) },
  ];
  return (
    <RowMenu label={t('departments.more', { name })} actions={actions} quiet />
  );
}
