/** The mock of /platform/graphql: sign-up, operator, mailbox. */
import { page } from './tenantResolvers.ts';
import { TENANT_ID, type MockWorld } from './world.ts';

const DAY_MS = 86_400_000;

export interface MockPlatform {
  signedIn: boolean;
  mails: Record<string, unknown>[];
  tenants: Record<string, unknown>[];
  signup: SignupInput | null;
}

interface SignupInput {
  fullName: string;
  hostName: string;
  contactName: string;
  email: string;
  password: string;
}

function problem(code: string, field: string | null = null) {
  return { code, field, limit: null, used: null, retryAfterS: null, message: code };
}

function tenant(index: number) {
  const names = ['汉萨数字科技（深圳）有限公司', '北岸物流有限公司', 'Lübeck Trading GmbH', '云帆教育集团', '青禾医疗器械股份有限公司'];
  return {
    __typename: 'Tenant', id: `tnt_${index}`, enterpriseNumber: String(10001 + index), hostName: `hanse${index || ''}`,
    fullName: names[index % names.length], shortName: null, industry: 'internet', email: 'founder@example.com', contactName: '陈思远',
    status: index === 3 ? 'SUSPENDED' : 'ACTIVE', verified: index % 2 === 0, trial: index % 3 === 0, seatsLimit: 50 + 50 * index,
    seatsUsed: 12 + 30 * index, memberCount: 12 + 31 * index, expiresAt: new Date(Date.now() + (index + 3) * DAY_MS).toISOString(),
    createdAt: new Date(Date.now() - index * DAY_MS).toISOString(), shard: 'embedded', schemaVersion: '12',
    migrationError: index === 2 ? 'm0007_read_marks: duplicate column name' : null,
  };
}

export function mockPlatform(): MockPlatform {
  return { signedIn: false, mails: [], tenants: Array.from({ length: 5 }, (_, index) => tenant(index)), signup: null };
}

export function platformRoot(world: MockWorld, state: MockPlatform) {
  const viewer = () => (state.signedIn
    ? { accountId: 'opr_1', name: '运营值班', email: 'ops@example.com', sessionId: 'ses_o', language: null } : null);
  const found = (id: string) => state.tenants.find((one) => one['id'] === id) ?? state.tenants[0];
  return {
    viewer,
    deployment: () => ({
      name: 'Hansa', localMailbox: true, termsVersion: '2026-11', termsText: '服务条款\n\n1. 服务内容……\n2. 双方的责任……',
      industries: ['internet', 'manufacturing', 'trade', 'education', 'health', 'finance', 'government', 'other'],
      trialSeats: 50, trialDays: 14, version: '0.1.0',
      demonstration: [{ company: world.company.fullName, hostName: 'hanse', account: 'chensy', password: 'Passw0rd!', note: 'owner' }],
    }),
    hostNameCheck: ({ hostName }: { hostName: string }) => {
      const taken = hostName === 'hanse';
      const reserved = hostName === 'admin';
      const bad = !/^[a-z0-9-]{3,32}$/.test(hostName);
      return {
        hostName, available: !taken && !bad && !reserved, suggestion: taken ? `${hostName}-2` : null,
        problem: bad ? problem('INVALID_HOST_NAME', 'hostName') : reserved ? problem('HOST_NAME_RESERVED', 'hostName') : taken ? problem('HOST_NAME_TAKEN', 'hostName') : null,
      };
    },
    tenants: (input: { search?: string; status?: string; first?: number; after?: string }) => page(
      state.tenants.filter((one) => (!input.search || String(one['fullName']).includes(input.search)) && (!input.status || one['status'] === input.status)),
      { ...input, first: input.first ?? 20 },
    ),
    tenant: ({ id }: { id: string }) => found(id),
    mails: (input: { first?: number; after?: string }) => page(state.mails, input),
    mail: ({ id }: { id: string }) => state.mails.find((one) => one['id'] === id) ?? null,
    shards: () => [{ name: 'embedded', open: true, tenants: 5, tenantsMax: 1000, healthy: true }],
    summary: () => ({
      tenantsActive: 4, tenantsTrial: 2, expiringSoon: [state.tenants[0]], migrationsFailed: [state.tenants[2]],
      mailsFailed: 1, signupsToday: 1,
    }),
    signupStart: ({ input }: { input: SignupInput }) => {
      state.signup = input;
      state.mails.unshift({
        __typename: 'PlatformMail', id: `mai_${state.mails.length + 1}`, recipient: input.email, kind: 'signup_code', tenant: null, state: 'SENT',
        createdAt: new Date().toISOString(), sentAt: new Date().toISOString(), error: null,
        subject: '您的验证码', body: '您的验证码是 483920，10 分钟内有效。',
      });
      return { problem: null, signupId: 'sgn_1', expiresAt: new Date(Date.now() + 600_000).toISOString(), resendAfterS: 60 };
    },
    signupResend: () => ({ problem: null, resendAfterS: 60 }),
    signupConfirm: ({ input }: { input: { code: string } }) => {
      if (input.code !== '483920' || !state.signup) return { problem: problem('CODE_WRONG', 'code') };
      const founder = world.signUp(state.signup);
      const { enterpriseNumber, hostName, fullName, seatsLimit, expiresAt } = world.company;
      state.tenants.unshift({ ...tenant(0), hostName, fullName, id: 'tnt_new' });
      return {
        problem: null,
        tenant: {
          tenantId: TENANT_ID, enterpriseNumber, hostName, fullName, account: founder.account, seatsLimit,
          expiresAt: expiresAt ?? new Date().toISOString(),
        },
      };
    },
    operatorClaim: () => {
      state.signedIn = true;
      return { problem: null, viewer: viewer() };
    },
    operatorSignIn: () => {
      state.signedIn = true;
      return { problem: null, viewer: viewer() };
    },
    signOut: () => {
      state.signedIn = false;
      return { problem: null };
    },
    tenantSuspend: ({ input }: { input: { id: string } }) => ({ problem: null, tenant: Object.assign(found(input.id) ?? {}, { status: 'SUSPENDED' }) }),
    tenantResume: ({ input }: { input: { id: string } }) => ({ problem: null, tenant: Object.assign(found(input.id) ?? {}, { status: 'ACTIVE' }) }),
    tenantVerify: ({ input }: { input: { id: string } }) => ({ problem: null, tenant: Object.assign(found(input.id) ?? {}, { verified: true }) }),
    tenantMigrate: ({ input }: { input: { id: string } }) => ({ problem: null, tenant: Object.assign(found(input.id) ?? {}, { migrationError: null }) }),
  };
}
