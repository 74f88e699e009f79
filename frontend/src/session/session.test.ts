/** What the browser remembers of tenants, and what the sign-in form starts with. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage as storage } from '../testing/storage.ts';
import { helpFor } from './help.ts';
import { forgetViewer, rememberedTenants, rememberTenant, tenantToPrefill } from './remembered.ts';
import { chooseTenant, currentTenant, learnCompany, leaveTenant, signedInTenants } from './tenants.ts';

const VIEWER = { sessionId: 'ses_1', memberId: 'mem_1', name: '陈思远' };

describe('remembered tenants', () => {
  it('are newest first, one list a surface, and forget who was signed in', () => {
    const kept = storage();
    rememberTenant(kept, 'member', { tenantId: 'tnt_1', tenant: 'hanse', viewer: VIEWER });
    rememberTenant(kept, 'member', { tenantId: 'tnt_2', tenant: 'luebeck', viewer: VIEWER });
    rememberTenant(kept, 'member', { tenantId: 'tnt_1', tenant: 'hanse', viewer: VIEWER });
    expect(rememberedTenants(kept, 'member').map(({ tenantId }) => tenantId)).toEqual(['tnt_1', 'tnt_2']);
    expect(rememberedTenants(kept, 'console')).toEqual([]);
    forgetViewer(kept, 'member', 'tnt_1');
    expect(rememberedTenants(kept, 'member')[0]).toEqual({ tenantId: 'tnt_1', tenant: 'hanse', viewer: null });
  });

  it('survive nonsense in the storage', () => {
    const kept = storage();
    kept.setItem('hansa.tenants.member', '{"x":1}');
    expect(rememberedTenants(kept, 'member')).toEqual([]);
    kept.setItem('hansa.tenants.member', 'not json');
    expect(rememberedTenants(kept, 'member')).toEqual([]);
  });
});

describe('the sign-in form (covers: TEN-02)', () => {
  it('starts with the asked tenant, else the host name, else the last one', () => {
    expect(tenantToPrefill('?tenant=10001', 'hanse.example.com', 'last')).toBe('10001');
    expect(tenantToPrefill('', 'hanse.example.com', 'last')).toBe('hanse');
    expect(tenantToPrefill('', 'hanse.localhost', undefined)).toBe('hanse');
    expect(tenantToPrefill('', 'example.com', 'last')).toBe('last');
    expect(tenantToPrefill('', '127.0.0.1', 'last')).toBe('last');
    expect(tenantToPrefill('', 'localhost', undefined)).toBe('');
  });
});

describe('several companies in one browser', () => {
  afterEach(() => void vi.unstubAllGlobals());

  /** The next tab of the same browser: local storage is shared, the tab's own is not. */
  function openTab(): void {
    vi.stubGlobal('sessionStorage', storage());
  }

  function openBrowser(): void {
    vi.stubGlobal('localStorage', storage());
    openTab();
    rememberTenant(localStorage, 'member', { tenantId: 'tnt_1', tenant: 'hanse', viewer: VIEWER });
    rememberTenant(localStorage, 'member', { tenantId: 'tnt_2', tenant: 'luebeck', viewer: VIEWER });
  }

  it('each tab stays with its own, whatever another tab signs in to', () => {
    openBrowser();
    chooseTenant('member', 'tnt_1');
    rememberTenant(localStorage, 'member', { tenantId: 'tnt_3', tenant: 'bremen', viewer: VIEWER });
    expect(currentTenant('member')?.tenantId).toBe('tnt_1');
    openTab();
    expect(currentTenant('member')?.tenantId).toBe('tnt_3');
  });

  it('are left one by one, and keep the names they were shown with', () => {
    openBrowser();
    chooseTenant('member', 'tnt_1');
    learnCompany('member', 'tnt_2', '吕贝克贸易');
    rememberTenant(localStorage, 'member', { tenantId: 'tnt_2', tenant: 'luebeck', viewer: VIEWER });
    expect(signedInTenants('member').map(({ company, tenant }) => company ?? tenant)).toEqual(['hanse', '吕贝克贸易']);
    leaveTenant('member', 'tnt_1');
    expect(signedInTenants('member').map(({ tenantId }) => tenantId)).toEqual(['tnt_2']);
  });
});

describe('the help (covers: SEC-26)', () => {
  it('has an entry for every way in which signing in is refused', () => {
    expect(helpFor('TENANT_UNKNOWN')).toBe('tenant');
    expect(helpFor('PASSWORD_WRONG')).toBe('account');
    expect(helpFor('NOT_AUTHORIZED_TO_SIGN_IN')).toBe('authorisation');
    expect(helpFor('ACCOUNT_LOCKED')).toBe('locked');
    expect(helpFor('NETWORK')).toBe('server');
    expect(helpFor('REQUIRED')).toBeNull();
  });
});
