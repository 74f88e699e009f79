/** The browser's side of the live modules' ports: timers, storage, socket, identity. */
import { openIndexedDbCache, openNoCache, wipeCaches, type CacheBackends } from './live/cache.ts';
import { LiveSession } from './live/session.ts';
import type { Identity, Timers } from './live/types.ts';
import { texts } from '../i18n/index.ts';
import type { RememberedTenant } from '../session/remembered.ts';

export const browserTimers: Timers = {
  now: () => Date.now(),
  after(delay_ms, run) {
    const timer = setTimeout(run, delay_ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** `crypto.randomUUID` exists in secure contexts only; random values exist everywhere. */
function freshNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function identityOf(tenant: RememberedTenant | undefined): Identity | null {
  const viewer = tenant?.viewer;
  if (!tenant || !viewer?.memberId) return null;
  const { sessionId, memberId, name } = viewer;
  return { tenantId: tenant.tenantId, memberId, sessionId, name };
}

/** Null where the browser refuses to keep anything. */
function backends(): CacheBackends | null {
  try {
    return { factory: indexedDB, range: IDBKeyRange, storage: localStorage };
  } catch {
    return null;
  }
}

export function openLiveSession(identity: Identity): LiveSession {
  const kept = backends();
  return new LiveSession({
    identity,
    endpoint: new URL('/graphql', location.origin).href,
    fetch: (input, init) => fetch(input, init),
    webSocket: WebSocket,
    cache: kept ? openIndexedDbCache(kept, identity) : openNoCache(),
    timers: browserTimers,
    nonce: freshNonce,
    language: () => texts.language,
    // The banner, the states of messages and the retries say what is needed; nothing is logged.
    onError: () => undefined,
  });
}

/** Wipes what other sessions of this tenant left in the browser. */
export async function wipeOtherCaches(tenantId: string, keep: Identity | null): Promise<void> {
  const kept = backends();
  if (kept) await wipeCaches(kept, tenantId, keep).catch(() => undefined);
}
