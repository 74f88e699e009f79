/** The whole live session under Node, over a real socket, against the mock server. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createMockServer, type MockServer } from '../../testing/mockServer.ts';
import { MockWorld, TENANT_ID, type MockSession } from '../../testing/world.ts';
import { openNoCache } from './cache.ts';
import { LiveSession } from './session.ts';
import type { Timers } from './types.ts';

/** Another's work on this machine must not fail a test of order. */
const PATIENT = { timeout: 10_000 };

const FAST: Timers = {
  now: () => Date.now(),
  // The reconnection waits shorter here; every other wait keeps its meaning.
  after: (delay_ms, run) => {
    const timer = setTimeout(run, delay_ms / 10);
    return () => clearTimeout(timer);
  },
  random: () => 0.5,
};

let mock: MockServer;
let http: Server;
const running: LiveSession[] = [];

beforeEach(async () => {
  mock = createMockServer(new MockWorld(12, 20));
  http = createServer((request, response) => {
    if (!mock.handle(request, response)) response.writeHead(404).end();
  });
  http.on('upgrade', (request, socket, head) => mock.upgrade(request, socket, head));
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const session of running.splice(0)) session.stop();
  mock.stop();
  await new Promise((resolve) => void http.close(resolve));
});

function connect(account: string): { live: LiveSession; session: MockSession } {
  const member = mock.world.members.find((one) => one.account === account);
  if (!member) throw new Error(account);
  const session: MockSession = {
    id: mock.world.id('ses'), memberId: member.id, surface: 'MEMBER', device: 'Node', createdAt: new Date().toISOString(),
  };
  mock.world.sessions.push(session);
  const cookie = `member=${session.id}`;
  class CookieSocket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: { cookie } });
    }
  }
  let nonces = 0;
  const live = new LiveSession({
    identity: { tenantId: TENANT_ID, memberId: member.id, sessionId: session.id, name: member.name },
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
    webSocket: CookieSocket,
    cache: openNoCache(),
    timers: FAST,
    nonce: () => `${session.id}-${String((nonces += 1)).padStart(8, '0')}`,
    language: () => 'zh-CN',
    onError: () => undefined,
  });
  running.push(live);
  live.connect();
  return { live, session };
}

const online = (live: LiveSession) => expect.poll(() => live.store.state.link === 'online' && live.store.state.listed, PATIENT);

describe('two members', () => {
  it('talk live, and read marks come back (covers: MSG-01)', async () => {
    const { live: chen } = connect('chensy');
    const { live: li } = connect('liyt');
    await online(chen).toBe(true);
    await online(li).toBe(true);
    const id = [...li.store.state.conversations.keys()][0] ?? '';
    await chen.sync.open(id);
    await li.sync.open(id);
    const before = li.store.conversation(id)?.unread ?? 0;
    chen.queue.send(id, '在吗');
    await expect.poll(() => li.store.log(id)?.entries.at(-1)?.text, PATIENT).toBe('在吗');
    expect(li.store.conversation(id)?.unread).toBe(before + 1);
    expect(chen.store.state.outgoing.size).toBe(0);
    const head = li.store.conversation(id)?.headSeq ?? 0;
    li.marks.move(id, head);
    await expect.poll(() => chen.store.conversation(id)?.peerReadSeq, PATIENT).toBe(head);
  });

  it('lose nothing when the server goes away and comes back (1001)', async () => {
    const { live: chen } = connect('chensy');
    const { live: li } = connect('liyt');
    await online(chen).toBe(true);
    await online(li).toBe(true);
    const id = [...li.store.state.conversations.keys()][0] ?? '';
    await chen.sync.open(id);
    await li.sync.open(id);
    mock.dropSockets(1001);
    await expect.poll(() => chen.store.state.link, PATIENT).toBe('offline');
    chen.queue.send(id, '断线时写的');
    await expect.poll(() => li.store.log(id)?.entries.at(-1)?.text, PATIENT).toBe('断线时写的');
    expect(li.store.log(id)?.entries).toEqual(chen.store.log(id)?.entries);
  });
});

describe('a session that ends', () => {
  it('says why and does not come back (covers: SEC-17)', async () => {
    const { live, session } = connect('chensy');
    await online(live).toBe(true);
    const index = mock.world.sessions.indexOf(session);
    mock.world.sessions.splice(index, 1);
    mock.dropSockets(4403);
    await expect.poll(() => live.store.state.ended?.reason, PATIENT).toBe('REVOKED');
    expect(live.store.state.link).toBe('ended');
  });
});
