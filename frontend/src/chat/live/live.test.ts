/** The small rules: digest, unread, reconnection, read marks, what the cache keeps. */
import { readFileSync } from 'node:fs';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../testing/storage.ts';
import { entry, HandTimers, liveFixture, ME, MemoryServer } from '../../testing/liveFixture.ts';
import { openIndexedDbCache, wipeCaches } from './cache.ts';
import { fnv1a32, headsDigest } from './digest.ts';
import { ReadMarks } from './readMarks.ts';
import { reconnectWait_ms } from './socket.ts';
import { LiveStore } from './store.ts';
import { unreadAfterRead } from './unread.ts';

const CNV = 'cnv_1';

interface Vectors {
  fnv1a32: [string, string][];
  digests: { heads: { id: string; headSeq: number }[]; digest: string }[];
}

/** The server's tests read the same file. */
const VECTORS = JSON.parse(readFileSync(
  new URL('../../../../tenancy/chat/tests/vectors/heads_digest.json', import.meta.url), 'utf8',
)) as Vectors;

describe('digest', () => {
  it.each(VECTORS.fnv1a32)('of %j is %s, as the server says', (text, hash) => {
    expect(fnv1a32(text).toString(16).padStart(8, '0')).toBe(hash);
  });

  it.each(VECTORS.digests)('of the heads $heads is $digest, in any order', ({ heads, digest }) => {
    expect(headsDigest(heads)).toBe(digest);
    expect(headsDigest(heads.toReversed())).toBe(digest);
  });
});

describe('unread', () => {
  it('counts messages of others behind the mark, and says when it cannot', async () => {
    const { server, store, sync } = liveFixture({ entryPageSize: 5 });
    server.open(CNV, 20);
    await sync.catchUp();
    await sync.open(CNV);
    const conversation = store.conversation(CNV);
    if (!conversation) throw new Error('listed');
    const log = store.log(CNV);
    expect(conversation.unread).toBe(20);
    expect(unreadAfterRead(conversation, log, 19, ME.memberId)).toBe(2);
    expect(unreadAfterRead(conversation, log, 21, ME.memberId)).toBe(0);
    expect(unreadAfterRead(conversation, log, 5, ME.memberId)).toBeNull();
  });

  it('is not raised by own messages', async () => {
    const { server, store, sync } = liveFixture();
    server.open(CNV, 0);
    await sync.catchUp();
    const author = { id: ME.memberId, name: ME.name };
    sync.onEvent(server.event(server.append(CNV, { author })));
    expect(store.conversation(CNV)?.unread).toBe(0);
  });
});

describe('reconnection', () => {
  it('spreads over fifteen seconds after a graceful stop', () => {
    expect(reconnectWait_ms(1001, 0, 0)).toBe(0);
    expect(reconnectWait_ms(1001, 0, 0.999)).toBeGreaterThan(14_000);
    expect(reconnectWait_ms(1001, 9, 0.999)).toBeLessThanOrEqual(15_000);
  });

  it('is quick at first and never slower than fifteen seconds', () => {
    expect(reconnectWait_ms(1006, 0, 0.5)).toBeLessThan(1_000);
    expect(reconnectWait_ms(1006, 20, 1)).toBeLessThanOrEqual(15_000);
  });
});

describe('read marks', () => {
  it('move at once here, and on the server once for several moves', async () => {
    const store = new LiveStore(ME);
    const api = new MemoryServer();
    const timers = new HandTimers();
    api.open(CNV, 5);
    const conversation = await api.conversation(CNV);
    if (!conversation) throw new Error('there');
    store.applyConversations([conversation]);
    api.calls.length = 0;
    store.setLog(CNV, { entries: [1, 2, 3, 4, 5, 6].map((seq) => entry(CNV, seq)), reachedStart: true });
    const marks = new ReadMarks({ store, api, timers, onError: () => undefined });
    marks.move(CNV, 3);
    marks.move(CNV, 6);
    marks.move(CNV, 4);
    expect(store.conversation(CNV)).toMatchObject({ readSeq: 6, unread: 0 });
    await timers.advance(1_000);
    expect(api.calls).toEqual([`read ${CNV} 6`]);
  });
});

