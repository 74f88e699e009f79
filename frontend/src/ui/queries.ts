/**
 * When a query is asked again: twice at once where waiting helps, and once more when the server is
 * back. Until then the page shows what happened; it does not blink with every try.
 */
import type { QueryClient } from '@tanstack/react-query';
import { failureCode } from '../gql/client.ts';

const TRIES_MAX = 2;
const PROBE_MS = 5_000;

function isAway(error: unknown): boolean {
  const code = failureCode(error);
  return code === 'NETWORK' || code === 'UNAVAILABLE';
}

export const QUERY_OPTIONS = {
  retry: (failures: number, error: unknown): boolean => failures < TRIES_MAX && isAway(error),
  refetchOnWindowFocus: false,
} as const;

function failedQueries(queries: QueryClient) {
  return queries.getQueryCache().findAll({ predicate: ({ state }) => state.status === 'error' && isAway(state.error) });
}

/** The server answers again: everything that failed for want of it is asked once more. */
export function retryFailed(queries: QueryClient): void {
  for (const query of failedQueries(queries)) void query.fetch().catch(() => undefined);
}

/**
 * For pages without a live link: asks the server now and then whether it is back, as long as
 * something failed and somebody looks. Returns what stops it.
 */
export function watchServer(queries: QueryClient): () => void {
  const probe = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || failedQueries(queries).length === 0) return;
    const back = await fetch('/healthz', { cache: 'no-store' }).then(({ ok }) => ok, () => false);
    if (back) retryFailed(queries);
  };
  const timer = setInterval(() => void probe(), PROBE_MS);
  return () => clearInterval(timer);
}
