/** The live modules' requests: reads over the GraphQL client, what a member does over the link. */
import type { GraphqlClient } from '../../gql/client.ts';
import {
  ConversationStateDocument, EntriesAfterDocument, EntriesBeforeDocument, MessageSendDocument,
  ReadMarkMoveDocument, SyncDocument, type EntriesAfterQuery,
} from '../../gql/tenant/chat.ts';
import type { LiveSocket } from './socket.ts';
import type { Entry, LiveApi } from './types.ts';

function entriesOf(conversation: EntriesAfterQuery['conversation']): Entry[] {
  return conversation?.entries.edges.map(({ node }) => node) ?? [];
}

export function createLiveApi(client: GraphqlClient, link: Pick<LiveSocket, 'request'>): LiveApi {
  return {
    async sync(position, first) {
      return (await client.request(SyncDocument, { position, first })).sync;
    },
    async conversation(id) {
      return (await client.request(ConversationStateDocument, { id })).conversation;
    },
    async entriesAfter(id, afterSeq, first) {
      const variables = { id, first, after: String(afterSeq) };
      const { conversation } = await client.request(EntriesAfterDocument, variables);
      const more = conversation?.entries.pageInfo.hasNextPage ?? false;
      return { entries: entriesOf(conversation), more };
    },
    async entriesBefore(id, beforeSeq, last) {
      const before = beforeSeq === null ? null : String(beforeSeq);
      const { conversation } = await client.request(EntriesBeforeDocument, { id, last, before });
      const entries = conversation?.entries.edges.map(({ node }) => node) ?? [];
      return { entries, more: conversation?.entries.pageInfo.hasPreviousPage ?? false };
    },
    async send({ conversationId, nonce, text, attachments, folder }) {
      const files = {
        ...(attachments.length > 0 ? { attachmentIds: attachments.map(({ id }) => id) } : {}),
        ...(folder ? { folder: { name: folder.name, files: [...folder.files] } } : {}),
      };
      const input = { conversationId, nonce, ...(text === '' ? {} : { text }), ...files };
      // A directory of a thousand files is more than a frame of the link takes.
      const answer = folder ? client.request(MessageSendDocument, { input }) : link.request(MessageSendDocument, { input });
      return (await answer).messageSend;
    },
    async moveReadMark(conversationId, seq) {
      const input = { conversationId, seq };
      return (await link.request(ReadMarkMoveDocument, { input })).readMarkMove.conversation;
    },
  };
}
