/** The mock's data: one company with departments, people and conversations, all in memory. */
import { MockFiles, type MockFile } from './mockFiles.ts';

export interface MockMember {
  id: string;
  name: string;
  nickname: string | null;
  account: string;
  password: string;
  position: string | null;
  signature: string | null;
  departmentIds: string[];
  state: 'ACTIVE' | 'DISABLED' | 'RESIGNED';
  email: string | null;
  mobile: string | null;
  weight: number;
  roles: string[];
  authorized: boolean;
  locked: boolean;
  initialPassword: boolean;
  avatarId: string | null;
  lastSignInAt: string | null;
  createdAt: string;
}

export interface MockEntry {
  id: string;
  conversationId: string;
  seq: number;
  kind: 'MESSAGE' | 'CREATED';
  authorId: string | null;
  nonce: string | null;
  text: string | null;
  attachments: MockFile[];
  countTo: number;
  createdAt: string;
}

export interface MockConversation {
  id: string;
  memberIds: [string, string];
  entries: MockEntry[];
  read: Map<string, number>;
  changed: number;
}

export interface MockDepartment {
  id: string;
  name: string;
  parentId: string | null;
  orderNumber: number;
}

export interface MockSession {
  id: string;
  memberId: string;
  surface: 'MEMBER' | 'CONSOLE';
  device: string;
  createdAt: string;
}

export const TENANT_ID = 'tnt_01mock';
const DAY_MS = 86_400_000;
const PEOPLE: [string, string, string, string][] = [
  ['陈思远', 'chensy', 'dep_rd', '研发总监'], ['李雨桐', 'liyt', 'dep_rd', '前端工程师'],
  ['王浩然', 'wanghr', 'dep_be', '后端工程师'], ['张梓涵', 'zhangzh', 'dep_be', '数据库工程师'],
  ['刘子轩', 'liuzx', 'dep_sales', '销售经理'], ['赵一诺', 'zhaoyn', 'dep_sales', '客户经理'],
  ['孙嘉怡', 'sunjy', 'dep_hr', '人事主管'], ['周天佑', 'zhouty', 'dep_fin', '会计'],
  ['欧阳若曦', 'ouyangrx', 'dep_rd', '产品经理'], ['Emma Brandt', 'ebrandt', 'dep_sales', 'Partner manager'],
  ['Jonas Weber', 'jweber', 'dep_be', 'Engineer'], ['马晓', 'maxiao', 'dep_hr', '招聘专员'],
];
const LINES = [
  '早，昨天的联调结果怎么样？', '接口都通了，就剩下断线重连还要再测一下。', '好的，我上午把测试环境腾出来给你们。',
  '合同的附件我放在 https://files.example.com/contract/2026-11 了，麻烦看一下第三条。',
  'The Hamburg office asks whether we can move the review to Thursday 14:00.', 'Thursday works for me.',
  '收到 👍', '这个问题是因为排序号相同，先按创建时间排。\n我下午提一个修正，晚上一起发布。', '辛苦了。',
  '下周的出差申请需要部门负责人审批，请提前提交。', 'OK', '客户那边确认了，周五上线。',
];

export class MockWorld {
  readonly members: MockMember[] = [];
  readonly departments: MockDepartment[] = [
    { id: 'dep_rd', name: '研发中心', parentId: null, orderNumber: 10 },
    { id: 'dep_be', name: '服务端组', parentId: 'dep_rd', orderNumber: 10 },
    { id: 'dep_sales', name: '市场与销售部', parentId: null, orderNumber: 20 },
    { id: 'dep_hr', name: '人力资源部', parentId: null, orderNumber: 30 },
    { id: 'dep_fin', name: '财务部', parentId: null, orderNumber: 40 },
  ];
  readonly conversations: MockConversation[] = [];
  readonly sessions: MockSession[] = [];
  readonly audit: { id: string; at: string; actor: string; action: string; object: string | null; ip: string; outcome: string }[] = [];
  readonly company = {
    __typename: 'Company', id: TENANT_ID, enterpriseNumber: '10001', hostName: 'hanse', fullName: '汉萨数字科技（深圳）有限公司',
    shortName: '汉萨科技', industry: 'internet', email: 'founder@hanse.example', mobile: null as string | null,
    status: 'ACTIVE', verified: false, createdAt: new Date(Date.now() - 9 * DAY_MS).toISOString(),
    seatsLimit: 50, expiresAt: new Date(Date.now() + 5 * DAY_MS).toISOString() as string | null, trial: true,
    autoAuthorize: true, superPasswordSet: false, logoId: null as string | null,
  };
  readonly security = {
    strongPassword: false, passwordValidityDays: 0, signInByEmail: true, signInByMobile: false,
    severalDevices: false, autoAuthorize: true,
  };
  #changes = 0;
  #ids = 0;
  readonly files = new MockFiles((prefix) => this.id(prefix));

