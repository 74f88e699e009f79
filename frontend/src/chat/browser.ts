/** The browser's side of the live modules' ports: storage, socket, identity. */
import { openIndexedDbCache, openNoCache, wipeCaches, type CacheBackends } from './live/cache.ts';
import { freshNonce, pageTimers } from '../files/page.ts';
import { wipeUploads } from '../files/upload/memory.ts';
import { LiveSession } from './live/session.ts';
import type { Identity } from './live/types.ts';
import { texts } from '../i18n/index.ts';
import type { RememberedTenant } from '../session/remembered.ts';

export function identityOf(tenant: RememberedTenant | undefined): Identity | null {
  const viewer = tenant?.viewer;
  if (!tenant || !viewer?.memberId) return null;
  const { sessionId, memberId, name } = viewer;
  return { tenantId: tenant.tenantId, memberId, sessionId, name };
}

/** Null where the browser refuses to keep anything. */
export function keptStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
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
    timers: pageTimers,
    nonce: freshNonce,
    language: () => texts.language,
    // The banner, the states of messages and the retries say what is needed; nothing is logged.
    onError: () => undefined,
  });
}

/** Wipes what other sessions of this tenant left in the browser. */
export async function wipeOtherCaches(tenantId: string, keep: Identity | null): Promise<void> {
  const kept = backends();
  if (!kept) return;
  wipeUploads(localStorage, tenantId, keep);
  await wipeCaches(kept, tenantId, keep).catch(() => undefined);
}
