/** Saves the drawer's form: creates, or updates what changed and sets the roles if they did. */
import {
  MemberCreateDocument, MemberRolesSetDocument, MemberUpdateDocument, type Role, type SlipFieldsFragment,
} from '../../gql/tenant/console.ts';
import { useVerb } from '../../ui/desk/requests.ts';
import { consoleClient } from '../data.ts';
import type { MemberRecord } from './MembersPage.tsx';

export interface MemberValues {
  name: string;
  account: string;
  departmentIds: string[];
  email: string;
  mobile: string;
  position: string;
  nickname: string;
  weight: number;
  roles: Role[];
  slip: boolean;
}

interface Saved {
  slip: SlipFieldsFragment | null;
  mailed: boolean;
}

const REFRESHES = ['members', 'company', 'departments'];

export function startValues(record: MemberRecord | null): MemberValues {
  return {
    name: record?.member.name ?? '',
    account: record?.member.account ?? '',
    departmentIds: record?.member.departments.map(({ id }) => id) ?? [],
    email: record?.email ?? '',
    mobile: record?.mobile ?? '',
    position: record?.member.position ?? '',
    nickname: record?.member.nickname ?? '',
    weight: record?.weight ?? 0,
    roles: record?.roles.filter((role) => role !== 'MEMBER') ?? [],
    slip: false,
  };
}

/** An empty optional field of a new member is left out. */
function given(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** What to send of a text: null when it is as it was, empty when it was cleared. */
export function changedText(before: string | null, after: string): string | null {
  return after.trim() === (before ?? '') ? null : after.trim();
}

export function rolesChanged(record: MemberRecord, roles: readonly Role[]): boolean {
  const before = record.roles.filter((role) => role !== 'MEMBER').toSorted().join();
  return before !== [...roles].sort().join();
}

export function useMemberSave(
  record: MemberRecord | null,
): { save: (values: MemberValues) => Promise<Saved>; busy: boolean } {
  const client = consoleClient;
  const create = useVerb({
    client, document: MemberCreateDocument, refreshes: REFRESHES, payload: ({ memberCreate }) => memberCreate,
  });
  const update = useVerb({
    client, document: MemberUpdateDocument, refreshes: REFRESHES, payload: ({ memberUpdate }) => memberUpdate,
  });
  const setRoles = useVerb({
    client, document: MemberRolesSetDocument, refreshes: REFRESHES, payload: ({ memberRolesSet }) => memberRolesSet,
  });
  const save = async (values: MemberValues): Promise<Saved> => {
    const { name, account, departmentIds, email, mobile, position, nickname, weight, roles, slip } = values;
    if (!record) {
      return create.mutateAsync({
        input: {
          name: name.trim(), account: account.trim(), departmentIds, email: given(email), mobile: given(mobile),
          position: given(position), nickname: given(nickname), slip,
        },
      });
    }
    const { id, member } = record;
    const sameDepartments = departmentIds.toSorted().join() === startValues(record).departmentIds.toSorted().join();
    await update.mutateAsync({
      input: {
        id,
        name: changedText(member.name, name),
        departmentIds: sameDepartments ? null : departmentIds,
        email: changedText(record.email, email),
        mobile: changedText(record.mobile, mobile),
        position: changedText(member.position, position),
        nickname: changedText(member.nickname, nickname),
        weight: weight === record.weight ? null : weight,
      },
    });
    if (rolesChanged(record, roles)) await setRoles.mutateAsync({ input: { id, roles: roles.length > 0 ? roles : ['MEMBER'] } });
    return { slip: null, mailed: false };
  };
  return { save, busy: create.isPending || update.isPending || setRoles.isPending };
}
