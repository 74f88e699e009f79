/**
 * Reads the two schema files. The hand-written platform file leans on types of the tenant file; the
 * generated one will carry its own. Shared types are added only where they are missing, so that
 * both work.
 */
import { readFileSync } from 'node:fs';
import { Kind, parse, print, type DefinitionNode, type DocumentNode } from 'graphql';

const FOLDER = new URL('../../api/graphql/schema/', import.meta.url);
const SHARED = [
  'DateTime', 'Node', 'PageInfo', 'Problem', 'ErrorCode', 'Language', 'TenantStatus', 'MailState',
];

function read(name: string): DocumentNode {
  return parse(readFileSync(new URL(`${name}.graphql`, FOLDER), 'utf8'));
}

function nameOf(node: DefinitionNode): string | undefined {
  return node.kind !== Kind.SCHEMA_DEFINITION && 'name' in node ? node.name?.value : undefined;
}

/** The tenant schema as SDL. */
export function tenantSchema(): string {
  return print(read('tenant'));
}

/** The platform schema as SDL, completed with the shared types that it does not define itself. */
export function platformSchema(): string {
  const platform = read('platform');
  const defined = new Set(platform.definitions.map(nameOf));
  const missing = SHARED.filter((name) => !defined.has(name));
  const added = read('tenant').definitions.filter((node) => missing.includes(nameOf(node) ?? ''));
  return print({ kind: Kind.DOCUMENT, definitions: [...added, ...platform.definitions] });
}
