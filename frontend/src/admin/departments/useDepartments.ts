/** The departments of the company, level by level; the tree asks for what is unfolded. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import {
  DepartmentParentDocument, DepartmentsDocument, type DepartmentFieldsFragment, type DepartmentParentQuery,
  type DepartmentsQuery,
} from '../../gql/tenant/console.ts';
import { consoleClient } from '../data.ts';

export type Department = DepartmentFieldsFragment;

const PAGE = 100;

/** All departments right below one, or the first level. */
export async function fetchLevel(parentId: string | null): Promise<Department[]> {
  const level: Department[] = [];
  let after: string | null = null;
  do {
    const page: DepartmentsQuery = await consoleClient.request(
      DepartmentsDocument, { parentId, first: PAGE, after },
    );
    const { edges, pageInfo } = page.departments;
    level.push(...edges.map(({ node }) => node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return level;
}

/** Deeper than the tree may be. */
const LEVELS_MAX = 32;

/** The departments above one, from the first level down. */
export async function fetchAncestors(id: string): Promise<string[]> {
  const above: string[] = [];
  for (let at: string | null = id; at !== null && above.length < LEVELS_MAX;) {
    const { department }: DepartmentParentQuery = await consoleClient.request(DepartmentParentDocument, { id: at });
    at = department?.parentId ?? null;
    if (at !== null) above.unshift(at);
  }
  return above;
}

export function levelQuery(parentId: string | null) {
  return { queryKey: ['departments', parentId], queryFn: () => fetchLevel(parentId) };
}

/** Fetches a level on demand, out of the cache where it is fresh. */
export function useLevels(): (parentId: string | null) => Promise<Department[]> {
  const queries = useQueryClient();
  return useCallback((parentId) => queries.fetchQuery({ ...levelQuery(parentId), staleTime: 10_000 }), [queries]);
}
