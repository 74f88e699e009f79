/**
 * A company signs up, its admin adds two colleagues, they talk; the network goes and comes back; a
 * session is replaced. One story, in order, on a freshly started server.
 */
import { expect, test, type Page } from '@playwright/test';
import { fileJourneys } from './fileJourneys.ts';
import { phoneOf, until } from './nodeClient.ts';
import { barriers, everyLook, leave, shot, signIn, visit, type Visitor } from './support.ts';

const CLAIM_URL = process.env['HANSA_CLAIM_URL'] ?? '';
const RUN = Date.now().toString(36);
const HOST_NAME = `e2e-${RUN}`;
const FOUNDER = { email: `founder@${RUN}.example.com`, password: 'Founder-2026' };
const NEW_PASSWORD = 'Kollege-2026';

interface Person {
  name: string;
  account: string;
  initial: string;
}

const LI: Person = { name: '李雨桐', account: 'liyt', initial: '' };
const WANG: Person = { name: '王浩然', account: 'wanghr', initial: '' };

let operator: Visitor;
let admin: Visitor;
let li: Visitor;
let wang: Visitor;
let founderAccount = '';

test.describe.configure({ mode: 'serial' });

test.afterAll(async () => {
  for (const visitor of [operator, admin, li, wang]) await visitor?.context.close();
});

function messages(page: Page) {
  return page.getByRole('region', { name: /的消息$/ }).locator('p');
}

async function say(page: Page, text: string): Promise<void> {
  const input = page.getByRole('textbox', { name: /^发消息给/ });
  await input.fill(text);
  await input.press('Enter');
}

async function openConversation(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: '消息' }).getByRole('link', { name: new RegExp(name) }).click();
  await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible();
}

test('the first operator claims the deployment', async ({ browser }) => {
  test.skip(CLAIM_URL === '', 'HANSA_CLAIM_URL is not set');
  operator = await visit(browser);
  const { page } = operator;
  await page.goto(CLAIM_URL);
  await expect(page.getByRole('heading', { name: '创建首位运营者' })).toBeVisible();
  await shot(page, 'claim');
  await page.getByLabel('姓名').fill('运营值班');
  await page.getByLabel('邮箱').fill('ops@example.com');
  await page.getByLabel('密码', { exact: true }).fill('Operator-2026');
  await page.getByRole('button', { name: '创建并登录' }).click();
  await expect(page.getByRole('heading', { name: '今天需要处理' })).toBeVisible();
  await everyLook(page, 'operator-home');
});

test('a company signs up with the code from its mail (covers: TEN-05, LIC-02)', async ({ browser }) => {
  admin = await visit(browser);
  const { page } = admin;
  await page.goto('/signup');
  await expect(page.getByRole('heading', { name: '注册企业' })).toBeVisible();
  await page.getByRole('button', { name: '下一步' }).click();
  await expect(page.getByText('请填写此项').first()).toBeVisible();
  await everyLook(page, 'signup-form');
  await page.getByLabel('企业全称').fill('汉萨数字科技（深圳）有限公司');
  await page.getByLabel('您的姓名').fill('陈思远');
  await page.getByLabel('行业分类').selectOption({ index: 1 });
  await page.getByLabel('邮箱').fill(FOUNDER.email);
  await page.getByLabel('企业域名').fill('admin');
  await expect(page.getByText('该域名为保留域名')).toBeVisible();
  await page.getByLabel('企业域名').fill(HOST_NAME);
  await expect(page.getByText('可以使用')).toBeVisible();
  await page.getByLabel('登录密码').fill(FOUNDER.password);
  await page.getByLabel('我已阅读并同意').check();
  await page.getByRole('button', { name: '下一步' }).click();
  const code = page.getByLabel('6 位验证码');
  await expect(code).toBeVisible();
  await shot(page, 'signup-code');

  await code.fill('000000');
  await expect(page.getByText('验证码不正确')).toBeVisible();
  await code.fill(await codeFromMailbox(operator.page, FOUNDER.email));
  await expect(page.getByRole('heading', { name: '企业已开通' })).toBeVisible();
  await shot(page, 'signup-done');
  founderAccount = (await page.locator('dd').nth(2).textContent()) ?? '';
  expect(founderAccount).not.toBe('');
});

