/** Who is signed in: signing in and out, and what the server says about a remembered session. */
import type { Language as WireLanguage, SignInMutation, ViewerFieldsFragment } from '../gql/tenant/session.ts';
import { LanguageSetDocument, SignInDocument, SignOutDocument, ViewerDocument } from '../gql/tenant/session.ts';
import { languageChosen, texts, type Language } from '../i18n/index.ts';
import { clientOf, surfaceClient } from './client.ts';
import { rememberTenant, type SurfaceName } from './remembered.ts';
import { chooseTenant, currentTenant, leaveTenant } from './tenants.ts';

export type Viewer = ViewerFieldsFragment;

/** What signing in has just answered: the area that is entered next need not ask again. */
const fresh = new Map<SurfaceName, Viewer>();

const REPLACED_KEY = 'hansa.replaced';

export interface Credentials {
  tenant: string;
  account: string;
  password: string;
}

function remember(surface: SurfaceName, tenant: string, viewer: Viewer): void {
  rememberTenant(localStorage, surface, {
    tenantId: viewer.tenantId,
    tenant,
    viewer: {
      sessionId: viewer.sessionId,
      memberId: viewer.member?.id ?? null,
      name: viewer.member?.name ?? tenant,
    },
  });
}

/** Signs in and remembers it; a refusal comes back as `problem`. */
export async function signIn(
  surface: SurfaceName, credentials: Credentials,
): Promise<SignInMutation['signIn']> {
  const input = { ...credentials, surface: surface === 'member' ? 'MEMBER' : 'CONSOLE' } as const;
  const { signIn: payload } = await surfaceClient(surface).request(SignInDocument, { input });
  if (payload.viewer) {
    remember(surface, credentials.tenant, payload.viewer);
    await followLanguage(payload.viewer.language);
    if (!payload.viewer.mustChangePassword) fresh.set(surface, payload.viewer);
    if (payload.replaced.length > 0) {
      sessionStorage.setItem(REPLACED_KEY, JSON.stringify(payload.replaced));
    }
    chooseTenant(surface, payload.viewer.tenantId);
  }
  return payload;
}

/** Devices that the last sign-in signed out. */
export function replacedDevices(): string[] {
  const stored = sessionStorage.getItem(REPLACED_KEY);
  return stored ? (JSON.parse(stored) as string[]) : [];
}

/** They have been told. */
export function forgetReplaced(): void {
  sessionStorage.removeItem(REPLACED_KEY);
}

/** The server's word on the remembered session, null when there is none. */
export async function fetchViewer(surface: SurfaceName): Promise<Viewer | null> {
  const last = currentTenant(surface);
  if (!last) return null;
  const answered = fresh.get(surface);
  fresh.delete(surface);
  if (answered?.tenantId === last.tenantId) return answered;
  const { viewer } = await surfaceClient(surface).request(ViewerDocument, {});
  if (viewer) {
    remember(surface, last.tenant, viewer);
    chooseTenant(surface, viewer.tenantId);
    await followLanguage(viewer.language);
  } else {
    leaveTenant(surface, last.tenantId);
  }
  return viewer;
}

/** Ends this browser's session in one company; the others go on. */
export async function signOut(surface: SurfaceName, tenantId = currentTenant(surface)?.tenantId): Promise<void> {
  if (!tenantId) return;
  if (fresh.get(surface)?.tenantId === tenantId) fresh.delete(surface);
  await clientOf(surface, tenantId).request(SignOutDocument, {});
  leaveTenant(surface, tenantId);
}

/** Keeps the chosen language with the member, so that other devices and mails follow. */
export async function saveLanguage(surface: SurfaceName, language: Language): Promise<void> {
  const wire: WireLanguage = language === 'zh-CN' ? 'ZH_CN' : 'EN';
  await surfaceClient(surface).request(LanguageSetDocument, { language: wire });
}

/** The member's language holds where this browser has no choice of its own. */
async function followLanguage(language: WireLanguage | null): Promise<void> {
  if (language === null || languageChosen()) return;
  const next: Language = language === 'ZH_CN' ? 'zh-CN' : 'en';
  await texts.setLanguage(next);
  document.documentElement.lang = next;
}
