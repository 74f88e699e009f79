/** The mock of /graphql: root resolvers over the world, for the member or admin of a session. */
import { headsDigest } from '../chat/live/digest.ts';
import { fileRoot } from './fileResolvers.ts';
import {
  TENANT_ID, type MockConversation, type MockDepartment, type MockEntry, type MockMember,
  type MockSession, type MockWorld,
} from './world.ts';

export type MockEvent = Record<string, unknown> & { __typename: string };
export type Deliver = (sessionFilter: (session: MockSession) => boolean, event: MockEvent) => void;
export type EndSession = (session: MockSession, reason: string, by: string | null) => void;

export interface MockContext {
  session: MockSession | null;
  device: string;
  setSession: (session: MockSession | null) => void;
}

interface Ports {
  deliver: Deliver;
  end: EndSession;
}

interface MockMessage {
  conversationId: string;
  nonce: string;
  text?: string | null;
  attachmentIds?: string[] | null;
  folder?: { name: string; files: { fileId: string; path: string }[] } | null;
}

interface PageArguments {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

export class MockRefusal extends Error {
  readonly extensions: { code: string };
  constructor(code: string) {
    super(code);
    this.extensions = { code };
  }
}

/** Without what was left out. */
function given(input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
}

function problem(code: string, field: string | null = null) {
  return { code, field, limit: null, used: null, retryAfterS: null, message: code };
}

export function page<Node>(nodes: Node[], { first = 50, after }: PageArguments) {
  const from = after ? Number(after) : 0;
  const cut = nodes.slice(from, from + first);
  return {
    edges: cut.map((node, index) => ({ cursor: String(from + index + 1), node })),
    totalCount: nodes.length,
    pageInfo: {
      hasNextPage: from + first < nodes.length, hasPreviousPage: from > 0,
      startCursor: String(from), endCursor: String(from + cut.length),
    },
  };
}

export function tenantRoot(world: MockWorld, context: MockContext, ports: Ports) {
  const session = (): MockSession => {
    if (!context.session || !world.sessions.includes(context.session)) throw new MockRefusal('UNAUTHENTICATED');
    return context.session;
  };
  const self = (): MockMember => {
    const member = world.member(session().memberId);
    if (!member) throw new MockRefusal('UNAUTHENTICATED');
    return member;
  };
  const live = (memberId: string): MockSession[] => world.sessions.filter((one) => one.memberId === memberId);
  const department = (one: MockDepartment) => ({
    __typename: 'Department', ...one,
    memberCount: world.members.filter((member) => member.departmentIds.some((id) => isBelow(id, one.id))).length,
    childCount: world.departments.filter(({ parentId }) => parentId === one.id).length,
    depth: one.parentId ? 2 : 1,
  });
  const isBelow = (id: string, root: string): boolean => {
    for (let at: string | null = id; at; at = world.departments.find((one) => one.id === at)?.parentId ?? null) {
      if (at === root) return true;
    }
    return false;
  };
  const member = (one: MockMember) => ({
    __typename: 'Member', ...one, online: live(one.id).length > 0,
    departments: world.departments.filter(({ id }) => one.departmentIds.includes(id)).map(department),
  });
  const entry = (one: MockEntry) => ({
    __typename: 'Entry', ...one, author: one.authorId ? member(world.member(one.authorId)!) : null,
  });
  const conversation = (one: MockConversation) => {
    const me = self().id;
    const peerId = one.memberIds.find((id) => id !== me) ?? me;
    const peer = world.member(peerId)!;
    const last = one.entries[one.entries.length - 1];
    return {
      __typename: 'Conversation', id: one.id, kind: 'DIRECT', title: peer.name, peer: member(peer),
      headSeq: last?.seq ?? 0, readSeq: one.read.get(me) ?? 0, peerReadSeq: one.read.get(peerId) ?? 0,
      unread: world.unread(one, me), lastEntry: last ? entry(last) : null, changedAt: last?.createdAt,
      entries: ({ first, after, last: count, before }: PageArguments) => {
        const below = before ? Number(before) : Number.MAX_SAFE_INTEGER;
        const all = one.entries.filter(({ seq }) => seq > Number(after ?? 0) && seq < below);
        const cut = count ? all.slice(-count) : all.slice(0, first ?? 50);
        return {
          edges: cut.map((node) => ({ cursor: String(node.seq), node: entry(node) })),
          pageInfo: {
            hasNextPage: !count && cut.length < all.length, hasPreviousPage: Boolean(count) && cut.length < all.length,
            startCursor: null, endCursor: null,
          },
        };
      },
    };
  };
  const own = (): MockConversation[] => world.conversations.filter(({ memberIds }) => memberIds.includes(self().id));
  const ownById = (id: string): MockConversation => {
    const found = own().find((one) => one.id === id);
    if (!found) throw new MockRefusal('NOT_FOUND');
    return found;
  };
  const viewer = () => {
    const me = self();
    return {
      tenantId: TENANT_ID, sessionId: session().id, surface: session().surface, member: member(me), roles: me.roles,
      permissions: me.roles.includes('OWNER')
        ? ['COMPANY_VIEW', 'COMPANY_MANAGE', 'MEMBERS_VIEW', 'MEMBERS_MANAGE', 'DEPARTMENTS_MANAGE', 'SESSIONS_MANAGE', 'SECURITY_MANAGE', 'MAIL_VIEW']
        : [],
      mustChangePassword: me.initialPassword, language: null,
    };
  };
  const company = () => ({ ...world.company, seatsUsed: world.members.filter(({ state, authorized }) => state === 'ACTIVE' && authorized).length });
  const record = (one: MockMember) => ({
    __typename: 'MemberRecord', id: one.id, member: member(one), email: one.email, mobile: one.mobile, weight: one.weight,
    roles: one.roles, authorized: one.authorized, locked: one.locked, sessionCount: live(one.id).length,
    lastSignInAt: one.lastSignInAt, initialPassword: one.initialPassword, createdAt: one.createdAt,
  });
  const wire = (one: MockSession) => ({
    __typename: 'Session', ...one, member: member(world.member(one.memberId)!), deviceType: one.surface === 'MEMBER' ? 'DESKTOP' : 'CONSOLE',
    ip: '203.0.113.7', lastSeenAt: new Date().toISOString(), current: one.id === context.session?.id,
  });
  const search = (list: MockMember[], text: string | null | undefined, departmentId: string | null | undefined) => list.filter(
    (one) => (!text || one.name.includes(text) || one.account.includes(text.toLowerCase().slice(0, 4)))
      && (!departmentId || one.departmentIds.some((id) => isBelow(id, departmentId))),
  );
  const find = (id: string): MockMember => {
    const found = world.member(id);
    if (!found) throw new MockRefusal('NOT_FOUND');
    return found;
  };
  const slip = (one: MockMember, password: string) => ({
    hostName: world.company.hostName, enterpriseNumber: world.company.enterpriseNumber, account: one.account, initialPassword: password,
  });
  const changed = (id: string, apply: (one: MockMember) => void, action: string) => {
    const one = find(id);
    apply(one);
    world.log(self().name, action, one.name);
    return { member: record(one) };
  };
  const attached = ({ attachmentIds, folder }: MockMessage) => [
    ...(attachmentIds ?? []).flatMap((id) => world.files.files.get(id) ?? []),
    ...(folder ? [world.files.folder(folder.name, folder.files)] : []),
  ];
  const directoryChanged = (): void => ports.deliver(() => true, { __typename: 'DirectoryEvent', version: world.id('dir') });
  return {
    ...fileRoot(world, world.files, { self, member, company, directoryChanged }),
    viewer: () => (context.session && world.sessions.includes(context.session) ? viewer() : null),
    company,
    departments: (input: PageArguments & { parentId?: string | null }) => {
      const list = world.departments.filter(({ parentId }) => parentId === (input.parentId ?? null));
      list.sort((left, right) => left.orderNumber - right.orderNumber);
      return page(list.map(department), { ...input, first: input.first ?? 100 });
    },
    department: ({ id }: { id: string }) => {
      const found = world.departments.find((one) => one.id === id);
      return found ? department(found) : null;
    },
    members: (input: PageArguments & { search?: string; departmentId?: string }) => (
      page(search(world.members.filter(({ state }) => state === 'ACTIVE'), input.search, input.departmentId).map(member), input)
    ),
    member: ({ id }: { id: string }) => member(find(id)),
    conversations: (input: PageArguments) => page(own().map(conversation), input),
    conversation: ({ id }: { id: string }) => conversation(ownById(id)),
    sync: ({ position, first = 100 }: { position?: string | null; first?: number }) => {
      const since = Number(position ?? 0);
      const all = own().filter(({ changed: at }) => at > since).sort((left, right) => left.changed - right.changed);
      const cut = all.slice(0, first);
      const last = cut[cut.length - 1];
      return { conversations: cut.map(conversation), position: String(last?.changed ?? since), more: cut.length < all.length };
    },
    passwordRule: () => ({ minLength: 8, maxLength: 64, strong: world.security.strongPassword }),
    memberRecords: (input: PageArguments & { search?: string; departmentId?: string; state?: string; locked?: boolean }) => {
      const list = search(world.members, input.search, input.departmentId).filter(
        (one) => (!input.state || one.state === input.state) && (input.locked === undefined || input.locked === null || one.locked === input.locked),
      );
      return page(list.map(record), { ...input, first: input.first ?? 10 });
    },
    memberRecord: ({ id }: { id: string }) => record(find(id)),
    sessions: (input: PageArguments & { memberId?: string }) => {
      const all = world.sessions.filter((one) => (session().surface === 'MEMBER' ? one.memberId === self().id : true)
        && (!input.memberId || one.memberId === input.memberId));
      return page(all.map(wire), input);
    },
    mails: (input: PageArguments) => page([
      { id: 'mai_1', recipient: 'liyt@hanse.example', kind: 'activation', state: 'SENT', createdAt: new Date().toISOString(), sentAt: new Date().toISOString(), error: null },
      { id: 'mai_2', recipient: 'wanghr@hanse.example', kind: 'password_link', state: 'FAILED', createdAt: new Date().toISOString(), sentAt: null, error: '550 mailbox unavailable' },
    ], input),
    securitySettings: () => world.security,
    auditLog: (input: PageArguments) => page(world.audit, input),

    signIn: ({ input }: { input: { tenant: string; account: string; password: string; surface: 'MEMBER' | 'CONSOLE' } }) => {
      if (![world.company.hostName, world.company.enterpriseNumber, TENANT_ID].includes(input.tenant)) return { problem: problem('TENANT_UNKNOWN', 'tenant'), replaced: [] };
      const found = world.members.find(({ account }) => account === input.account);
      if (found?.password !== input.password) return { problem: problem('CREDENTIALS_WRONG'), replaced: [] };
      if (input.surface === 'MEMBER') {
        if (!found.authorized && !world.company.autoAuthorize) return { problem: problem('NOT_AUTHORIZED_TO_SIGN_IN'), replaced: [] };
        found.authorized = true;
      }
      const older = live(found.id).filter(({ surface }) => surface === input.surface);
      for (const one of older) ports.end(one, 'REPLACED', context.device);
      const made: MockSession = {
        id: world.id('ses'), memberId: found.id, surface: input.surface, device: context.device, createdAt: new Date().toISOString(),
      };
      world.sessions.push(made);
      context.setSession(made);
      ports.deliver(() => true, { __typename: 'PresenceEvent', memberId: found.id, online: true });
      return { problem: null, viewer: viewer(), token: null, replaced: older.map(({ device }) => device) };
    },
    passwordForgot: () => ({ problem: null }),
    passwordSet: () => ({ problem: null, account: 'liyt' }),
    signOut: () => {
      ports.end(session(), 'SIGNED_OUT', null);
      context.setSession(null);
      return { problem: null };
    },
    passwordChange: ({ input }: { input: { oldPassword: string; newPassword: string } }) => {
      const me = self();
      if (me.password !== input.oldPassword) return { problem: problem('PASSWORD_WRONG', 'oldPassword') };
      if (me.password === input.newPassword) return { problem: problem('PASSWORD_SAME', 'newPassword') };
      me.password = input.newPassword;
      me.initialPassword = false;
      return { problem: null, viewer: viewer() };
    },
    languageSet: () => viewer(),
    sessionRevoke: ({ input }: { input: { id: string } }) => {
      const found = world.sessions.find(({ id }) => id === input.id);
      if (!found) throw new MockRefusal('NOT_FOUND');
      ports.end(found, 'REVOKED', null);
      return { problem: null, sessionId: found.id };
    },
    conversationOpenDirect: ({ input }: { input: { memberId: string } }) => {
      const other = find(input.memberId);
      const opened = world.openDirect(self().id, other.id);
      ports.deliver(({ memberId }) => opened.memberIds.includes(memberId), { __typename: 'ConversationEvent', conversationId: opened.id });
      return { problem: null, conversation: conversation(opened) };
    },
    messageSend: ({ input }: { input: MockMessage }) => {
      const to = ownById(input.conversationId);
      const text = input.text ?? '';
      if (text.includes('[refuse]')) return { problem: problem('MESSAGE_TOO_LONG', 'text'), duplicate: false };
      const known = to.entries.find(({ nonce }) => nonce === input.nonce);
      if (known) return { problem: null, entry: entry(known), duplicate: true };
      const me = self();
      const made = world.append(to, me.id, text, input.nonce);
      made.attachments = attached(input);
      ports.deliver(({ memberId }) => to.memberIds.includes(memberId), {
        __typename: 'MessageEvent', ...made, authorName: me.name,
        attachments: made.attachments.map((file) => ({ ...file, bytes: undefined })),
      });
      return { problem: null, entry: entry(made), duplicate: false };
    },
    readMarkMove: ({ input }: { input: { conversationId: string; seq: number } }) => {
      const of = ownById(input.conversationId);
      const me = self().id;
      of.read.set(me, Math.max(of.read.get(me) ?? 0, input.seq));
      world.touch(of);
      ports.deliver(({ memberId }) => of.memberIds.includes(memberId), {
        __typename: 'ReadMarkEvent', conversationId: of.id, memberId: me, seq: of.read.get(me),
      });
      return { problem: null, conversation: conversation(of) };
    },
    companyUpdate: ({ input }: { input: Record<string, unknown> }) => {
      Object.assign(world.company, given(input));
      return { problem: null, company: company() };
    },
    superPasswordSet: ({ input }: { input: { ownPassword: string } }) => {
      if (input.ownPassword !== self().password) return { problem: problem('PASSWORD_WRONG', 'ownPassword') };
      world.company.superPasswordSet = true;
      return { problem: null, company: company() };
    },
    securitySettingsUpdate: ({ input }: { input: Record<string, unknown> }) => {
      Object.assign(world.security, input);
      if (typeof input['autoAuthorize'] === 'boolean') world.company.autoAuthorize = input['autoAuthorize'];
      return { problem: null, settings: world.security };
    },
    departmentCreate: ({ input }: { input: { parentId?: string; name: string; orderNumber: number } }) => {
      if (input.name.length > 25) return { problem: problem('TOO_LONG', 'name') };
      const made = { id: world.id('dep'), name: input.name, parentId: input.parentId ?? null, orderNumber: input.orderNumber };
      world.departments.push(made);
      return { problem: null, department: department(made) };
    },
    departmentUpdate: ({ input }: { input: Partial<MockDepartment> & { id: string } }) => {
      const found = world.departments.find(({ id }) => id === input.id);
      if (!found) throw new MockRefusal('NOT_FOUND');
      if (input.parentId && isBelow(input.parentId, found.id)) return { problem: problem('DEPARTMENT_CYCLE', 'parentId') };
      Object.assign(found, input);
      return { problem: null, department: department(found) };
    },
    departmentDelete: ({ input }: { input: { id: string } }) => {
      const index = world.departments.findIndex(({ id }) => id === input.id);
      const found = world.departments[index];
      if (!found) throw new MockRefusal('NOT_FOUND');
      const { memberCount, childCount } = department(found);
      if (memberCount + childCount > 0) return { problem: problem('DEPARTMENT_NOT_EMPTY') };
      world.departments.splice(index, 1);
      return { problem: null, departmentId: input.id };
    },
    memberCreate: ({ input }: { input: MockMember & { slip: boolean } }) => {
      if (world.members.some(({ account }) => account === input.account)) return { problem: problem('ACCOUNT_TAKEN', 'account'), mailed: false };
      if (!input.slip && !input.email && !input.mobile) return { problem: problem('CONTACT_REQUIRED', 'email'), mailed: false };
      const made: MockMember = {
        ...input, id: world.id('mem'), password: 'Init1234', nickname: input.nickname ?? null, position: input.position ?? null,
        email: input.email ?? null, mobile: input.mobile ?? null, signature: null, state: 'ACTIVE', weight: 0, roles: ['MEMBER'],
        authorized: false, locked: false, initialPassword: true, avatarId: null, lastSignInAt: null, createdAt: new Date().toISOString(),
      };
      world.members.push(made);
      world.log(self().name, 'member.create', made.name);
      return { problem: null, member: record(made), slip: input.slip ? slip(made, 'Init1234') : null, mailed: !input.slip };
    },
    memberUpdate: ({ input }: { input: Partial<MockMember> & { id: string } }) => changed(input.id, (one) => Object.assign(one, given(input)), 'member.update'),
    memberPasswordReset: ({ input }: { input: { id: string; slip: boolean } }) => {
      const one = find(input.id);
      one.password = 'Init1234';
      one.initialPassword = true;
      return { problem: null, slip: input.slip ? slip(one, 'Init1234') : null, mailed: !input.slip };
    },
    memberUnlock: ({ input }: { input: { id: string } }) => changed(input.id, (one) => { one.locked = false; }, 'member.unlock'),
    memberAuthorize: ({ input }: { input: { id: string } }) => {
      const { seatsUsed, seatsLimit } = company();
      if (!find(input.id).authorized && seatsUsed >= seatsLimit) return { problem: { ...problem('SEATS_EXHAUSTED'), limit: seatsLimit, used: seatsUsed } };
      return changed(input.id, (one) => { one.authorized = true; }, 'member.authorize');
    },
    memberUnauthorize: ({ input }: { input: { id: string } }) => {
      if (input.id === self().id) return { problem: problem('SELF_NOT_ALLOWED') };
      for (const one of live(input.id)) ports.end(one, 'MEMBER_CLOSED', null);
      return changed(input.id, (one) => { one.authorized = false; }, 'member.unauthorize');
    },
    memberStateSet: ({ input }: { input: { id: string; state: MockMember['state'] } }) => (
      input.id === self().id ? { problem: problem('SELF_NOT_ALLOWED') } : changed(input.id, (one) => {
        one.state = input.state;
        one.authorized &&= input.state === 'ACTIVE';
      }, 'member.state')
    ),
    memberRolesSet: ({ input }: { input: { id: string; roles: string[] } }) => changed(input.id, (one) => { one.roles = input.roles; }, 'member.roles'),
  };
}

/** The digest that the mock's heartbeat carries. */
export function digestFor(world: MockWorld, memberId: string): string {
  const own = world.conversations.filter(({ memberIds }) => memberIds.includes(memberId));
  return headsDigest(own.map(({ id, entries }) => ({ id, headSeq: entries.length })));
}