async function codeFromMailbox(page: Page, email: string): Promise<string> {
  const row = page.getByRole('row').filter({ hasText: email }).first();
  await expect(async () => {
    await page.goto('/operator/mailbox');
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await row.getByRole('button').click();
  const body = page.getByRole('dialog');
  await expect(body).toContainText(/\d{6}/);
  await shot(page, 'operator-mail');
  return /\b\d{6}\b/.exec((await body.textContent()) ?? '')?.[0] ?? '';
}

test('the founder sets the super password and adds two colleagues (covers: TEN-01, DIR-02, DIR-10)', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: '登录管理后台，添加同事' }).click();
  await expect(page.getByLabel('企业域名或企业号')).toHaveValue(HOST_NAME);
  await shot(page, 'console-signin');
  await page.getByLabel('密码', { exact: true }).fill(FOUNDER.password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('heading', { name: '企业信息', level: 1 })).toBeVisible();
  await everyLook(page, 'console-company');
  await page.getByLabel('您的登录密码').fill(FOUNDER.password);
  await page.getByLabel('超级密码', { exact: true }).fill('Super-2026-x');
  await page.getByLabel('再次输入超级密码').fill('Super-2026-x');
  await page.getByRole('button', { name: '设置', exact: true }).click();
  await expect(page.getByText('设置超级密码')).toBeHidden();

  await page.getByRole('link', { name: '组织架构' }).click();
  await page.getByRole('button', { name: '新增部门' }).click();
  await page.getByLabel('部门名称').fill('研发中心');
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('link', { name: '研发中心' })).toBeVisible();
  await everyLook(page, 'console-departments');

  await page.getByRole('link', { name: '成员', exact: true }).click();
  for (const person of [LI, WANG]) person.initial = await addMember(page, person);
  await expect(page.getByRole('row').filter({ hasText: WANG.name })).toBeVisible();
  await everyLook(page, 'console-members');
});

async function addMember(page: Page, { name, account }: Person): Promise<string> {
  await page.getByRole('button', { name: '新增成员' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('姓名').fill(name);
  await drawer.getByLabel('账号', { exact: true }).fill(account);
  await drawer.getByRole('combobox', { name: '部门' }).click();
  await page.getByRole('tree').getByText('研发中心').click();
  await page.keyboard.press('Escape');
  await drawer.getByRole('checkbox', { name: '打印账号条' }).check();
  await shot(page, 'console-member-new');
  await drawer.getByRole('button', { name: '保存' }).click();
  const slip = page.getByRole('dialog').filter({ hasText: '的账号条' });
  await expect(slip).toBeVisible();
  const initial = (await slip.locator('dd').last().textContent()) ?? '';
  await slip.getByRole('button', { name: '完成' }).click();
  await expect(slip).toBeHidden();
  return initial;
}

test('every other page of the console is sound', async () => {
  const { page } = admin;
  const pages = [['账号安全', 'security'], ['文件', 'files'], ['登录会话', 'sessions'], ['邮件', 'mails'], ['操作日志', 'audit']] as const;
  for (const [title, name] of pages) {
    await page.getByRole('link', { name: title, exact: true }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await expect(page.locator('.ant-spin-spinning')).toHaveCount(0);
    await everyLook(page, `console-${name}`);
  }
});

test('a wrong password is refused with words (covers: SEC-26)', async ({ browser }) => {
  const stranger = await visit(browser);
  await signIn(stranger.page, '/signin', HOST_NAME, 'nobody', 'wrong-password');
  // This source has signed in to this tenant before, so it is told which of the two it was.
  await expect(stranger.page.getByText(/账号不存在|账号或密码错误/)).toBeVisible();
  await signIn(stranger.page, '/signin', 'no-such-company', 'nobody', 'wrong-password');
  await expect(stranger.page.getByText('尚未开通服务')).toBeVisible();
  const help = stranger.page.getByRole('link', { name: '查看解决办法' });
  await expect(help).toHaveAttribute('href', '/help#tenant');
  await everyLook(stranger.page, 'signin');
  await stranger.page.goto('/help#tenant');
  await expect(stranger.page.getByRole('heading', { name: '该企业尚未开通服务' })).toBeVisible();
  await stranger.page.getByRole('button', { name: '检测连接' }).click();
  await expect(stranger.page.getByText('可以连接服务器')).toBeVisible();
  await everyLook(stranger.page, 'help');
  await leave(stranger);
});

async function firstSignIn(visitor: Visitor, person: Person): Promise<void> {
  const { page } = visitor;
  await signIn(page, '/signin', HOST_NAME, person.account, person.initial);
  await expect(page.getByRole('heading', { name: '设置您自己的密码' })).toBeVisible();
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '设置您自己的密码' })).toBeVisible();
  await shot(page, 'password');
  await page.getByLabel('当前密码').fill(person.initial);
  await page.getByLabel('新密码', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('再次输入新密码').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: '保存新密码' }).click();
  await expect(page.getByRole('heading', { name: '消息', level: 2 })).toBeVisible();
}

