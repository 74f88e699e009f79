/**
 * Which company this tab works for. The cookie holds one session a tenant and every request names its
 * tenant, so that several companies can be signed in to in one browser, each tab in its own.
 */
import { useSyncExternalStore } from 'react';
import {
  forgetViewer, nameTenant, rememberedTenants, type RememberedTenant, type SurfaceName,
} from './remembered.ts';

const listeners = new Set<() => void>();
let version = 0;

function key(surface: SurfaceName): string {
  return `hansa.tenant.${surface}`;
}

function chosen(surface: SurfaceName): string | null {
  try {
    return sessionStorage.getItem(key(surface));
  } catch {
    return null;
  }
}

function publish(): void {
  version += 1;
  for (const listener of [...listeners]) listener();
}

/** The company of this tab: the one that was chosen in it, else the one signed in to last. */
export function currentTenant(surface: SurfaceName): RememberedTenant | undefined {
  const tenants = rememberedTenants(localStorage, surface);
  const tenantId = chosen(surface);
  return tenants.find((tenant) => tenant.tenantId === tenantId) ?? tenants[0];
}

/** From now on this tab works for that company. */
export function chooseTenant(surface: SurfaceName, tenantId: string): void {
  if (chosen(surface) === tenantId) return;
  try {
    sessionStorage.setItem(key(surface), tenantId);
  } catch {
    // Without storage the newest sign-in holds.
  }
  publish();
}

/** Nobody is signed in to that company here any longer. */
export function leaveTenant(surface: SurfaceName, tenantId: string): void {
  forgetViewer(localStorage, surface, tenantId);
  publish();
}

/** Keeps the name of the company of this tab, to be shown where one switches. */
export function learnCompany(surface: SurfaceName, tenantId: string, company: string): void {
  if (nameTenant(localStorage, surface, tenantId, company)) publish();
}

/** The companies that are signed in to, that of this tab first. */
export function signedInTenants(surface: SurfaceName): RememberedTenant[] {
  const current = currentTenant(surface);
  const others = rememberedTenants(localStorage, surface).filter(({ tenantId }) => tenantId !== current?.tenantId);
  return [...(current ? [current] : []), ...others].filter(({ viewer }) => viewer !== null);
}

function subscribe(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key?.startsWith('hansa.tenants.')) publish();
  };
  listeners.add(listener);
  addEventListener('storage', elsewhere);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', elsewhere);
  };
}

export function useTenantId(surface: SurfaceName): string | undefined {
  return useSyncExternalStore(subscribe, () => currentTenant(surface)?.tenantId);
}

export function useSignedInTenants(surface: SurfaceName): readonly RememberedTenant[] {
  useSyncExternalStore(subscribe, () => version);
  return signedInTenants(surface);
}
