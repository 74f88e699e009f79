/** The texts for components: a change of language renders again. */
import { useMemo, useSyncExternalStore } from 'react';
import { failureCode, GraphqlFailure, type FailureCode } from '../gql/client.ts';
import { formatBytes } from './format.ts';
import { texts, type Language, type MessageKey, type Translate } from './index.ts';

export interface Words {
  t: Translate;
  language: Language;
}

export function useWords(): Words {
  const version = useSyncExternalStore(texts.subscribe, texts.version);
  return useMemo(
    () => ({ t: (key, values) => texts.translate(key, values), language: texts.language, version }),
    [version],
  );
}

export interface ProblemLike {
  code: FailureCode;
  limit?: number | null;
  used?: number | null;
  retryAfterS?: number | null;
}

/** The text of a refusal; a limit, what is used of it and the time to wait are filled in. */
export function problemText(t: Translate, problem: ProblemLike): string {
  const { limit, used } = problem;
  return t(`error.${problem.code}` as MessageKey, {
    limit: limit ?? 0,
    used: used ?? 0,
    limitBytes: formatBytes(texts.language, limit ?? 0),
    usedBytes: formatBytes(texts.language, used ?? 0),
    seconds: problem.retryAfterS ?? 0,
  });
}

/** The text of a caught failure. */
export function failureText(t: Translate, error: unknown): string {
  const retryAfterS = error instanceof GraphqlFailure ? (error.retryAfterS ?? 0) : 0;
  return problemText(t, { code: failureCode(error), retryAfterS });
}