test('both colleagues have to change their initial password (covers: SEC-06)', async ({ browser }) => {
  li = await visit(browser);
  wang = await visit(browser, { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
  await firstSignIn(li, LI);
  await firstSignIn(wang, WANG);
  await expect(li.page.getByText('还没有会话')).toBeVisible();
  await everyLook(li.page, 'chat-empty');
});

test('they find each other and talk live (covers: MSG-01, MSG-02, DIR-51)', async () => {
  const { page } = li;
  await page.getByRole('link', { name: '通讯录', exact: true }).click();
  await everyLook(page, 'people');
  await page.getByRole('searchbox').fill('wanghaoran');
  await page.getByRole('link', { name: new RegExp(WANG.name) }).first().click();
  await expect(page.getByRole('heading', { name: WANG.name })).toBeVisible();
  await everyLook(page, 'person');
  await page.getByRole('button', { name: '发送消息' }).click();
  await say(page, '早，联调结果怎么样？');
  await expect(messages(page).last()).toHaveText('早，联调结果怎么样？');
  await expect(page.getByRole('img', { name: '已送达服务器' })).toBeVisible();

  await expect(wang.page.getByRole('link', { name: new RegExp(LI.name) })).toBeVisible();
  await expect(wang.page).toHaveTitle(/^\(1\)/);
  await openConversation(wang.page, LI.name);
  await expect(messages(wang.page).last()).toHaveText('早，联调结果怎么样？');
  await say(wang.page, '都通了 👍');
  await expect(messages(page).last()).toHaveText('都通了 👍');
  await expect(wang.page).toHaveTitle('Hansa');
  await page.bringToFront();
  await expect(page.getByRole('img', { name: '已读' }).first()).toBeVisible();
  await everyLook(page, 'conversation');
});

fileJourneys(() => ({ admin, li, wang, open: openConversation, liName: LI.name, wangName: WANG.name }));

test('a lost connection loses nothing and is caught up (covers: MSG-05)', async () => {
  wang.cut = true;
  await wang.context.setOffline(true);
  await expect(wang.page.getByText('连接已断开')).toBeVisible();
  for (const text of ['第一条', '第二条', '第三条']) await say(li.page, text);
  await say(wang.page, '断线时写的');
  await expect(wang.page.getByRole('img', { name: '发送中' })).toBeVisible();
  await shot(wang.page, 'offline');
  await wang.context.setOffline(false);
  await expect(wang.page.getByText('连接已断开')).toBeHidden();
  await expect(wang.page.getByRole('img', { name: '发送中' })).toHaveCount(0);
  wang.cut = false;
  await expect(messages(li.page).last()).toHaveText('断线时写的');
  const told = await messages(li.page).allTextContents();
  expect(told.slice(-4)).toEqual(['第一条', '第二条', '第三条', '断线时写的']);
  await expect(messages(wang.page)).toHaveText(told);
});

test('the client\'s own modules under Node end with what the browsers show (covers: MSG-01, SEC-16)', async ({ baseURL }) => {
  const phone = await phoneOf(baseURL ?? '', HOST_NAME, LI.account, NEW_PASSWORD);
  const conversation = [...phone.store.state.conversations.values()][0];
  const id = conversation?.id ?? '';
  await phone.sync.open(id);
  const texts = (): string[] => (phone.store.log(id)?.entries ?? []).flatMap(({ text }) => text || []);
  expect(texts()).toEqual(await messages(li.page).allTextContents());
  await say(wang.page, '手机上也能看到吗？');
  await until(phone, () => texts().at(-1) === '手机上也能看到吗？');
  phone.queue.send(id, '能，从手机回复');
  await expect(messages(wang.page).last()).toHaveText('能，从手机回复');
  await expect(messages(li.page).last()).toHaveText('能，从手机回复');
  await until(phone, () => texts().at(-1) === '能，从手机回复');
  phone.stop();
});

test('a reload loses nothing that was sent', async () => {
  const { page } = li;
  li.cut = true;
  await li.context.setOffline(true);
  await say(page, '刷新前写的');
  await expect(page.getByRole('img', { name: '发送中' })).toBeVisible();
  await li.context.setOffline(false);
  await page.reload();
  await expect(messages(page).last()).toHaveText('刷新前写的');
  await expect(messages(wang.page).last()).toHaveText('刷新前写的');
  await expect(messages(page).getByText('刷新前写的')).toHaveCount(1);
  li.cut = false;
});

test('drafts stay, keys lead everywhere', async () => {
  const { page } = li;
  await page.getByRole('textbox', { name: /^发消息给/ }).fill('写到一半');
  await page.getByRole('link', { name: '设置' }).first().click();
  await everyLook(page, 'settings');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('王');
  await expect(page.getByRole('option').first()).toContainText(WANG.name);
  await shot(page, 'switcher');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: /^发消息给/ })).toHaveValue('写到一半');
  await page.getByRole('textbox', { name: /^发消息给/ }).fill('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: '快捷键' })).toBeVisible();
  await shot(page, 'keys');
  await page.keyboard.press('Escape');
});

