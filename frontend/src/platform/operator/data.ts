/** Requests of the operator console. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { TypedDocument } from '../../gql/client.ts';
import { platformClient } from '../../session/client.ts';

export function useOperator<Result, Variables>(
  key: string, document: TypedDocument<Result, Variables>, variables: Variables,
): UseQueryResult<Result> {
  return useQuery({
    queryKey: [key, variables],
    queryFn: ({ signal }) => platformClient.request(document, variables, signal),
    placeholderData: keepPreviousData,
  });
}
