/** Files on their way to the server: in one request, in parts, paused, refused, cut off, continued. */
import { describe, expect, it } from 'vitest';
import { GraphqlFailure } from '../../gql/client.ts';
import { ME, OFFLINE, settled } from '../../testing/liveFixture.ts';
import { source, TARGET, uploadFixture } from '../../testing/uploadFixture.ts';
import { wipeUploads } from './memory.ts';
import { PartPlan } from './parts.ts';
import { isTrayReady, trayItems } from './tray.ts';

describe('a small file', () => {
  it('goes in one request and can be sent once the check says so (covers: MSG-08)', async () => {
    const { uploads, server, timers } = uploadFixture();
    server.checked = false;
    uploads.add(source('a.txt', 4), TARGET);
    await settled();
    expect(server.calls).toEqual(['small a.txt']);
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'checking', sentBytes: 4 });
    server.ready('upl_1');
    uploads.changed('upl_1');
    await settled();
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'ready', file: { id: 'fil_upl_1' } });
    expect(timers.pending).toBe(0);
  });

  it('is asked about where no event comes, less and less often', async () => {
    const { uploads, server, timers } = uploadFixture();
    server.checked = false;
    uploads.add(source('a.txt', 4), TARGET);
    await timers.advance(7500);
    expect(server.calls.filter((call) => call.startsWith('look'))).toHaveLength(3);
    server.refuse('upl_1', 'INFECTED');
    await timers.advance(10_000);
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'refused', refusal: { code: 'INFECTED' } });
  });

  it('that is empty is refused before anything is sent', async () => {
    const { uploads, server } = uploadFixture();
    uploads.add(source('empty', 0), TARGET);
    await settled();
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'refused', refusal: { code: 'FILE_EMPTY' } });
    expect(server.calls).toEqual([]);
  });

  it('that the rules refuse is not sent at all', async () => {
    const { uploads, server } = uploadFixture();
    server.sizeMax = 3;
    uploads.add(source('a', 4), TARGET);
    await settled();
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'refused', refusal: { code: 'FILE_TOO_LARGE', limit: 3 } });
    expect(server.calls).toEqual([]);
  });

  it('whose upload has ended begins a new one on demand', async () => {
    const { uploads, server } = uploadFixture();
    server.refusal = { code: 'UPLOAD_ENDED' };
    const key = uploads.add(source('a', 4), TARGET);
    await settled();
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'failed', refusal: { code: 'UPLOAD_ENDED' } });
    server.refusal = null;
    uploads.resume(key);
    await settled();
    expect(uploads.snapshot()[0]?.step).toBe('ready');
    expect(server.started).toEqual(['nonce-2']);
  });

  it('that is too large keeps the limit for the words (covers: FIL-02)', async () => {
    const { uploads, server } = uploadFixture();
    server.refusal = { code: 'FILE_TOO_LARGE', limit: 3, used: 4 };
    uploads.add(source('a', 4), TARGET);
    await settled();
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'refused', refusal: { limit: 3, used: 4 } });
  });
});

describe('a large file', () => {
  it('goes in parts, three at once, with addresses asked for a few at a time', async () => {
    const { uploads, server } = uploadFixture({ addressesAtOnce: 4 });
    server.hold = true;
    uploads.add(source('film', 55), TARGET);
    await settled();
    expect(server.calls).toEqual(['start film', 'parts 1,2,3,4', 'put 1', 'put 2', 'put 3']);
    server.held[1]?.told(6);
    expect(uploads.snapshot()[0]?.sentBytes).toBe(6);
    server.hold = false;
    for (const { finish } of server.held) finish();
    await settled();
    expect(server.calls.slice(5)).toEqual(['parts 5,6', 'put 4', 'put 5', 'put 6', 'complete upl_1']);
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'ready', sentBytes: 55 });
  });

  it('is paused and goes on with what the server lacks', async () => {
    const { uploads, server } = uploadFixture();
    server.hold = true;
    const key = uploads.add(source('film', 35), TARGET);
    await settled();
    server.held[0]?.finish();
    await settled();
    uploads.pause(key);
    await settled();
    expect(uploads.snapshot()[0]?.step).toBe('paused');
    server.hold = false;
    server.calls.length = 0;
    uploads.resume(key);
    await settled();
    expect(server.calls).toEqual(['look upl_1', 'parts 2,3,4', 'put 2', 'put 3', 'put 4', 'complete upl_1']);
    expect(uploads.snapshot()[0]?.step).toBe('ready');
  });

  it('outlives a lost connection: the part is tried again with a new address', async () => {
    const { uploads, server, timers } = uploadFixture();
    uploads.add(source('film', 15), TARGET);
    server.failures.push(null, null, OFFLINE);
    await settled();
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'sending', stalled: true });
    server.failures.push(OFFLINE, OFFLINE, OFFLINE, OFFLINE, OFFLINE, OFFLINE, OFFLINE, OFFLINE);
    await timers.advance(120_000);
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'ready', stalled: false });
    expect(server.uploads.get('upl_1')?.receivedParts.toSorted()).toEqual([1, 2]);
  });

  it('goes on at once when the network is back', async () => {
    const { uploads, server } = uploadFixture();
    server.failures.push(OFFLINE);
    uploads.add(source('film', 15), TARGET);
    await settled();
    expect(uploads.snapshot()[0]?.stalled).toBe(true);
    uploads.wake();
    await settled();
    expect(uploads.snapshot()[0]?.step).toBe('ready');
  });

  it('fails in words after a bounded number of errors, and is tried again on demand', async () => {
    const { uploads, server, timers } = uploadFixture({ triesMax: 3 });
    const away = new GraphqlFailure('UNAVAILABLE', 'no store');
    server.failures.push(away, away, away);
    const key = uploads.add(source('film', 15), TARGET);
    await timers.advance(60_000);
    expect(uploads.snapshot()[0]).toMatchObject({ step: 'failed', refusal: { code: 'UNAVAILABLE' } });
    uploads.resume(key);
    await settled();
    expect(uploads.snapshot()[0]?.step).toBe('ready');
  });

  it('that is taken out of the tray is given up at the server', async () => {
    const { uploads, server } = uploadFixture();
    server.hold = true;
    const key = uploads.add(source('film', 15), TARGET);
    await settled();
    uploads.cancel(key);
    await settled();
    expect(uploads.snapshot()).toEqual([]);
    expect(server.uploads.get('upl_1')?.state).toBe('CANCELLED');
  });

  it('begins anew when the server has forgotten it', async () => {
    const { uploads, server } = uploadFixture();
    server.hold = true;
    const key = uploads.add(source('film', 15), TARGET);
    await settled();
    uploads.pause(key);
    server.uploads.clear();
    server.hold = false;
    server.calls.length = 0;
    uploads.resume(key);
    await settled();
    expect(server.calls.slice(0, 2)).toEqual(['look upl_1', 'start film']);
    expect(uploads.snapshot()[0]?.step).toBe('ready');
  });
});

