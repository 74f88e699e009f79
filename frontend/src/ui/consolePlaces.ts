/** The pages of the console, and what one needs to enter each: for its menu, and to go there. */
import type { Permission } from '../gql/tenant/session.ts';
import type { MessageKey } from '../i18n/index.ts';

interface ConsolePlace {
  path: `/console/${string}`;
  label: MessageKey;
  needs: Permission;
}

const PLACES = [
  { path: '/console/company', label: 'console.company', needs: 'COMPANY_VIEW' },
  { path: '/console/members', label: 'console.members', needs: 'MEMBERS_VIEW' },
  { path: '/console/departments', label: 'console.departments', needs: 'MEMBERS_VIEW' },
  { path: '/console/security', label: 'console.security', needs: 'SECURITY_MANAGE' },
  { path: '/console/files', label: 'console.files', needs: 'COMPANY_VIEW' },
  { path: '/console/sessions', label: 'console.sessions', needs: 'SESSIONS_MANAGE' },
  { path: '/console/mails', label: 'console.mails', needs: 'MAIL_VIEW' },
  { path: '/console/audit', label: 'console.audit', needs: 'COMPANY_VIEW' },
] as const satisfies readonly ConsolePlace[];

export type ConsolePath = (typeof PLACES)[number]['path'];

/** The pages that somebody with these permissions may enter, in the order of the menu. */
export function consolePlaces(permissions: readonly Permission[]): (typeof PLACES)[number][] {
  return PLACES.filter(({ needs }) => permissions.includes(needs));
}
