/** Queries of the directory; all below the key that a directory event refreshes. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import {
  ConversationOpenDirectDocument, DepartmentChildrenDocument, PeopleDocument, PersonDocument,
  type DepartmentChildrenQuery, type PersonFieldsFragment,
} from '../../gql/tenant/chat.ts';
import { GraphqlFailure } from '../../gql/client.ts';
import { useChat } from '../context.ts';

export type Person = PersonFieldsFragment;
export type Department = DepartmentChildrenQuery['departments']['edges'][number]['node'];

const PAGE = 50;
const DEPARTMENTS_PAGE = 100;

export interface PeopleFilter {
  search: string | null;
  departmentId: string | null;
}

/** People page by page; more are fetched on demand. */
export function usePeople(filter: PeopleFilter, enabled = true) {
  const { client } = useChat().live;
  return useInfiniteQuery({
    queryKey: ['directory', 'people', filter],
    enabled,
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => (
      await client.request(PeopleDocument, { ...filter, first: PAGE, after: pageParam }, signal)
    ).members,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
  });
}

/** The departments right below one, or the first level. */
export function useDepartments(parentId: string | null) {
  const { client } = useChat().live;
  return useQuery({
    queryKey: ['directory', 'departments', parentId],
    queryFn: async ({ signal }) => {
      const all: Department[] = [];
      let after: string | null = null;
      do {
        const variables = { parentId, first: DEPARTMENTS_PAGE, after };
        const page: DepartmentChildrenQuery = await client.request(
          DepartmentChildrenDocument, variables, signal,
        );
        const { departments } = page;
        all.push(...departments.edges.map(({ node }) => node));
        after = departments.pageInfo.hasNextPage ? departments.pageInfo.endCursor : null;
      } while (after !== null);
      return all;
    },
  });
}

export function usePerson(memberId: string) {
  const { client } = useChat().live;
  return useQuery({
    queryKey: ['directory', 'person', memberId],
    queryFn: async ({ signal }) => {
      const { member } = await client.request(PersonDocument, { id: memberId }, signal);
      if (!member) throw new GraphqlFailure('NOT_FOUND', 'no such member');
      return member;
    },
  });
}

/** Opens the direct conversation with a person and goes there (MSG-01). */
export function useOpenDirect() {
  const { live } = useChat();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async (memberId: string) => {
      const known = [...live.store.state.conversations.values()].find(
        ({ kind, peer }) => kind === 'DIRECT' && peer?.id === memberId,
      );
      if (known) return known;
      const input = { memberId };
      const { conversationOpenDirect } = await live.client.request(ConversationOpenDirectDocument, { input });
      const { conversation, problem } = conversationOpenDirect;
      if (!conversation) throw new GraphqlFailure(problem?.code ?? 'INTERNAL', problem?.message ?? '');
      live.sync.learn(conversation);
      return conversation;
    },
    onSuccess: ({ id }) => navigate(`/c/${id}`),
  });
}
