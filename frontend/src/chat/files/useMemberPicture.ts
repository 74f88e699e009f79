/** Pictures of people, as far as they are known here. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { OwnPictureDocument } from '../../gql/tenant/chat.ts';
import { useChat, useLive } from '../context.ts';

/** Learns one's own picture, now and whenever the directory changes. Used once, where everything is shown. */
export function useOwnPicture(): void {
  const { client, store } = useChat().live;
  const { memberId } = store.identity;
  const { data } = useQuery({
    queryKey: ['directory', 'own-picture'],
    queryFn: async ({ signal }) => (await client.request(OwnPictureDocument, { id: memberId }, signal)).member ?? null,
    staleTime: Infinity,
  });
  const avatarId = data?.avatarId;
  useEffect(() => {
    if (avatarId !== undefined) store.setAvatar(memberId, avatarId);
  }, [store, memberId, avatarId]);
}

/** The address of somebody's picture; null: none, or somebody one has no conversation with. */
export function useMemberPicture(memberId: string | null): string | null {
  const { files } = useChat();
  const avatarId = useLive((state) => (memberId === null ? null : state.avatars.get(memberId)));
  return files.avatarUrl(avatarId);
}
