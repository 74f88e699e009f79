/** Verbs of a console: a refusal of the server becomes an error that forms know how to show. */
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { FormInstance } from 'antd';
import type { FailureCode, GraphqlClient, TypedDocument } from '../../gql/client.ts';
import { failureText, problemText, type ProblemLike } from '../../i18n/react.ts';
import type { Translate } from '../../i18n/index.ts';

interface Problem extends ProblemLike {
  code: FailureCode;
  field: string | null;
  message: string;
}

/** Something the person at the form can act on. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** The text of what went wrong, whether refused or failed. */
export function reasonText(t: Translate, error: unknown): string {
  return error instanceof Refusal ? problemText(t, error.problem) : failureText(t, error);
}

interface Payload {
  problem: Problem | null;
}

interface VerbConfig<Result, Variables, Answer extends Payload> {
  client: GraphqlClient;
  document: TypedDocument<Result, Variables>;
  payload: (result: Result) => Answer;
  /** What has to be asked again afterwards; by the first part of its key. */
  refreshes?: readonly string[];
}

/** A mutation whose refusals are thrown as `Refusal`. */
export function useVerb<Result, Variables, Answer extends Payload>(
  { client, document, payload, refreshes = [] }: VerbConfig<Result, Variables, Answer>,
): UseMutationResult<Answer, Error, Variables> {
  const queries = useQueryClient();
  return useMutation<Answer, Error, Variables>({
    mutationFn: async (variables) => {
      const answer = payload(await client.request(document, variables));
      if (answer.problem) throw new Refusal(answer.problem);
      return answer;
    },
    onSuccess: () => Promise.all(
      refreshes.map((key) => queries.invalidateQueries({ queryKey: [key] })),
    ).then(() => undefined),
  });
}

/**
 * Puts a refusal beside the field that caused it. False when no field of the form did: then the
 * form shows it above.
 */
export function showAtField(form: FormInstance, t: Translate, error: unknown): boolean {
  const field = error instanceof Refusal ? error.problem.field : null;
  if (field === null || form.getFieldInstance(field) === undefined) return false;
  form.setFields([{ name: field, errors: [reasonText(t, error)] }]);
  return true;
}
