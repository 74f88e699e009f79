/** The web client's own live modules under Node, over real sockets, as a member's phone. */
import WebSocket from 'ws';
import { LiveSession, openNoCache, type Timers } from '../src/chat/live/index.ts';

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1';
const SIGN_IN = `mutation($input: SignInInput!) {
  signIn(input: $input) { problem { code } viewer { tenantId sessionId member { id name } } }
}`;

const TIMERS: Timers = {
  now: () => Date.now(),
  after: (delay_ms, run) => {
    const timer = setTimeout(run, delay_ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

interface SignedIn {
  data: { signIn: { viewer: { tenantId: string; sessionId: string; member: { id: string; name: string } } } };
}

/** Signs in and connects; resolves when everything that was missed is there. */
export async function phoneOf(base: string, tenant: string, account: string, password: string): Promise<LiveSession> {
  const headers: Record<string, string> = { origin: base, 'user-agent': PHONE };
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'hansa-surface': 'member' },
    body: JSON.stringify({ query: SIGN_IN, variables: { input: { tenant, account, password, surface: 'MEMBER' } } }),
  });
  const { data: { signIn: { viewer } } } = (await answer.json()) as SignedIn;
  headers['cookie'] = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  class PhoneSocket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers });
    }
  }
  const { tenantId, sessionId, member } = viewer;
  const session = new LiveSession({
    identity: { tenantId, sessionId, memberId: member.id, name: member.name },
    endpoint: `${base}/graphql`,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...headers, ...(init?.headers as object) } }),
    webSocket: PhoneSocket,
    cache: openNoCache(),
    timers: TIMERS,
    nonce: () => crypto.randomUUID(),
    language: () => 'zh-CN',
    onError: () => undefined,
  });
  session.connect();
  await until(session, () => session.store.state.listed);
  return session;
}

/** Resolves once the session's state is as asked; the test's own timeout ends the wait. */
export function until(session: LiveSession, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (holds()) return resolve();
    const stop = session.store.subscribe(() => {
      if (!holds()) return;
      stop();
      resolve();
    });
  });
}
