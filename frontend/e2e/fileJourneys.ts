/** Files between two colleagues: pictures, files, directories, large ones, limits, avatars. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { everyLook, shot, type Visitor } from './support.ts';

const MIB = 1024 * 1024;

export interface FilePeople {
  admin: Visitor;
  li: Visitor;
  wang: Visitor;
  /** Opens the conversation with somebody of this name. */
  open: (page: Page, name: string) => Promise<void>;
  liName: string;
  wangName: string;
}

/** A picture of two colours that fade into each other. */
function png(width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(1 + width * 3);
    for (let x = 0; x < width; x += 1) row.set([40 + (160 * x) / width, 90 + (90 * y) / height, 150], 1 + x * 3);
    return row;
  });
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function log(page: Page): Locator {
  return page.getByRole('region', { name: /的消息$/ });
}

/** The way back to the conversations, however much is unread. */
function chats(page: Page): Locator {
  return page.getByRole('navigation', { name: '主导航' }).locator('a[href="/"]');
}

function tray(page: Page): Locator {
  return page.getByRole('list', { name: '待发送的文件' }).getByRole('listitem');
}

function chooser(page: Page, name: '图片或视频' | '文件' | '文件夹'): Locator {
  return page.locator(`input[type=file][aria-label="${name}"]`);
}

async function send(page: Page, text: string): Promise<void> {
  const button = page.getByRole('button', { name: '发送', exact: true });
  await page.getByRole('textbox', { name: /^发消息给/ }).fill(text);
  await expect(button).toBeEnabled();
  await button.click();
  await expect(tray(page)).toHaveCount(0);
}

async function download(page: Page, name: string | RegExp): Promise<Buffer> {
  const coming = page.waitForEvent('download');
  await log(page).getByRole('button', { name }).last().click();
  return readFileSync(await (await coming).path());
}

