/** The logic of console and sign-up forms. */
import { describe, expect, it } from 'vitest';
import { codeDigits } from '../platform/signup/useSignup.ts';
import { nameWidth } from './departments/DepartmentForm.tsx';
import type { MemberRecord } from './members/MembersPage.tsx';
import { verbsFor } from './members/useMemberColumns.tsx';
import { changedText, rolesChanged, startValues } from './members/useMemberSave.ts';

function record(change: { state?: MemberRecord['member']['state']; authorized?: boolean; locked?: boolean; roles?: MemberRecord['roles'] } = {}): MemberRecord {
  return {
    id: 'mem_1', email: null, mobile: null, weight: 0, roles: change.roles ?? ['MEMBER'], authorized: change.authorized ?? true,
    locked: change.locked ?? false, sessionCount: 0, lastSignInAt: null, initialPassword: false,
    createdAt: '2026-11-22T08:00:00Z',
    member: {
      id: 'mem_1', name: '李雨桐', nickname: null, account: 'liyt', position: null, state: change.state ?? 'ACTIVE',
      online: false, avatarId: null, departments: [{ id: 'dep_1', name: '研发中心' }],
    },
  };
}

describe('a member of the list (covers: DIR-22, SEC-14)', () => {
  it('offers what its state allows', () => {
    expect(verbsFor(record(), null)).toEqual(['reset', 'unauthorize', 'disable', 'resign']);
    expect(verbsFor(record({ locked: true }), null)[0]).toBe('unlock');
    expect(verbsFor(record({ state: 'RESIGNED', authorized: false }), null)).toEqual(['reinstate']);
  });

  it('is authorised by hand where it has no seat (covers: LIC-09, DIR-30)', () => {
    expect(verbsFor(record({ authorized: false }), null)).toEqual(['reset', 'authorize', 'disable', 'resign']);
    expect(verbsFor(record({ authorized: false }), 'mem_1')).toEqual(['reset', 'authorize']);
  });

  it('never offers to lock oneself out', () => {
    expect(verbsFor(record(), 'mem_1')).toEqual(['reset']);
  });

  it('is written back with its roles only when they changed', () => {
    const admin = record({ roles: ['ADMINISTRATOR', 'MEMBER'] });
    expect(startValues(admin).roles).toEqual(['ADMINISTRATOR']);
    expect(rolesChanged(admin, ['ADMINISTRATOR'])).toBe(false);
    expect(rolesChanged(admin, [])).toBe(true);
  });
});

describe('forms', () => {
  it('send a text only when it changed, empty when it was cleared', () => {
    expect(changedText(null, '')).toBeNull();
    expect(changedText('a@b.example', ' a@b.example ')).toBeNull();
    expect(changedText('a@b.example', '')).toBe('');
    expect(changedText(null, '13800138000')).toBe('13800138000');
  });

  it('measure a department name in half widths (covers: DIR-03)', () => {
    expect(nameWidth('Sales')).toBe(5);
    expect(nameWidth('市场部')).toBe(6);
    expect(nameWidth('a'.repeat(50))).toBe(50);
  });

  it('take a pasted code with whatever stands around it', () => {
    expect(codeDigits(' 483-920\n')).toBe('483920');
    expect(codeDigits('验证码：4839201')).toBe('483920');
  });
});
