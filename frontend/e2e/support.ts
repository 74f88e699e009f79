/** What the journeys share: watched pages, screenshots in every look, axe. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = new URL('./shots/', import.meta.url).pathname;

/** Lines that a cut network writes by itself. */
const CUT = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_FAILED|WebSocket connection to/;

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** What the console complained of. */
  complaints: string[];
  /** While true, the complaints of a cut network are expected. */
  cut: boolean;
}

export interface Look {
  locale?: string;
  userAgent?: string;
}

/** A browser context of its own, as another person on another machine. */
export async function visit(browser: Browser, look: Look = {}): Promise<Visitor> {
  const context = await browser.newContext({ ...look });
  const page = await context.newPage();
  const visitor: Visitor = { context, page, complaints: [], cut: false };
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (visitor.cut && CUT.test(message.text())) return;
    visitor.complaints.push(`${message.type()}: ${message.text()} (${page.url()})`);
  });
  page.on('pageerror', (error) => visitor.complaints.push(`thrown: ${error.message}`));
  return visitor;
}

export async function leave(visitor: Visitor): Promise<void> {
  await visitor.context.close();
  expect(visitor.complaints).toEqual([]);
}

/** What axe found, on all screens: told together at the end of the story. */
export const barriers: string[] = [];

/** Asks axe about what is shown now. */
async function accessible(page: Page, name: string): Promise<void> {
  // Transitions end first: a colour on its way has no contrast to speak of.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation.effect?.getTiming().iterations !== Infinity)
    .map((animation) => animation.finished)));
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    interface Violation { id: string; nodes: { html: string; failureSummary: string }[] }
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({
      id, nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => `${html.slice(0, 240)} | ${failureSummary}`),
    }));
  });
  for (const { id, nodes } of found) barriers.push(`${name}: ${id}: ${nodes.join(' || ')}`);
}

/** A screenshot and axe of one screen as it is. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}${name}.png`, animations: 'disabled' });
  await accessible(page, name);
}

/** One screen in light and dark, wide and narrow. */
export async function everyLook(page: Page, name: string): Promise<void> {
  await shot(page, `${name}-light-1440`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, `${name}-dark-1440`);
  await page.setViewportSize({ width: 375, height: 740 });
  await shot(page, `${name}-dark-375`);
  await page.emulateMedia({ colorScheme: 'light' });
  await shot(page, `${name}-light-375`);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways, `${name} scrolls sideways at 375 px`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}

export async function signIn(
  page: Page, where: '/signin' | '/console', tenant: string, account: string, password: string,
): Promise<void> {
  await page.goto(where);
  await page.getByLabel('企业域名或企业号').fill(tenant);
  await page.getByLabel('账号', { exact: true }).fill(account);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}