/** Registers the journeys; `people` is asked once they run. */
export function fileJourneys(people: () => FilePeople): void {
  test('a picture and a file arrive on the other side (covers: MSG-07, MSG-08, FIL-12)', async () => {
    const { li, wang } = people();
    const contract = randomBytes(3 * MIB);
    await chooser(li.page, '图片或视频').setInputFiles({ name: '厂房.png', mimeType: 'image/png', buffer: png(1200, 800) });
    await chooser(li.page, '文件').setInputFiles({ name: '框架采购合同-最终修订稿.pdf', mimeType: 'application/pdf', buffer: contract });
    await expect(tray(li.page)).toHaveCount(2);
    await shot(li.page, 'tray');
    await send(li.page, '照片和合同');
    await expect(log(li.page).getByRole('button', { name: '查看图片 厂房.png' })).toBeVisible();
    const picture = log(wang.page).getByRole('button', { name: '查看图片 厂房.png' });
    await expect(picture.locator('img[data-shown]')).toBeVisible();
    const box = await picture.boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.5, 1);
    await everyLook(wang.page, 'conversation-files');
    expect((await download(wang.page, /^下载 框架采购合同/)).equals(contract)).toBe(true);

    await picture.click();
    const viewer = wang.page.getByRole('dialog', { name: '图片 厂房.png' });
    await expect(viewer.getByRole('img', { name: '厂房.png' })).toBeVisible();
    await wang.page.keyboard.press('+');
    await expect(viewer.getByText('140 %')).toBeVisible();
    await shot(wang.page, 'viewer');
    await wang.page.keyboard.press('Escape');
    await expect(viewer).toHaveCount(0);
  });

  test('a screenshot is pasted, a file is dropped (covers: MSG-06)', async () => {
    const { li, wang } = people();
    const transfer = await li.page.evaluateHandle((bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], 'image.png', { type: 'image/png' }));
      return data;
    }, [...png(64, 64)]);
    const input = li.page.getByRole('textbox', { name: /^发消息给/ });
    await input.evaluate((element, clipboardData) => {
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, transfer);
    await expect(tray(li.page)).toContainText('截图');
    const dropped = await li.page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], '拖入.txt', { type: 'text/plain' }));
      return data;
    });
    await log(li.page).dispatchEvent('dragenter', { dataTransfer: dropped });
    await expect(li.page.getByText('松开即可添加')).toBeVisible();
    await shot(li.page, 'drop');
    await log(li.page).dispatchEvent('drop', { dataTransfer: dropped });
    await expect(tray(li.page)).toHaveCount(2);
    await send(li.page, '');
    await expect(log(wang.page).getByRole('button', { name: /^查看图片 截图/ })).toBeVisible();
    expect((await download(wang.page, '下载 拖入.txt')).toString()).toBe('dropped');
  });

  test('a directory arrives as one zip (covers: MSG-09)', async () => {
    const { li, wang } = people();
    const root = mkdtempSync(join(tmpdir(), 'journey-'));
    const folder = join(root, '投标材料');
    mkdirSync(join(folder, '附件'), { recursive: true });
    writeFileSync(join(folder, '目录.txt'), '目录');
    writeFileSync(join(folder, '附件', '报价.csv'), '品名,单价');
    await chooser(li.page, '文件夹').setInputFiles(folder);
    await expect(tray(li.page)).toContainText('2 个文件');
    await send(li.page, '');
    rmSync(root, { recursive: true });
    await expect(log(wang.page).getByText('投标材料')).toBeVisible();
    const zip = await download(wang.page, '下载 投标材料（zip 压缩包）');
    expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect(zip.includes(Buffer.from('附件/报价.csv'))).toBe(true);
  });

  test('a large file goes on after a lost connection, a pause and a look elsewhere', async () => {
    const { li, wang, open, wangName } = people();
    const { page } = li;
    const film = randomBytes(30 * MIB);
    let lost = 0;
    li.cut = true;
    await page.route((url) => url.searchParams.get('partNumber') === '2', async (route) => {
      lost += 1;
      if (lost <= 2) await route.abort('connectionfailed');
      else await route.continue();
    });
    await chooser(page, '文件').setInputFiles({ name: '录屏.bin', mimeType: 'application/octet-stream', buffer: film });
    await expect(page.getByRole('button', { name: '暂停上传 录屏.bin' })).toBeVisible();
    await expect.poll(() => lost).toBeGreaterThan(0);
    await page.getByRole('button', { name: '暂停上传 录屏.bin' }).click();
    await shot(page, 'tray-paused');
    await page.getByRole('button', { name: '继续上传 录屏.bin' }).click();
    await page.getByRole('link', { name: '通讯录', exact: true }).click();
    await chats(page).click();
    await open(page, wangName);
    await send(page, '');
    await page.unrouteAll();
    li.cut = false;
    expect((await download(wang.page, '下载 录屏.bin')).equals(film)).toBe(true);
  });

  test('a file above the limit is refused with the limit in words (covers: FIL-02, FIL-03)', async () => {
    const { admin, li } = people();
    const { page } = admin;
    await page.goto('/console/files');
    await expect(page.getByText(/个文件。剩余/)).toBeVisible();
    await page.getByLabel('单个文件上限').fill('1');
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('已保存')).toBeVisible();
    for (const size of [2 * MIB, 9 * MIB]) {
      await chooser(li.page, '文件').setInputFiles({ name: '大文件.bin', mimeType: 'application/octet-stream', buffer: randomBytes(size) });
      await expect(tray(li.page)).toContainText('单个文件上限为 1 MB');
      await expect(li.page.getByRole('button', { name: '发送', exact: true })).toBeDisabled();
      if (size < 5 * MIB) await everyLook(li.page, 'tray-refused');
      await li.page.getByRole('button', { name: '移除 大文件.bin' }).click();
    }
    await page.getByLabel('单个文件上限').fill('100');
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByRole('button', { name: '保存' })).toBeDisabled();
  });

  test('a new picture of oneself is seen by colleagues (covers: DIR-56)', async () => {
    const { li, wang, open, liName, wangName } = people();
    await li.page.getByRole('link', { name: '设置' }).first().click();
    await li.page.locator('input[aria-label="更换头像"]').setInputFiles({ name: '我.png', mimeType: 'image/png', buffer: png(600, 400) });
    const dialog = li.page.getByRole('dialog', { name: '调整头像' });
    await dialog.getByRole('group', { name: /方向键/ }).press('ArrowRight');
    await dialog.getByRole('slider', { name: '缩放' }).fill('1.5');
    await everyLook(li.page, 'crop');
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(li.page.getByRole('button', { name: '移除头像' })).toBeVisible();
    await open(wang.page, liName);
    const shown = wang.page.getByRole('region', { name: liName, exact: true }).locator('header img');
    await expect(shown).toBeVisible();
    const ratio = (): Promise<number> => shown.evaluate(({ naturalWidth, naturalHeight }: HTMLImageElement) => naturalWidth / naturalHeight);
    await expect.poll(ratio).toBe(1);
    await chats(li.page).click();
    await open(li.page, wangName);
  });

  test('the company gets a mark of its own, seen at the top of the chat', async () => {
    const { admin, li } = people();
    await admin.page.goto('/console/company');
    await admin.page.locator('input[aria-label="更换"]').setInputFiles({ name: '标志.png', mimeType: 'image/png', buffer: png(300, 300) });
    const dialog = admin.page.getByRole('dialog', { name: '调整企业标志' });
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(admin.page.getByRole('button', { name: '移除', exact: true })).toBeVisible();
    await li.page.reload();
    const mark = li.page.getByRole('button', { name: /切换企业/ }).locator('img');
    await expect.poll(() => mark.evaluate(({ naturalWidth }: HTMLImageElement) => naturalWidth)).toBeGreaterThan(0);
  });
}
