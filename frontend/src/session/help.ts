/** Which help entry belongs to a refused sign-in (SEC-26; FAQ-01 to FAQ-03). */
import type { FailureCode } from '../gql/client.ts';

export const HELP_ENTRIES = ['server', 'tenant', 'account', 'authorisation', 'locked'] as const;
export type HelpEntry = (typeof HELP_ENTRIES)[number];

const ENTRIES: Partial<Record<FailureCode, HelpEntry>> = {
  NETWORK: 'server',
  UNAVAILABLE: 'server',
  TENANT_UNKNOWN: 'tenant',
  TENANT_SUSPENDED: 'tenant',
  TENANT_CLOSED: 'tenant',
  CREDENTIALS_WRONG: 'account',
  ACCOUNT_UNKNOWN: 'account',
  PASSWORD_WRONG: 'account',
  NOT_AUTHORIZED_TO_SIGN_IN: 'authorisation',
  SEATS_EXHAUSTED: 'authorisation',
  LICENSE_EXPIRED: 'authorisation',
  ACCOUNT_LOCKED: 'locked',
  ACCOUNT_DISABLED: 'locked',
};

export function helpFor(code: FailureCode): HelpEntry | null {
  return ENTRIES[code] ?? null;
}
