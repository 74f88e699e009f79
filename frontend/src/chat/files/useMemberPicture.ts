/** Pictures of people, as far as they are known here. */
import { useQuery } from '@tanstack/react-query';
import { OwnPictureDocument } from '../../gql/tenant/chat.ts';
import { useChat, useLive } from '../context.ts';
import type { LiveState } from '../live/store.ts';

/** One's own picture; asked for again when the directory changes. */
function useOwnAvatarId(): string | null {
  const { client, store } = useChat().live;
  const { memberId } = store.identity;
  const { data } = useQuery({
    queryKey: ['directory', 'own-picture'],
    queryFn: async ({ signal }) => (await client.request(OwnPictureDocument, { id: memberId }, signal)).member ?? null,
    staleTime: Infinity,
  });
  return data?.avatarId ?? null;
}

function peerAvatarId({ conversations }: LiveState, memberId: string | null): string | null {
  if (memberId === null) return null;
  for (const { peer } of conversations.values()) if (peer?.id === memberId) return peer.avatarId;
  return null;
}

/** The address of somebody's picture; null: none, or somebody one has no conversation with. */
export function useMemberPicture(memberId: string | null): string | null {
  const { files, live } = useChat();
  const own = useOwnAvatarId();
  const peer = useLive((state) => peerAvatarId(state, memberId));
  return files.avatarUrl(memberId === live.store.identity.memberId ? own : peer);
}
