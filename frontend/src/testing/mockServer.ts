/** A small server that answers both GraphQL endpoints out of the mock world, sockets included. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { buildSchema, graphql, type GraphQLSchema } from 'graphql';
import { WebSocketServer, type WebSocket } from 'ws';
import { platformSchema, tenantSchema } from '../../tools/schema.ts';
import { mockPlatform, platformRoot } from './platformResolvers.ts';
import { digestFor, tenantRoot, type MockEvent } from './tenantResolvers.ts';
import { MockWorld, type MockSession } from './world.ts';

const PING_MS = 5000;

interface SocketMessage {
  type: string;
  id: string;
  payload: { query: string; variables: Record<string, unknown> };
}

interface LiveSocket {
  session: MockSession;
  socket: WebSocket;
  subscription: string | null;
}

export interface MockServer {
  world: MockWorld;
  /** True when the request was answered. */
  handle: (request: IncomingMessage, response: ServerResponse) => boolean;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Closes every socket, e.g. with 1001 as a restart does. */
  dropSockets: (code: number) => void;
  stop: () => void;
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  const match = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '');
  return match?.[1];
}

async function bodyOf(request: IncomingMessage): Promise<{ query: string; variables: Record<string, unknown> }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as { query: string; variables: Record<string, unknown> };
}

function deviceOf(request: IncomingMessage): string {
  return /Firefox/.test(request.headers['user-agent'] ?? '') ? 'Firefox · Linux' : 'Chrome · Linux';
}

export function createMockServer(world = new MockWorld()): MockServer {
  const schemas: Record<string, GraphQLSchema> = {
    '/graphql': buildSchema(tenantSchema()), '/platform/graphql': buildSchema(platformSchema()),
  };
  const platform = mockPlatform();
  const sockets = new Set<LiveSocket>();
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'graphql-transport-ws' });

  const deliver = (filter: (session: MockSession) => boolean, event: MockEvent): void => {
    for (const { session, socket, subscription } of sockets) {
      if (!subscription || !filter(session)) continue;
      socket.send(JSON.stringify({ id: subscription, type: 'next', payload: { data: { events: event } } }));
    }
  };
  world.files.onChecked = (memberId, uploadId, state) => {
    deliver((session) => session.memberId === memberId, { __typename: 'UploadEvent', uploadId, state });
  };
  const end = (session: MockSession, reason: string, by: string | null): void => {
    const index = world.sessions.indexOf(session);
    if (index >= 0) world.sessions.splice(index, 1);
    deliver((one) => one.id === session.id, { __typename: 'SessionEndedEvent', reason, by });
    for (const one of [...sockets]) if (one.session.id === session.id) one.socket.close(4403, 'Forbidden');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const { query, variables } = await bodyOf(request);
    const surface = request.headers['hansa-surface'] === 'console' ? 'console' : 'member';
    const id = cookie(request, surface);
    const session = world.sessions.find((one) => one.id === id) ?? null;
    const context = {
      session,
      device: deviceOf(request),
      setSession(next: MockSession | null) {
        context.session = next;
        const name = (next ?? session)?.surface === 'CONSOLE' ? 'console' : 'member';
        response.setHeader('set-cookie', `${name}=${next?.id ?? ''}; HttpOnly; Path=/; SameSite=Lax`);
      },
    };
    const rootValue = path === '/graphql' ? tenantRoot(world, context, { deliver, end }) : platformRoot(world, platform);
    const schema = schemas[path];
    if (!schema) throw new Error(path);
    const result = await graphql({ schema, source: query, variableValues: variables, rootValue });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(result));
  };

  /** A query or mutation over a socket. */
  const execute = async ({ session, socket }: LiveSocket, { id, payload }: SocketMessage): Promise<void> => {
    const context = { session, device: session.device, setSession: () => undefined };
    const rootValue = tenantRoot(world, context, { deliver, end });
    const schema = schemas['/graphql'];
    if (!schema) throw new Error(id);
    const result = await graphql({ schema, source: payload.query, variableValues: payload.variables, rootValue });
    socket.send(JSON.stringify({ id, type: 'next', payload: result }));
    socket.send(JSON.stringify({ id, type: 'complete' }));
  };

  webSockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    let live: LiveSocket | null = null;
    const ping = setInterval(() => {
      if (!live) return;
      socket.send(JSON.stringify({ type: 'ping', payload: { heads: digestFor(world, live.session.memberId) } }));
    }, PING_MS);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as SocketMessage;
      if (message.type === 'connection_init') {
        const session = world.sessions.find(({ id }) => id === cookie(request, 'member'));
        if (!session) return socket.close(4403, 'Forbidden');
        live = { session, socket, subscription: null };
        sockets.add(live);
        socket.send(JSON.stringify({ type: 'connection_ack' }));
      } else if (message.type === 'subscribe' && live) {
        if (message.payload.query.trimStart().startsWith('subscription')) live.subscription = message.id;
        else void execute(live, message);
      }
    });
    socket.on('close', () => {
      clearInterval(ping);
      if (live) sockets.delete(live);
    });
  });

  return {
    world,
    handle(request, response) {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const surface = request.headers['hansa-surface'] === 'console' ? 'console' : 'member';
      const session = world.sessions.find(({ id }) => id === cookie(request, surface));
      if (world.files.handle(request, response, session?.memberId ?? null)) return true;
      if (request.method !== 'POST' || !schemas[path]) return false;
      void answer(request, response, path);
      return true;
    },
    upgrade(request, socket, head) {
      if (request.url !== '/graphql') return false;
      webSockets.handleUpgrade(request, socket, head, (made) => webSockets.emit('connection', made, request));
      return true;
    },
    dropSockets(code) {
      for (const { socket } of [...sockets]) socket.close(code, 'going away');
    },
    stop() {
      world.files.stop();
      for (const { socket } of [...sockets]) socket.terminate();
      webSockets.close();
    },
  };
}