describe('several files', () => {
  it('take turns', async () => {
    const { uploads, server } = uploadFixture({ filesAtOnce: 2 });
    server.hold = true;
    for (const name of ['a', 'b', 'c']) uploads.add(source(name, 3), TARGET);
    await settled();
    expect(uploads.snapshot().map(({ step }) => step)).toEqual(['sending', 'sending', 'waiting']);
    server.held[0]?.finish();
    await settled();
    expect(uploads.snapshot().map(({ step }) => step)).toEqual(['ready', 'sending', 'sending']);
  });

  it('of a directory are one thing in the tray, ready when all are (covers: MSG-09)', async () => {
    const { uploads, server } = uploadFixture();
    server.hold = true;
    for (const path of ['x/a', 'x/b']) {
      uploads.add(source('a', 3), { ...TARGET, folder: { id: 'f1', name: 'x', path } });
    }
    uploads.add(source('c', 3), { ...TARGET, conversationId: 'cnv_2' });
    await settled();
    server.held[0]?.finish();
    await settled();
    const items = trayItems(uploads.snapshot(), 'cnv_1');
    expect(items).toMatchObject([{ type: 'folder', folder: { name: 'x', sizeBytes: 6, readyCount: 1, step: 'sending' } }]);
    expect(isTrayReady(items)).toBe(false);
    server.held[1]?.finish();
    await settled();
    expect(isTrayReady(trayItems(uploads.snapshot(), 'cnv_1'))).toBe(true);
    expect(trayItems(uploads.snapshot(), 'cnv_2')).toHaveLength(1);
    expect([...uploads.lying()]).toEqual([['cnv_1', 2], ['cnv_2', 1]]);
  });
});

describe('after a reload', () => {
  it('a file that is chosen again goes on where it stopped', async () => {
    const { uploads, server, reload } = uploadFixture();
    server.hold = true;
    uploads.add(source('film', 35, 7), TARGET);
    await settled();
    server.held[0]?.finish();
    await settled();
    uploads.stop();
    const again = reload();
    again.restore();
    await settled();
    expect(again.snapshot()).toMatchObject([{ name: 'film', step: 'detached', sentBytes: 10 }]);
    server.hold = false;
    server.calls.length = 0;
    again.add(source('film', 35, 8), TARGET);
    again.add(source('film', 35, 7), TARGET);
    await settled();
    expect(server.calls).toContain('look upl_1');
    expect(server.calls.filter((call) => call === 'put 1')).toHaveLength(1);
    expect(again.snapshot().map(({ step }) => step)).toEqual(['ready', 'ready']);
  });

  it('what was checked meanwhile is ready by itself; another session sees nothing', async () => {
    const { uploads, server, storage, reload } = uploadFixture();
    uploads.add(source('a', 3), TARGET);
    await settled();
    const again = reload();
    again.restore();
    await settled();
    expect(again.snapshot()).toMatchObject([{ step: 'ready', file: { id: 'fil_upl_1' } }]);
    expect(server.calls.at(-1)).toBe('look upl_1');
    wipeUploads(storage, ME.tenantId, null);
    expect(storage.length).toBe(0);
  });

  it('what was sent does not come back', async () => {
    const { uploads, reload } = uploadFixture();
    const key = uploads.add(source('a', 3), TARGET);
    await settled();
    uploads.take(key);
    const again = reload();
    again.restore();
    expect(again.snapshot()).toEqual([]);
  });
});

describe('the parts of a file', () => {
  it('are counted to the last byte', () => {
    const plan = new PartPlan(25, 10, [2, 9]);
    expect(plan.sentBytes).toBe(10);
    expect([plan.take(), plan.take(), plan.take()]).toEqual([1, 3, null]);
    expect(plan.range(3)).toEqual([20, 25]);
    plan.progress(1, 4);
    plan.finish(3);
    expect(plan.sentBytes).toBe(19);
  });
});
