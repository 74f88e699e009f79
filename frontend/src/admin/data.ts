/** Requests of the console: one query hook, the verbs, and who is signed in. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { TypedDocument } from '../gql/client.ts';
import type { Permission } from '../gql/tenant/session.ts';
import { surfaceClient } from '../session/client.ts';
import type { Viewer } from '../session/viewer.ts';

export const consoleClient = surfaceClient('console');

export const ViewerContext = createContext<Viewer | null>(null);

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('no console session above this component');
  return viewer;
}

export function useMay(permission: Permission): boolean {
  return useViewer().permissions.includes(permission);
}

/** A query of the console. While the next page or filter loads, the last answer stays. */
export function useConsole<Result, Variables>(
  key: string, document: TypedDocument<Result, Variables>, variables: Variables,
): UseQueryResult<Result> {
  return useQuery({
    queryKey: [key, variables],
    queryFn: ({ signal }) => consoleClient.request(document, variables, signal),
    placeholderData: keepPreviousData,
  });
}
