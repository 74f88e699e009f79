/** What was typed and sent arrives once, in order, or stays with its reason. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../testing/storage.ts';
import { GraphqlFailure } from '../../gql/client.ts';
import { liveFixture, ME, OFFLINE, settled, type Fixture } from '../../testing/liveFixture.ts';
import { storedFile } from '../../testing/uploadFixture.ts';
import { openIndexedDbCache } from './cache.ts';

const CNV = 'cnv_1';

async function ready(fixture = liveFixture()): Promise<Fixture> {
  fixture.server.open(CNV, 1);
  await fixture.sync.catchUp();
  await fixture.sync.open(CNV);
  fixture.queue.resume();
  fixture.server.calls.length = 0;
  return fixture;
}

function sent({ server }: Fixture): (string | null)[] {
  return (server.logs.get(CNV) ?? []).filter(({ author }) => author?.id === ME.memberId).map(({ text }) => text);
}

function waiting({ store }: Fixture): string[] {
  return (store.state.outgoing.get(CNV) ?? []).map(({ text, state }) => `${state} ${text}`);
}

describe('sending', () => {
  it('shows the message at once and drops it when its entry is there', async () => {
    const fixture = await ready();
    fixture.queue.send(CNV, '你好');
    expect(waiting(fixture)).toEqual(['sending 你好']);
    await settled();
    expect(waiting(fixture)).toEqual([]);
    expect(fixture.store.log(CNV)?.entries.at(-1)?.text).toBe('你好');
    expect(fixture.store.conversation(CNV)?.unread).toBe(1);
  });

  it('takes files along, with or without a text (covers: MSG-08)', async () => {
    const fixture = await ready();
    const attachments = [storedFile('fil_1'), storedFile('fil_2')];
    fixture.queue.send(CNV, '', { attachments, folder: null });
    expect(fixture.store.state.outgoing.get(CNV)?.[0]?.attachments).toEqual(attachments);
    await settled();
    expect(fixture.store.log(CNV)?.entries.at(-1)).toMatchObject({ text: '', attachments });
  });

  it('shows it as sent while older messages of others are still missing', async () => {
    const fixture = await ready();
    fixture.server.append(CNV);
    fixture.queue.send(CNV, '断线时写的');
    await settled();
    expect(waiting(fixture)).toEqual(['sent 断线时写的']);
    await fixture.sync.catchUp();
    expect(waiting(fixture)).toEqual([]);
    expect(fixture.store.log(CNV)?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(sent(fixture)).toEqual(['断线时写的']);
  });

  it('forgets it when the head passed it while its conversation was not open', async () => {
    const fixture = liveFixture();
    fixture.server.open(CNV, 1);
    await fixture.sync.catchUp();
    fixture.queue.resume();
    fixture.server.append(CNV);
    fixture.queue.send(CNV, '后台发的');
    await fixture.timers.advance(5_000);
    expect(waiting(fixture)).toEqual([]);
    expect(fixture.store.conversation(CNV)?.headSeq).toBe(4);
  });

  it('keeps the order of one conversation', async () => {
    const fixture = await ready();
    for (const text of ['one', 'two', 'three']) fixture.queue.send(CNV, text);
    await settled();
    expect(sent(fixture)).toEqual(['one', 'two', 'three']);
  });

  it('sends a message once although the first answer was lost', async () => {
    const fixture = await ready();
    const { server } = fixture;
    const original = server.send.bind(server);
    let lost = false;
    server.send = async (message) => {
      const answer = await original(message);
      if (lost) return answer;
      lost = true;
      throw OFFLINE;
    };
    fixture.queue.send(CNV, 'once');
    await fixture.timers.advance(5_000);
    expect(sent(fixture)).toEqual(['once']);
    expect(waiting(fixture)).toEqual([]);
  });

  it('is acknowledged by its event when the answer never comes', async () => {
    const fixture = await ready();
    fixture.queue.pause();
    fixture.queue.send(CNV, 'seen');
    const nonce = fixture.store.state.outgoing.get(CNV)?.[0]?.nonce ?? '';
    const author = { id: ME.memberId, name: ME.name };
    fixture.sync.onEvent(fixture.server.event(fixture.server.append(CNV, { nonce, text: 'seen', author })));
    await settled();
    expect(waiting(fixture)).toEqual([]);
  });

  it('waits while the link is down and goes when it is back', async () => {
    const fixture = await ready();
    fixture.queue.pause();
    fixture.queue.send(CNV, 'later');
    await fixture.timers.advance(60_000);
    expect(waiting(fixture)).toEqual(['sending later']);
    fixture.queue.resume();
    await settled();
    expect(sent(fixture)).toEqual(['later']);
  });

  it('stays in place with its reason when refused, lets the next one pass, and can be retried', async () => {
    const fixture = await ready();
    fixture.server.failures.push(new GraphqlFailure('FORBIDDEN', 'no'));
    fixture.queue.send(CNV, 'refused');
    fixture.queue.send(CNV, 'next');
    await settled();
    expect(waiting(fixture)).toEqual(['failed refused']);
    const failed = fixture.store.state.outgoing.get(CNV)?.[0];
    expect(failed?.reason).toBe('FORBIDDEN');
    expect(sent(fixture)).toEqual(['next']);
    fixture.queue.retry(CNV, failed?.nonce ?? '');
    await settled();
    expect(sent(fixture)).toEqual(['next', 'refused']);
  });

  it('waits as long as the server says when it is too fast', async () => {
    const fixture = await ready();
    fixture.server.failures.push(new GraphqlFailure('RATE_LIMITED', 'slow', { retryAfterS: 7 }));
    fixture.queue.send(CNV, 'patient');
    await fixture.timers.advance(6_900);
    expect(sent(fixture)).toEqual([]);
    await fixture.timers.advance(200);
    expect(sent(fixture)).toEqual(['patient']);
  });

  it('gives up after several answers that should have passed', async () => {
    const fixture = await ready();
    for (let count = 0; count < 8; count += 1) fixture.server.failures.push(new GraphqlFailure('INTERNAL', 'x'));
    fixture.queue.send(CNV, 'unlucky');
    await fixture.timers.advance(300_000);
    expect(waiting(fixture)).toEqual(['failed unlucky']);
    fixture.queue.discard(CNV, 'nonce-0001');
    expect(waiting(fixture)).toEqual([]);
  });
});

describe('a reload', () => {
  it('loses nothing that was sent, and the cache is another session\'s no more', async () => {
    const factory = new IDBFactory();
    const backends = { factory, range: IDBKeyRange, storage: memoryStorage() };
    const first = openIndexedDbCache(backends, ME);
    await first.load(Date.now());
    const before = await ready(liveFixture({}, first));
    before.queue.pause();
    before.queue.send(CNV, 'kept');
    await expect.poll(async () => (await first.load(Date.now())).outgoing.length).toBe(1);

    const again = openIndexedDbCache(backends, ME);
    const cached = await again.load(Date.now());
    expect(cached.outgoing.map(({ text }) => text)).toEqual(['kept']);
    const after = liveFixture({}, again);
    after.server.open(CNV, 1);
    after.store.hydrate(cached.conversations, cached.outgoing, cached.drafts);
    after.queue.resume();
    await settled();
    expect(sent(after)).toEqual(['kept']);

    const other = openIndexedDbCache(backends, { ...ME, sessionId: 'ses_2' });
    expect((await other.load(Date.now())).conversations).toEqual([]);
  });

  it('right after sending loses nothing, although the database had no time to write', async () => {
    const factory = new IDBFactory();
    const backends = { factory, range: IDBKeyRange, storage: memoryStorage() };
    const first = openIndexedDbCache(backends, ME);
    await first.load(Date.now());
    const written = first.putOutgoing({
      nonce: 'nonce-0001', conversationId: CNV, text: 'just now', attachments: [], folder: null, createdAt: '2026-11-22T08:00:00Z', state: 'sending',
      reason: null, tries: 0,
    });
    // What a reload finds now: the journal as it is, and a database without the message.
    const journal = memoryStorage();
    const key = backends.storage.key(0) ?? '';
    journal.setItem(key, backends.storage.getItem(key) ?? '');
    const reloaded = openIndexedDbCache({ ...backends, factory: new IDBFactory(), storage: journal }, ME);
    expect((await reloaded.load(Date.now())).outgoing.map(({ text }) => text)).toEqual(['just now']);
    await written;
    expect(backends.storage.length).toBe(0);
    expect((await first.load(Date.now())).outgoing).toHaveLength(1);
  });
});
