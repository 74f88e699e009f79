/** The GraphQL clients of the running page: one a surface, and one for what lies outside any tenant. */
import { createGraphqlClient, type GraphqlClient } from '../gql/client.ts';
import { texts } from '../i18n/index.ts';
import type { SurfaceName } from './remembered.ts';
import { currentTenant } from './tenants.ts';

const unauthenticated = new Set<(surface: SurfaceName) => void>();

/** Told when the server no longer knows the session of a surface. */
export function onUnauthenticated(listener: (surface: SurfaceName) => void): () => void {
  unauthenticated.add(listener);
  return () => unauthenticated.delete(listener);
}

function tenantClient(surface: SurfaceName, named?: string): GraphqlClient {
  return createGraphqlClient({
    endpoint: '/graphql',
    fetch: (input, init) => fetch(input, init),
    headers: () => {
      const tenantId = named ?? currentTenant(surface)?.tenantId;
      return {
        'hansa-surface': surface,
        'accept-language': texts.language,
        ...(tenantId ? { 'hansa-tenant': tenantId } : {}),
      };
    },
    onUnauthenticated: () => {
      if (named) return;
      for (const listener of [...unauthenticated]) listener(surface);
    },
  });
}

const clients = { member: tenantClient('member'), console: tenantClient('console') };

/** The client of a surface; it names the tenant of this tab. */
export function surfaceClient(surface: SurfaceName): GraphqlClient {
  return clients[surface];
}

/** The client of a surface for another tenant than this tab's. */
export function clientOf(surface: SurfaceName, tenantId: string): GraphqlClient {
  return tenantClient(surface, tenantId);
}

export const platformClient = createGraphqlClient({
  endpoint: '/platform/graphql',
  fetch: (input, init) => fetch(input, init),
  headers: () => ({ 'accept-language': texts.language }),
});
