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
  /** The company's name, once it was shown. */
  readonly company?: string;
}

/** As many as the cookie holds sessions of. */
const TENANTS_MAX = 16;

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

function write(storage: Storage, surface: SurfaceName, list: readonly RememberedTenant[]): void {
  try {
    storage.setItem(key(surface), JSON.stringify(list.slice(0, TENANTS_MAX)));
  } catch {
    // Without storage the next visit starts at the sign-in form.
  }
}

/** Puts a tenant first. A name that was learned before stays. */
export function rememberTenant(storage: Storage, surface: SurfaceName, tenant: RememberedTenant): void {
  const known = rememberedTenants(storage, surface);
  const before = known.find(({ tenantId }) => tenantId === tenant.tenantId);
  const others = known.filter((other) => other !== before);
  write(storage, surface, [{ ...(before?.company ? { company: before.company } : {}), ...tenant }, ...others]);
}

/** Learns what a company is called; true when that is news. */
export function nameTenant(storage: Storage, surface: SurfaceName, tenantId: string, company: string): boolean {
  const known = rememberedTenants(storage, surface);
  const news = known.some((tenant) => tenant.tenantId === tenantId && tenant.company !== company);
  if (!news) return false;
  write(storage, surface, known.map(
    (tenant) => (tenant.tenantId === tenantId ? { ...tenant, company } : tenant),
  ));
  return true;
}

/** Keeps the tenant to pre-fill the form, forgets who was signed in. */
export function forgetViewer(storage: Storage, surface: SurfaceName, tenantId: string): void {
  write(storage, surface, rememberedTenants(storage, surface).map(
    (tenant) => (tenant.tenantId === tenantId ? { ...tenant, viewer: null } : tenant),
  ));
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