  constructor(people = PEOPLE.length, messages = 60) {
    for (let index = 0; index < people; index += 1) this.#addPerson(index);
    const [first, ...others] = this.members;
    if (!first) return;
    others.slice(0, 8).forEach((other, index) => {
      const conversation = this.openDirect(first.id, other.id);
      const count = index === 0 ? messages : 3 + index;
      for (let line = 0; line < count; line += 1) {
        const author = line % 3 === 0 ? first.id : other.id;
        const age_ms = (count - line) * 97_000 * (index + 1) + index * DAY_MS * 0.7;
        this.append(conversation, author, LINES[(line + index) % LINES.length] ?? '', null, Date.now() - age_ms);
      }
      if (index === 0) this.#shareFiles(conversation, other.id);
      const head = conversation.entries.length;
      conversation.read.set(first.id, index === 1 || index === 3 ? head - 2 : head);
      conversation.read.set(other.id, head - 1);
    });
  }

  #shareFiles(conversation: MockConversation, authorId: string): void {
    const seeded = this.files.seeded();
    seeded.forEach((files, index) => {
      const text = index === 0 ? '现场照片，屋顶已经封好了' : '';
      const author = index % 2 === 0 ? authorId : (conversation.memberIds[0] ?? authorId);
      const made = this.append(conversation, author, text, null, Date.now() - (seeded.length - index) * 40_000);
      made.attachments = files;
    });
  }

  id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}_${String(this.#ids).padStart(6, '0')}`;
  }

  #addPerson(index: number): void {
    const [name, account, department, position] = PEOPLE[index % PEOPLE.length] ?? ['某人', 'x', 'dep_hr', ''];
    const again = index >= PEOPLE.length ? String(Math.floor(index / PEOPLE.length)) : '';
    this.members.push({
      id: this.id('mem'), name: name + again, nickname: null, account: account + again, password: 'Passw0rd!',
      position, signature: index === 1 ? '把简单的事做好' : null, departmentIds: [department], state: 'ACTIVE',
      email: `${account}${again}@hanse.example`, mobile: `1380013${String(8000 + index)}`, weight: 0,
      roles: index === 0 ? ['OWNER'] : ['MEMBER'], authorized: true, locked: index === 5, initialPassword: index > 8, avatarId: null,
      lastSignInAt: index > 8 ? null : new Date().toISOString(), createdAt: new Date().toISOString(),
    });
  }

  /** Makes this the company that has just signed up: nobody in it but its founder. */
  signUp(input: { fullName: string; hostName: string; contactName: string; email: string; password: string }): MockMember {
    const { fullName, hostName, contactName, email, password } = input;
    for (const list of [this.members, this.departments, this.conversations, this.sessions, this.audit]) list.splice(0);
    Object.assign(this.company, { fullName, hostName, email, shortName: null, superPasswordSet: false });
    const founder: MockMember = {
      id: this.id('mem'), name: contactName, nickname: null, account: 'admin', password, position: null, signature: null,
      departmentIds: [], state: 'ACTIVE', email, mobile: null, weight: 0, roles: ['OWNER'], authorized: true, locked: false,
      initialPassword: false, avatarId: null, lastSignInAt: null, createdAt: new Date().toISOString(),
    };
    this.members.push(founder);
    return founder;
  }

  member(id: string): MockMember | undefined {
    return this.members.find((member) => member.id === id);
  }

  openDirect(left: string, right: string): MockConversation {
    const known = this.conversations.find(({ memberIds }) => memberIds.includes(left) && memberIds.includes(right));
    if (known) return known;
    const conversation: MockConversation = {
      id: this.id('cnv'), memberIds: [left, right], entries: [], read: new Map(), changed: 0,
    };
    this.conversations.push(conversation);
    this.append(conversation, null, null, null, Date.now() - 20 * DAY_MS);
    return conversation;
  }

  append(
    conversation: MockConversation, authorId: string | null, text: string | null, nonce: string | null,
    at_ms = Date.now(),
  ): MockEntry {
    const last = conversation.entries[conversation.entries.length - 1];
    const entry: MockEntry = {
      id: this.id('msg'), conversationId: conversation.id, seq: (last?.seq ?? 0) + 1,
      kind: text === null ? 'CREATED' : 'MESSAGE', authorId, nonce, text, attachments: [],
      countTo: (last?.countTo ?? 0) + (text === null ? 0 : 1), createdAt: new Date(at_ms).toISOString(),
    };
    conversation.entries.push(entry);
    this.touch(conversation);
    return entry;
  }

  touch(conversation: MockConversation): void {
    this.#changes += 1;
    conversation.changed = this.#changes;
  }

  unread(conversation: MockConversation, memberId: string): number {
    const read = conversation.read.get(memberId) ?? 0;
    return conversation.entries.filter(
      ({ seq, kind, authorId }) => seq > read && kind === 'MESSAGE' && authorId !== memberId,
    ).length;
  }

  log(actor: string, action: string, object: string | null): void {
    const at = new Date().toISOString();
    this.audit.unshift({ id: this.id('aud'), at, actor, action, object, ip: '203.0.113.7', outcome: 'ok' });
  }
}
