/** The two schema files that the server prints: the contract of everything below src/gql. */
import { readFileSync } from 'node:fs';

function read(name: string): string {
  return readFileSync(new URL(`../../api/graphql/schema/${name}.graphql`, import.meta.url), 'utf8');
}

/** The schema of /graphql as SDL. */
export function tenantSchema(): string {
  return read('tenant');
}

/** The schema of /platform/graphql as SDL. */
export function platformSchema(): string {
  return read('platform');
}