test('both languages are whole', async () => {
  const { page } = li;
  await page.getByRole('link', { name: '设置' }).first().click();
  await page.getByRole('radio', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await everyLook(page, 'settings-en');
  await page.getByRole('link', { name: 'Chats' }).click();
  await page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: new RegExp(WANG.name) }).click();
  await everyLook(page, 'conversation-en');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('radio', { name: '中文' }).click();
  await expect(page.getByRole('heading', { name: '设置' })).toBeVisible();
});

test('two companies live in one browser, and are left one by one', async () => {
  const { page } = li;
  const second = await signUpSecond();
  await page.goto('/');
  await page.getByRole('button', { name: /切换企业/ }).click();
  await page.getByRole('dialog').getByRole('link', { name: '登录其他企业' }).click();
  await page.getByLabel('企业域名或企业号').fill(second.hostName);
  await page.getByLabel('账号', { exact: true }).fill(second.account);
  await page.getByLabel('密码', { exact: true }).fill(FOUNDER.password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByText('还没有会话')).toBeVisible();
  await page.getByRole('button', { name: /切换企业/ }).click();
  await everyLook(page, 'companies');
  await page.getByRole('button', { name: /^切换到/ }).click();
  await expect(page.getByRole('link', { name: new RegExp(WANG.name) }).first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('青禾');
  await page.getByRole('option', { name: /切换企业/ }).click();
  await expect(page.getByText('还没有会话')).toBeVisible();
  await page.goto('/settings');
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByRole('link', { name: new RegExp(WANG.name) }).first()).toBeVisible();
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(1);
});

/** Another company, signed up in a browser of its own. */
async function signUpSecond(): Promise<{ hostName: string; account: string }> {
  const { page } = admin;
  const hostName = `second-${RUN}`;
  const email = `founder@${RUN}.example.org`;
  await page.goto('/signup');
  await page.getByLabel('企业全称').fill('青禾精密制造有限公司');
  await page.getByLabel('您的姓名').fill('林青');
  await page.getByLabel('行业分类').selectOption({ index: 2 });
  await page.getByLabel('邮箱').fill(email);
  await page.getByLabel('企业域名').fill(hostName);
  await page.getByLabel('登录密码').fill(FOUNDER.password);
  await page.getByLabel('我已阅读并同意').check();
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByLabel('6 位验证码').fill(await codeFromMailbox(operator.page, email));
  await expect(page.getByRole('heading', { name: '企业已开通' })).toBeVisible();
  return { hostName, account: (await page.locator('dd').nth(2).textContent()) ?? '' };
}

test('a second sign-in replaces the first and says so (covers: SEC-16, SEC-17)', async ({ browser }) => {
  const newer = await visit(browser);
  await signIn(newer.page, '/signin', HOST_NAME, WANG.account, NEW_PASSWORD);
  await expect(newer.page.getByText('以下设备已下线')).toBeVisible();
  await expect(wang.page.getByRole('dialog', { name: '您已退出' })).toBeVisible();
  await expect(wang.page.getByRole('dialog')).toContainText('此处已下线');
  await shot(wang.page, 'replaced');
  await wang.page.getByRole('button', { name: '重新登录' }).click();
  await expect(wang.page.getByRole('heading', { name: '登录', exact: true })).toBeVisible();
  expect(await wang.page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  await leave(newer);
});

test('signing out leaves nothing behind (covers: SEC-28)', async () => {
  const { page } = li;
  await page.goto('/settings');
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible();
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '登录', exact: true })).toBeVisible();
});

test('the operator sees the tenant and can suspend it', async () => {
  const { page } = operator;
  await page.goto('/operator/tenants');
  await expect(page.getByRole('row').filter({ hasText: HOST_NAME })).toBeVisible();
  await everyLook(page, 'operator-tenants');
  await page.getByRole('row').filter({ hasText: HOST_NAME }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('汉萨数字科技');
  await everyLook(page, 'operator-tenant');
  await page.getByRole('button', { name: '暂停服务' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('原因').fill('测试');
  await expect(dialog.getByRole('button', { name: '暂停服务' })).toBeDisabled();
  await dialog.getByLabel('请输入').fill('汉萨数字科技（深圳）有限公司');
  await shot(page, 'operator-suspend');
  await dialog.getByRole('button', { name: '暂停服务' }).click();
  await expect(page.getByText('已暂停')).toBeVisible();
  await page.getByRole('button', { name: '恢复服务' }).click();
  await expect(page.getByText('使用中')).toBeVisible();
  await page.goto('/operator/mailbox');
  await expect(page.getByRole('row').filter({ hasText: FOUNDER.email }).first()).toBeVisible();
  await everyLook(page, 'operator-mailbox');
});

test('no page complained, and axe finds nothing', () => {
  expect(barriers).toEqual([]);
  for (const visitor of [operator, admin, li, wang]) expect(visitor.complaints).toEqual([]);
});
