/** What the reader ends up with, whatever arrived in which order. */
import { describe, expect, it } from 'vitest';
import { entry, liveFixture, ME, OFFLINE, type Fixture } from '../../testing/liveFixture.ts';
import { openNoCache, type LiveCache } from './cache.ts';
import { headsDigest } from './digest.ts';

const CNV = 'cnv_1';

async function opened(messages: number, limits = {}): Promise<Fixture> {
  const fixture = liveFixture(limits);
  fixture.server.open(CNV, messages);
  await fixture.sync.catchUp();
  await fixture.sync.open(CNV);
  fixture.server.calls.length = 0;
  return fixture;
}

function seqs({ store }: Fixture): number[] {
  return store.log(CNV)?.entries.map(({ seq }) => seq) ?? [];
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('pictures of people', () => {
  it('are learnt with their conversations; nothing changes while they stay (covers: DIR-56)', async () => {
    const { sync, store } = await opened(1);
    const before = store.state.avatars;
    expect([...before]).toEqual([['mem_other', null]]);
    await sync.catchUp();
    expect(store.state.avatars).toBe(before);
    const conversation = store.conversation(CNV);
    if (!conversation?.peer) throw new Error('there');
    store.applyConversations([{ ...conversation, peer: { ...conversation.peer, avatarId: 'fil_1' } }]);
    store.setAvatar(ME.memberId, 'fil_2');
    expect([...store.state.avatars]).toEqual([['mem_other', 'fil_1'], [ME.memberId, 'fil_2']]);
  });
});

describe('catching up', () => {
  it('lists every conversation page by page', async () => {
    const { server, sync, store } = liveFixture({ syncPageSize: 2 });
    for (let index = 0; index < 5; index += 1) server.open(`cnv_${index}`, index);
    await sync.catchUp();
    expect(store.state.conversations.size).toBe(5);
    expect(server.calls).toEqual(['sync', 'sync', 'sync']);
    expect(store.state.listed).toBe(true);
  });

  it('brings an open log to its head in bounded pages, without a hole or a double', async () => {
    const fixture = await opened(4, { entryPageSize: 10 });
    for (let count = 0; count < 35; count += 1) fixture.server.append(CNV);
    await fixture.sync.catchUp();
    expect(seqs(fixture)).toEqual(upTo(40));
    expect(fixture.server.calls.filter((call) => call.startsWith('after'))).toHaveLength(4);
    expect(fixture.store.conversation(CNV)?.unread).toBe(39);
  });

  it('starts a log afresh at its end when it is too far behind', async () => {
    const fixture = await opened(4, { entryPageSize: 10, catchUpEntriesMax: 20 });
    for (let count = 0; count < 100; count += 1) fixture.server.append(CNV);
    await fixture.sync.catchUp();
    expect(seqs(fixture)).toEqual(upTo(105, 96));
    expect(fixture.store.log(CNV)?.reachedStart).toBe(false);
  });

  it('asks for nothing but the list when nothing is open', async () => {
    const { server, sync } = liveFixture();
    server.open(CNV, 500);
    await sync.catchUp();
    expect(server.calls).toEqual(['sync']);
  });

  it('tries again after a failure, and stops while the link is down', async () => {
    const { server, sync, store, timers } = liveFixture();
    server.open(CNV, 3);
    server.failures.push(OFFLINE);
    await sync.catchUp();
    expect(store.state.catchingUp).toBe(true);
    await timers.advance(20_000);
    expect(store.state.conversations.size).toBe(1);
    server.failures.push(OFFLINE);
    await sync.catchUp();
    sync.pause();
    expect(timers.pending).toBe(0);
  });

  it('runs once at a time and again if asked meanwhile', async () => {
    const { server, sync } = liveFixture();
    server.open(CNV, 3);
    await Promise.all([sync.catchUp(), sync.catchUp(), sync.catchUp()]);
    expect(server.calls).toEqual(['sync', 'sync']);
  });
});

describe('events', () => {
  it('in order are applied without asking the server', async () => {
    const fixture = await opened(2);
    for (let count = 0; count < 3; count += 1) fixture.sync.onEvent(fixture.server.event(fixture.server.append(CNV)));
    expect(seqs(fixture)).toEqual(upTo(6));
    expect(fixture.store.conversation(CNV)).toMatchObject({ headSeq: 6, unread: 5 });
    expect(fixture.server.calls).toEqual([]);
  });

  it('that come twice change nothing', async () => {
    const fixture = await opened(2);
    const event = fixture.server.event(fixture.server.append(CNV));
    fixture.sync.onEvent(event);
    fixture.sync.onEvent(event);
    expect(seqs(fixture)).toEqual(upTo(4));
    expect(fixture.store.conversation(CNV)?.unread).toBe(3);
  });

  it('out of order wait for their predecessors and cost no request', async () => {
    const fixture = await opened(2);
    const [first, second, third] = [0, 1, 2].map(() => fixture.server.event(fixture.server.append(CNV)));
    if (!first || !second || !third) throw new Error('three events');
    fixture.sync.onEvent(third);
    fixture.sync.onEvent(second);
    expect(seqs(fixture)).toEqual(upTo(3));
    fixture.sync.onEvent(first);
    expect(seqs(fixture)).toEqual(upTo(6));
    await fixture.timers.advance(10_000);
    expect(fixture.server.calls).toEqual([]);
  });

  it('leave a gap that is fetched only when it stays open for two seconds', async () => {
    const fixture = await opened(2);
    fixture.server.append(CNV);
    const later = fixture.server.event(fixture.server.append(CNV));
    fixture.sync.onEvent(later);
    await fixture.timers.advance(1_900);
    expect(fixture.server.calls).toEqual([]);
    await fixture.timers.advance(200);
    expect(fixture.server.calls).toEqual([`conversation ${CNV}`, `after ${CNV} 3`]);
    expect(seqs(fixture)).toEqual(upTo(5));
    expect(fixture.store.conversation(CNV)?.unread).toBe(4);
  });

  it('of an unknown conversation fetch it once', async () => {
    const fixture = await opened(2);
    fixture.server.open('cnv_2', 1);
    const event = fixture.server.event(entry('cnv_2', 2));
    fixture.sync.onEvent(event);
    fixture.sync.onEvent(event);
    await fixture.timers.advance(0);
    expect(fixture.server.calls).toEqual(['conversation cnv_2']);
    expect(fixture.store.conversation('cnv_2')?.headSeq).toBe(2);
  });

  it('move read marks of both sides, only forward', async () => {
    const fixture = await opened(5);
    const mark = (memberId: string, seq: number): void => {
      fixture.sync.onEvent({ __typename: 'ReadMarkEvent', conversationId: CNV, memberId, seq });
    };
    mark('mem_other', 4);
    mark('mem_other', 2);
    mark(ME.memberId, 3);
    expect(fixture.store.conversation(CNV)).toMatchObject({ peerReadSeq: 4, readSeq: 3, unread: 3 });
    mark(ME.memberId, 6);
    expect(fixture.store.conversation(CNV)?.unread).toBe(0);
  });

  it('end the session with who replaced it (covers: SEC-17)', async () => {
    const fixture = await opened(1);
    fixture.sync.onEvent({ __typename: 'SessionEndedEvent', reason: 'REPLACED', by: 'Firefox · Linux' });
    expect(fixture.ends).toEqual([{ reason: 'REPLACED', by: 'Firefox · Linux' }]);
  });
});

describe('the digest of heads', () => {
  const heads = ({ server }: Fixture): string => headsDigest(
    [...server.logs].map(([id, log]) => ({ id, headSeq: log.length })),
  );

  it('that equals ours asks for nothing', async () => {
    const fixture = await opened(3);
    fixture.sync.onServerDigest(heads(fixture));
    await fixture.timers.advance(5_000);
    expect(fixture.server.calls).toEqual([]);
  });

  it('finds a lost last event', async () => {
    const fixture = await opened(3);
    fixture.server.append(CNV);
    fixture.sync.onServerDigest(heads(fixture));
    await fixture.timers.advance(1_100);
    expect(seqs(fixture)).toEqual(upTo(5));
  });

  it('waits for an event that is only late', async () => {
    const fixture = await opened(3);
    const event = fixture.server.event(fixture.server.append(CNV));
    fixture.sync.onServerDigest(heads(fixture));
    await fixture.timers.advance(500);
    fixture.sync.onEvent(event);
    await fixture.timers.advance(5_000);
    expect(fixture.server.calls).toEqual([]);
  });

  it('that no sync mends is asked about twice, the second time from the beginning, then left alone', async () => {
    const fixture = await opened(3);
    for (let ping = 0; ping < 5; ping += 1) {
      fixture.sync.onServerDigest('deadbeef');
      await fixture.timers.advance(20_000);
    }
    expect(fixture.server.calls).toEqual(['sync', 'sync']);
  });
});

describe('history', () => {
  it('is paged upward to the first entry and no further', async () => {
    const fixture = await opened(24, { entryPageSize: 10 });
    expect(seqs(fixture)).toEqual(upTo(25, 16));
    await fixture.sync.loadOlder(CNV);
    await fixture.sync.loadOlder(CNV);
    expect(seqs(fixture)).toEqual(upTo(25));
    expect(fixture.store.log(CNV)?.reachedStart).toBe(true);
    fixture.server.calls.length = 0;
    await fixture.sync.loadOlder(CNV);
    expect(fixture.server.calls).toEqual([]);
  });

  it('comes from the cache as far as it reaches, a page at a time', async () => {
    const kept = Array.from({ length: 30 }, (_, index) => entry(CNV, index + 20));
    const cache: LiveCache = {
      ...openNoCache(),
      loadEntries: (_id, beforeSeq, limit) => Promise.resolve(
        kept.filter(({ seq }) => beforeSeq === null || seq < beforeSeq).slice(-limit),
      ),
    };
    const fixture = liveFixture({ entryPageSize: 10 }, cache);
    fixture.server.open(CNV, 48);
    await fixture.sync.catchUp();
    fixture.server.calls.length = 0;
    await fixture.sync.open(CNV);
    expect(seqs(fixture)).toEqual(upTo(49, 40));
    await fixture.sync.loadOlder(CNV);
    await fixture.sync.loadOlder(CNV);
    expect(fixture.server.calls).toEqual([]);
    await fixture.sync.loadOlder(CNV);
    expect(seqs(fixture)).toEqual(upTo(49, 10));
    expect(fixture.server.calls).toEqual([`before ${CNV} 20`]);
  });

  it('is forgotten but for its end once the conversation is left', async () => {
    const fixture = await opened(80, { entryPageSize: 50, idleEntriesMax: 10 });
    await fixture.sync.loadOlder(CNV);
    const late = fixture.sync.loadOlder(CNV);
    fixture.sync.leave(CNV);
    await late;
    expect(seqs(fixture)).toEqual(upTo(81, 72));
    await fixture.sync.loadOlder(CNV);
    expect(seqs(fixture)).toEqual(upTo(81, 22));
  });
});
