/**
 * What this browser remembers between visits: the tenants that were signed in to, newest first, one
 * list a surface, and who was signed in. Only ids and names; the cookie holds the session.
 */

export type SurfaceName = 'member' | 'console';

export interface RememberedViewer {
  readonly sessionId: string;
  /** Null for the founder, who is no member. */
  readonly memberId: string | null;
  readonly name: string;
}

export interface RememberedTenant {
  readonly tenantId: string;
  /** What was typed: a host name or an enterprise number. */
  readonly tenant: string;
  /** Null once signed out. */
  readonly viewer: RememberedViewer | null;
}

const TENANTS_MAX = 8;

function key(surface: SurfaceName): string {
  return `hansa.tenants.${surface}`;
}

function isTenant(value: unknown): value is RememberedTenant {
  const candidate = value as Partial<RememberedTenant> | null;
  return typeof candidate?.tenantId === 'string' && typeof candidate.tenant === 'string';
}

export function rememberedTenants(storage: Storage, surface: SurfaceName): RememberedTenant[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(key(surface)) ?? '[]');
    return Array.isArray(list) ? list.filter(isTenant) : [];
  } catch {
    return [];
  }
}

/** Puts a tenant first. */
export function rememberTenant(storage: Storage, surface: SurfaceName, tenant: RememberedTenant): void {
  const others = rememberedTenants(storage, surface).filter(
    ({ tenantId }) => tenantId !== tenant.tenantId,
  );
  try {
    storage.setItem(key(surface), JSON.stringify([tenant, ...others].slice(0, TENANTS_MAX)));
  } catch {
    // Without storage the next visit starts at the sign-in form.
  }
}

/** Keeps the tenant to pre-fill the form, forgets who was signed in. */
export function forgetViewer(storage: Storage, surface: SurfaceName, tenantId: string): void {
  const list = rememberedTenants(storage, surface).map(
    (tenant) => (tenant.tenantId === tenantId ? { ...tenant, viewer: null } : tenant),
  );
  try {
    storage.setItem(key(surface), JSON.stringify(list));
  } catch {
    // Nothing was kept, so there is nothing to forget.
  }
}

/**
 * What the sign-in form starts with: `?tenant=`, else the first label of the address when it is a
 * name below another, else the last tenant.
 */
export function tenantToPrefill(search: string, hostname: string, last: string | undefined): string {
  const asked = new URLSearchParams(search).get('tenant');
  if (asked) return asked;
  const labels = hostname.split('.');
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.includes(':');
  const first = labels[0] ?? '';
  if (!isAddress && first !== 'www' && (labels.length > 2 || labels[1] === 'localhost')) return first;
  return last ?? '';
}
