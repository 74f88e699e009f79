/** What is shown of files: names, sizes, places of pictures, one line for a list. */
import { describe, expect, it } from 'vitest';
import { decodeThumbHash } from '../../files/thumbhash.ts';
import { formatDuration, lookOf, splitName } from '../../files/words.ts';
import { formatBytes } from '../../i18n/format.ts';
import { Texts } from '../../i18n/index.ts';
import { problemText } from '../../i18n/react.ts';
import { storedFile } from '../../testing/uploadFixture.ts';
import { gatherChosen, gatherPasted, nameScreenshot } from '../files/gather.ts';
import { gridColumns, pictureBox } from './box.ts';
import { messageSummary } from './summary.ts';
import { FITTED, movedBy, zoomedTo } from './zoom.ts';

describe('a file', () => {
  it('keeps its extension where its name is cut', () => {
    expect(splitName('年度框架采购合同最终修订稿.pdf')).toEqual({ head: '年度框架采购合同最', tail: '终修订稿.pdf' });
    expect(splitName('a.b')).toEqual({ head: 'a', tail: '.b' });
    expect(splitName('.gitignore').tail).not.toBe('.gitignore');
    expect(splitName('no extension').head + splitName('no extension').tail).toBe('no extension');
  });

  it('is told by its size in the reader\'s language', () => {
    expect(formatBytes('en', 0)).toBe('0\u00a0B');
    expect(formatBytes('en', 1536)).toBe('1.5\u00a0KB');
    expect(formatBytes('zh-CN', 100 * 1024 * 1024)).toBe('100\u00a0MB');
    expect(formatBytes('en', 2 * 1024 ** 3)).toBe('2\u00a0GB');
  });

  it('has the icon of its kind', () => {
    expect(lookOf('报价.XLSX', 'FILE')).toBe('sheet');
    expect(lookOf('x', 'FOLDER')).toBe('folder');
    expect(lookOf('unknown', 'VIDEO')).toBe('video');
    expect(lookOf('README', 'FILE')).toBe('file');
    expect([formatDuration(65_000), formatDuration(3_723_000)]).toEqual(['1:05', '1:02:03']);
  });

  it('that is too large is refused with the limit in words (covers: FIL-02)', async () => {
    const texts = new Texts('zh-CN');
    await texts.load('core');
    const refusal = { code: 'FILE_TOO_LARGE', limit: 100 * 1024 * 1024, used: 1 } as const;
    expect(problemText(texts.translate, refusal)).toBe('文件超过单个文件的上限（100\u00a0MB）。');
    const full = { code: 'STORAGE_FULL', limit: 10 * 1024 ** 3, used: 9.5 * 1024 ** 3 } as const;
    expect(problemText(texts.translate, full)).toContain('已用 9.5\u00a0GB，共 10\u00a0GB');
  });
});

describe('a picture', () => {
  it('has its place before it is loaded, in its proportion (covers: MSG-07)', () => {
    expect(pictureBox(1600, 1000)).toEqual({ width: 360, height: 225 });
    expect(pictureBox(1000, 3000)).toEqual({ width: 100, height: 300 });
    expect(pictureBox(40, 40)).toEqual({ width: 72, height: 72 });
    expect(pictureBox(null, null)).toEqual({ width: 240, height: 180 });
    expect([2, 3, 4, 9].map(gridColumns)).toEqual([2, 3, 2, 3]);
  });

  it('is a blur of its colours until then', () => {
    const hash = Buffer.from('1QcSHQRnh493V4dIh4eXh1h4kJUI', 'base64');
    const blurred = decodeThumbHash(hash);
    expect([blurred?.width, blurred?.height]).toEqual([23, 32]);
    const [red = 0, green = 0, blue = 0, alpha] = blurred?.rgba ?? [];
    expect(alpha).toBe(255);
    expect(Math.max(red, green, blue)).toBeGreaterThan(0);
    expect(decodeThumbHash(new Uint8Array(3))).toBeNull();
  });

  it('is zoomed about its middle, and stands still as it fits', () => {
    const zoomed = movedBy(zoomedTo(FITTED, 2), 30, -10);
    expect(zoomed).toEqual({ scale: 2, x: 30, y: -10 });
    expect(zoomedTo(zoomed, 4)).toEqual({ scale: 4, x: 60, y: -20 });
    expect(zoomedTo(zoomed, 0.5)).toEqual(FITTED);
    expect(movedBy(FITTED, 5, 5)).toEqual(FITTED);
  });
});

describe('a message in one line', () => {
  it('says what goes with it', async () => {
    const texts = new Texts('zh-CN');
    await texts.load('chat');
    const brief = (text: string | null, ...attachments: ReturnType<typeof storedFile>[]): string => (
      messageSummary(texts.translate, { text, attachments })
    );
    const picture = storedFile('p', { kind: 'IMAGE' });
    expect(brief('你好')).toBe('你好');
    expect(brief(null, picture)).toBe('[图片]');
    expect(brief('看', picture, picture)).toBe('[图片] ×2 看');
    expect(brief(null, storedFile('f', { name: 'a.pdf' }), picture)).toBe('[文件] a.pdf 等 2 项');
    expect(brief(null, storedFile('d', { name: '资料', kind: 'FOLDER' }))).toBe('[文件夹] 资料');
  });
});

describe('what somebody chose', () => {
  function chosen(path: string, size = 1): File {
    const file = new File([new Uint8Array(size)], path.split('/').pop() ?? '');
    Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
    return file;
  }

  it('of a directory is one folder with paths below it, without empty files (covers: MSG-09)', () => {
    const { files, folders } = gatherChosen([chosen('资料/a.txt'), chosen('资料/子/b.txt'), chosen('资料/空', 0)]);
    expect(files).toEqual([]);
    expect(folders).toMatchObject([{ name: '资料', emptyCount: 1, files: [{ path: 'a.txt' }, { path: '子/b.txt' }] }]);
  });

  it('is refused where a directory is too large, too deep or empty', () => {
    const many = Array.from({ length: 1001 }, (_, index) => chosen(`many/${index}`));
    const deep = chosen(`deep/${'d/'.repeat(16)}x`);
    expect(gatherChosen([...many, deep, chosen('none/x', 0)]).troubles).toEqual([
      { name: 'many', trouble: 'tooMany' }, { name: 'deep', trouble: 'tooDeep' }, { name: 'none', trouble: 'empty' },
    ]);
  });

  it('on the clipboard is the text where there is one, else the picture under a name that says when', () => {
    const picture = new File(['x'], 'image.png');
    const clipboard = (...types: string[]): DataTransfer => ({ types, files: [picture] }) as unknown as DataTransfer;
    expect(gatherPasted(clipboard('Files', 'text/plain'))).toEqual([]);
    expect(gatherPasted(clipboard('Files'))).toEqual([picture]);
    expect(nameScreenshot(picture, (extension) => `截图.${extension}`).name).toBe('截图.png');
    expect(nameScreenshot(new File(['x'], 'a.png'), () => 'no').name).toBe('a.png');
  });
});
