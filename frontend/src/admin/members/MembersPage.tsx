/** Members: found, filtered and paged on the server; created, edited and managed one by one (DIR-22). */
import PlusOutlined from '@ant-design/icons-svg/es/asn/PlusOutlined';
import { Button, Input } from 'antd';
import { useState, type ReactElement } from 'react';
import { MemberRecordsDocument, type MemberRecordFieldsFragment, type MemberState } from '../../gql/tenant/console.ts';
import type { MessageKey } from '../../i18n/index.ts';
import { useWords } from '../../i18n/react.ts';
import { Icon } from '../../ui/Icon.tsx';
import { EmptyState } from '../../ui/States.tsx';
import styles from '../../ui/desk/desk.module.css';
import { FilterTabs } from '../../ui/desk/FilterTabs.tsx';
import { PagedTable } from '../../ui/desk/PagedTable.tsx';
import { Page } from '../../ui/desk/Page.tsx';
import { usePagedAddress, type PagedAddress } from '../../ui/desk/paging.ts';
import { useConsole, useMay } from '../data.ts';
import { DepartmentSelect } from '../departments/DepartmentSelect.tsx';
import { MemberDrawer } from './MemberDrawer.tsx';
import { SlipModal, type Slip } from './SlipModal.tsx';
import { useMemberColumns } from './useMemberColumns.tsx';

export type MemberRecord = MemberRecordFieldsFragment;

const TABS: readonly { key: string; label: MessageKey; state: MemberState | null; locked: boolean | null }[] = [
  { key: 'all', label: 'members.tab.all', state: null, locked: null },
  { key: 'active', label: 'members.tab.active', state: 'ACTIVE', locked: null },
  { key: 'disabled', label: 'members.tab.disabled', state: 'DISABLED', locked: null },
  { key: 'resigned', label: 'members.tab.resigned', state: 'RESIGNED', locked: null },
  { key: 'locked', label: 'members.tab.locked', state: null, locked: true },
];

/** `new`: the drawer creates. */
type Editing = MemberRecord | 'new' | null;

export function MembersPage(): ReactElement {
  const { t } = useWords();
  const manages = useMay('MEMBERS_MANAGE');
  const [editing, setEditing] = useState<Editing>(null);
  const [slip, setSlip] = useState<Slip | null>(null);
  const address = usePagedAddress();
  return (
    <Page
      title={t('console.members')} lead={t('members.lead')}
      actions={manages ? (
        <Button type="primary" icon={<Icon of={PlusOutlined} size={14} />} onClick={() => setEditing('new')}>
          {t('members.create')}
        </Button>
      ) : null}
    >
      <div>
        <MemberFilters address={address} />
        <MemberTable address={address} onEdit={setEditing} onSlip={setSlip} />
      </div>
      {editing ? (
        <MemberDrawer
          record={editing === 'new' ? null : editing} onSlip={setSlip} onClose={() => setEditing(null)}
        />
      ) : null}
      {slip ? <SlipModal slip={slip} onClose={() => setSlip(null)} /> : null}
    </Page>
  );
}

function MemberFilters({ address }: { address: PagedAddress }): ReactElement {
  const { t } = useWords();
  const { filter, setFilters } = address;
  return (
    <>
      <FilterTabs
        label={t('members.state')} value={filter('tab') ?? 'all'}
        options={TABS.map(({ key, label }) => ({ key, label: t(label) }))}
        onValue={(key) => setFilters({ tab: key === 'all' ? null : key })}
      />
      <div className={styles['toolbar']} style={{ paddingBottom: 16 }}>
        <Input.Search
          key={filter('search') ?? ''} defaultValue={filter('search') ?? ''} allowClear maxLength={64}
          placeholder={t('members.search')} aria-label={t('members.search')}
          onSearch={(value) => setFilters({ search: value.trim() || null })}
        />
        <div style={{ width: 240 }}>
          <DepartmentSelect
            label={t('members.department')} value={filter('department')} placeholder={t('members.anyDepartment')}
            onChange={(department) => setFilters({ department })}
          />
        </div>
      </div>
    </>
  );
}

interface MemberTableProps {
  address: PagedAddress;
  onEdit: (record: MemberRecord) => void;
  onSlip: (slip: Slip) => void;
}

function MemberTable({ address, onEdit, onSlip }: MemberTableProps): ReactElement {
  const { t } = useWords();
  const { filter, after, size } = address;
  const tab = TABS.find(({ key }) => key === filter('tab'));
  const search = filter('search');
  const { data, error, isFetching, refetch } = useConsole('members', MemberRecordsDocument, {
    search, departmentId: filter('department'), state: tab?.state ?? null, locked: tab?.locked ?? null,
    first: size, after,
  });
  const columns = useMemberColumns({ onEdit, onSlip });
  const sought = Boolean(search ?? filter('department'));
  const empty = !sought && tab?.locked ? 'members.noneLocked'
    : sought || tab?.state || tab?.locked ? 'members.noneFound' : 'members.none';
  return (
    <PagedTable
      label={t('console.members')} columns={columns} data={data?.memberRecords} loading={isFetching} error={error}
      onRetry={() => void refetch()} address={address}
      empty={(
        <EmptyState title={t(empty)} hint={t(`${empty}Hint`)} />
      )}
    />
  );
}
