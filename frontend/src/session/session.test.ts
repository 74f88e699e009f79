/** What the browser remembers of tenants, and what the sign-in form starts with. */
import { describe, expect, it } from 'vitest';
import { memoryStorage as storage } from '../testing/storage.ts';
import { forgetViewer, rememberedTenants, rememberTenant, tenantToPrefill } from './remembered.ts';

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
