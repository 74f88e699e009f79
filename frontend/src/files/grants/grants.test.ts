/** Addresses of files: in batches, kept while they live, asked for again before they die. */
import { describe, expect, it } from 'vitest';
import { GraphqlFailure } from '../../gql/client.ts';
import { HandTimers, settled } from '../../testing/liveFixture.ts';
import { Grants, type GrantKind } from './grants.ts';

const THUMBNAIL: GrantKind = { variant: 'THUMBNAIL', disposition: 'INLINE' };
const DOWNLOAD: GrantKind = { variant: 'ORIGINAL', disposition: 'ATTACHMENT' };

function fixture(gone: string[] = []) {
  const timers = new HandTimers();
  const asked: string[] = [];
  const grants = new Grants((kind, ids) => {
    asked.push(`${kind.variant} ${ids.join(',')}`);
    if (ids.some((id) => gone.includes(id))) return Promise.reject(new GraphqlFailure('NOT_FOUND', 'gone'));
    const expiresAt = new Date(timers.now() + 600_000).toISOString();
    return Promise.resolve(ids.map((fileId) => ({ fileId, url: `/files/${fileId}?${asked.length}`, expiresAt })));
  }, timers);
  return { timers, asked, grants };
}

describe('grants', () => {
  it('for what is visible come in one request, each kind by itself', async () => {
    const { timers, asked, grants } = fixture();
    const urls = Promise.all(['a', 'b', 'a'].map((id) => grants.get(id, THUMBNAIL)));
    const download = grants.get('a', DOWNLOAD);
    await timers.advance(20);
    expect(await urls).toEqual(['/files/a?1', '/files/b?1', '/files/a?1']);
    expect(await download).toBe('/files/a?2');
    expect(asked).toEqual(['THUMBNAIL a,b', 'ORIGINAL a']);
  });

  it('are kept until shortly before they expire', async () => {
    const { timers, asked, grants } = fixture();
    void grants.get('a', THUMBNAIL);
    await timers.advance(20);
    await timers.advance(500_000);
    expect(grants.peek('a', THUMBNAIL)).toBe('/files/a?1');
    await timers.advance(60_000);
    expect(grants.peek('a', THUMBNAIL)).toBeNull();
    void grants.get('a', THUMBNAIL);
    await timers.advance(20);
    expect(asked).toHaveLength(2);
  });

  it('never ask for more than the server answers at once', async () => {
    const { timers, asked, grants } = fixture();
    const urls = Promise.all(Array.from({ length: 150 }, (_, index) => grants.get(`f${index}`, THUMBNAIL)));
    await timers.advance(20);
    await urls;
    expect(asked.map((call) => call.split(',').length)).toEqual([100, 50]);
  });

  it('of others come although one is gone', async () => {
    const { timers, grants } = fixture(['b']);
    const urls = Promise.allSettled(['a', 'b'].map((id) => grants.get(id, THUMBNAIL)));
    await timers.advance(20);
    await settled();
    expect((await urls).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
