/** The company one works for here; its name is kept for where one switches between companies. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ChatCompanyDocument, type ChatCompanyQuery } from '../gql/tenant/chat.ts';
import { learnCompany } from '../session/tenants.ts';
import { useChat } from './context.ts';

type Company = ChatCompanyQuery['company'];

export function useCompany(): Company | undefined {
  const { client, store } = useChat().live;
  const { tenantId } = store.identity;
  const { data } = useQuery({
    queryKey: ['company'],
    queryFn: async ({ signal }) => (await client.request(ChatCompanyDocument, {}, signal)).company,
    staleTime: Infinity,
  });
  const name = data?.shortName ?? data?.fullName;
  useEffect(() => {
    if (name) learnCompany('member', tenantId, name);
  }, [tenantId, name]);
  return data;
}