describe('the cache', () => {
  it('gives back what was kept, opens the end of a log, and is gone after a wipe', async () => {
    const factory = new IDBFactory();
    const backends = { factory, range: IDBKeyRange, storage: memoryStorage() };
    const cache = openIndexedDbCache(backends, ME);
    await cache.load(1_000);
    const server = new MemoryServer();
    server.open(CNV, 9);
    const conversation = await server.conversation(CNV);
    if (!conversation) throw new Error('there');
    await cache.saveConversations([conversation]);
    await cache.saveEntries(server.logs.get(CNV) ?? []);
    await cache.trimEntries(CNV, 4);
    await cache.savePosition('7', 1_000);
    await cache.putDraft(CNV, '草稿');
    const loaded = await cache.load(2_000);
    expect(loaded.position).toBe('7');
    expect(loaded.drafts).toEqual([[CNV, '草稿']]);
    const page = async (beforeSeq: number | null, limit: number): Promise<number[]> => (
      (await cache.loadEntries(CNV, beforeSeq, limit)).map(({ seq }) => seq)
    );
    expect(await page(null, 100)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(await page(null, 3)).toEqual([8, 9, 10]);
    expect(await page(8, 3)).toEqual([5, 6, 7]);
    expect(await page(4, 3)).toEqual([]);
    await cache.wipe();
    expect(await factory.databases()).toEqual([]);
  });

  it('of another member of the tenant is wiped, of another tenant kept', async () => {
    const factory = new IDBFactory();
    const backends = { factory, range: IDBKeyRange, storage: memoryStorage() };
    for (const identity of [ME, { ...ME, memberId: 'mem_2' }, { ...ME, tenantId: 'tnt_2' }]) {
      await openIndexedDbCache(backends, identity).load(0);
    }
    await wipeCaches(backends, ME.tenantId, { ...ME, memberId: 'mem_2' });
    const names = (await factory.databases()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['hansa-tnt_1-mem_2', 'hansa-tnt_2-mem_me']);
  });

  it('in an earlier form forgets what can be fetched again, and keeps what was written', async () => {
    const factory = new IDBFactory();
    const storage = memoryStorage();
    await new Promise((resolve) => {
      const request = factory.open(`hansa-${ME.tenantId}-${ME.memberId}`, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('meta').put({ sessionId: ME.sessionId, position: '7', savedAt_ms: 0 }, 'meta');
        request.result.createObjectStore('conversations', { keyPath: 'id' }).put({ id: CNV });
        request.result.createObjectStore('entries', { keyPath: ['conversationId', 'seq'] }).put({ conversationId: CNV, seq: 1 });
        request.result.createObjectStore('outgoing', { keyPath: 'nonce' }).put({ nonce: 'n1', conversationId: CNV, text: 'a', createdAt: '' });
        request.result.createObjectStore('drafts').put('草稿', CNV);
      };
      request.onsuccess = () => {
        request.result.close();
        resolve(null);
      };
    });
    const loaded = await openIndexedDbCache({ factory, range: IDBKeyRange, storage }, ME).load(0);
    expect(loaded).toMatchObject({
      position: null, conversations: [], drafts: [[CNV, '草稿']], outgoing: [{ nonce: 'n1', attachments: [], folder: null }],
    });
  });

  it('that is too old starts empty', async () => {
    const factory = new IDBFactory();
    const backends = { factory, range: IDBKeyRange, storage: memoryStorage() };
    const cache = openIndexedDbCache(backends, ME);
    await cache.load(0);
    await cache.savePosition('7', 0);
    expect((await cache.load(31 * 86_400_000)).position).toBeNull();
  });
});
