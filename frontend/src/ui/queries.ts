/** When a failed query is worth another try: only where waiting helps, and twice at most. */
import { failureCode } from '../gql/client.ts';

const TRIES_MAX = 2;

export function retryQuery(failures: number, error: unknown): boolean {
  const code = failureCode(error);
  return failures < TRIES_MAX && (code === 'NETWORK' || code === 'UNAVAILABLE');
}
