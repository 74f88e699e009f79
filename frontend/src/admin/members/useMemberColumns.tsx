/** The columns of the member list, and what can be done with one member. */
import { App, Button, Tag, type TableColumnsType } from 'antd';
import type { ReactElement } from 'react';
import { avatarUrl } from '../../files/pictureUrl.ts';
import type { Language, Translate } from '../../i18n/index.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import styles from '../../ui/desk/desk.module.css';
import { RowMenu } from '../../ui/desk/RowMenu.tsx';
import { useMay, useViewer } from '../data.ts';
import type { MemberRecord } from './MembersPage.tsx';
import type { Slip } from './SlipModal.tsx';
import { useMemberVerbs, VERB_LETTERS, type MemberVerb } from './useMemberVerbs.ts';

interface ColumnsInput {
  onEdit: (record: MemberRecord) => void;
  onSlip: (slip: Slip) => void;
}

/** What can be done with a member in its state, in the order of the menu. */
export function verbsFor(record: MemberRecord, ownId: string | null): MemberVerb[] {
  const self = record.member.id === ownId;
  const { authorized, member: { state } } = record;
  const verbs: MemberVerb[] = [];
  if (record.locked) verbs.push('unlock');
  if (state === 'ACTIVE') verbs.push('reset');
  if (state === 'ACTIVE' && !authorized) verbs.push('authorize');
  if (self) return verbs;
  if (authorized) verbs.push('unauthorize');
  if (state === 'ACTIVE') verbs.push('disable', 'resign');
  else verbs.push('reinstate');
  return verbs;
}

export function useMemberColumns({ onEdit, onSlip }: ColumnsInput): TableColumnsType<MemberRecord> {
  const { t, language } = useWords();
  const manages = useMay('MEMBERS_MANAGE');
  const columns: TableColumnsType<MemberRecord> = [
    { title: t('members.name'), key: 'name', render: (_, record) => <Who record={record} /> },
    { title: t('members.account'), key: 'account', render: (_, { member }) => member.account },
    {
      title: t('members.department'), key: 'department',
      render: (_, { member }) => <Departments names={member.departments.map(({ name }) => name)} />,
    },
    { title: t('members.contact'), key: 'contact', render: (_, record) => <Contact record={record} /> },
    { title: t('members.state'), key: 'state', render: (_, record) => <StateTags record={record} /> },
    { title: t('members.lastSignIn'), key: 'lastSignIn', render: (_, record) => lastSignIn(t, language, record) },
  ];
  if (!manages) return columns;
  return [...columns, {
    title: t('members.actions'), key: 'actions', width: 110,
    render: (_, record) => <RowActions record={record} onEdit={onEdit} onSlip={onSlip} />,
  }];
}

function lastSignIn(t: Translate, language: Language, { lastSignInAt }: MemberRecord): string {
  return lastSignInAt ? formatDateTime(language, new Date(lastSignInAt)) : t('members.never');
}

function Who({ record }: { record: MemberRecord }): ReactElement {
  const { t } = useWords();
  const { tenantId } = useViewer();
  const { member, roles } = record;
  const above = roles.filter((role) => role !== 'MEMBER');
  return (
    <div className={styles['person']}>
      <Avatar id={member.id} name={member.name} picture={avatarUrl(tenantId, member.avatarId)} size="small" />
      <div>
        <p className={styles['clip']} title={member.name}>{member.name}{member.nickname ? ` (${member.nickname})` : ''}</p>
        <p className={`${styles['muted']} ${styles['clip']}`}>
          {[member.position, ...above.map((role) => t(`role.${role}`))].filter(Boolean).join(' · ')}
        </p>
      </div>
    </div>
  );
}

function Departments({ names }: { names: string[] }): ReactElement | null {
  const text = names.join(' / ');
  return text === '' ? null : <p className={styles['clip']} title={text}>{text}</p>;
}

function Contact({ record }: { record: MemberRecord }): ReactElement | null {
  if (!record.mobile && !record.email) return null;
  return (
    <div>
      <p>{record.mobile}</p>
      <p className={`${styles['muted']} ${styles['clip']}`} title={record.email ?? undefined}>{record.email}</p>
    </div>
  );
}

function StateTags({ record }: { record: MemberRecord }): ReactElement {
  const { t } = useWords();
  const { member, locked, authorized, initialPassword } = record;
  return (
    <div className={styles['row']}>
      {member.state === 'ACTIVE'
        ? <span>{t('memberState.ACTIVE')}</span>
        : <Tag variant="outlined">{t(`memberState.${member.state}`)}</Tag>}
      {locked ? <Tag variant="outlined" color="error">{t('members.locked')}</Tag> : null}
      {authorized ? null : <Tag variant="outlined" color="warning">{t('members.unauthorised')}</Tag>}
      {initialPassword ? <Tag variant="outlined">{t('members.initialPassword')}</Tag> : null}
    </div>
  );
}

interface RowActionsProps extends ColumnsInput {
  record: MemberRecord;
}

function RowActions({ record, onEdit, onSlip }: RowActionsProps): ReactElement {
  const { t } = useWords();
  const { modal } = App.useApp();
  const viewer = useViewer();
  const run = useMemberVerbs(record, onSlip);
  const { name } = record.member;
  const ask = (verb: MemberVerb): void => {
    if (verb === 'unlock' || verb === 'authorize' || verb === 'reinstate') return void run(verb);
    modal.confirm({
      title: t(`members.ask.${verb}`, { name }), content: t(`members.effect.${verb}`, { name }),
      okText: t(`members.verb.${verb}`), okButtonProps: { danger: verb !== 'reset' }, onOk: () => run(verb),
    });
  };
  const actions = verbsFor(record, viewer.member?.id ?? null).map((verb) => ({
    key: verb, label: t(`members.verb.${verb}`), letter: VERB_LETTERS[verb],
    danger: verb === 'unauthorize' || verb === 'disable' || verb === 'resign', onClick: () => ask(verb),
  }));
  return (
    <div className={styles['row']} style={{ flexWrap: 'nowrap' }}>
      <Button size="small" onClick={() => onEdit(record)} aria-label={t('members.editName', { name })}>
        {t('members.edit')}
      </Button>
      <RowMenu label={t('members.more', { name })} actions={actions} />
    </div>
  );
}
