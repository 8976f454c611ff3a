// What a step asks for as proof, in real browsers: a template made by clicking, a changing code on a tablet at the customer
// that needs no network, a recording made with the notice given, both brought by a phone without a network; the manager
// sees how each was judged and listens, and the person sees who listened.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const DAY = '2027-11-19'; // a Friday
const iso = (time) => new Date(Date.parse(`${DAY}T${time}:00+08:00`)).toISOString();
const SHOP = [118.79, 32.05];

let started = 0;
for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`proofs of a step on ${engine}`, { timeout: 240_000 }, async (t) => {
    // Passkeys belong to a host with a name, and the server has to know it: the address this process's next server listens at.
    const mobile = `http://localhost:${18400 + (process.pid % 400) + started++}`;
    const server = await startServer(engine, iso('10:00'), ['--public-url', mobile]);
    const { base } = server;
    assert.equal(base.replace('127.0.0.1', 'localhost'), mobile);
    const office = await browser({ profile: folder(), still: true });
    // Shop and phone live at the server's time.
    const time = new Date(iso('10:00'));
    const shop = await browser({ profile: folder(), still: true, time });
    const phone = await browser({ profile: folder(), phone: true, still: true, time, place: { longitude: SHOP[0], latitude: SHOP[1], accuracy: 8 } });
    await phone.grantPermissions(['geolocation', 'camera', 'microphone']);
    // The camera reads what is held before it.
    await phone.addInitScript(() => {
      globalThis.BarcodeDetector = class { async detect() { const rawValue = localStorage.getItem('before-the-camera'); return rawValue ? [{ rawValue }] : []; } };
    });
    t.after(async () => {
      for (const one of [office, shop, phone]) await one.close();
      await server.stop();
    });
    const [page, tablet, screen] = [office.pages()[0], shop.pages()[0], phone.pages()[0]];
    const step = steps(t, `proofs-${engine}`, () => ({ desk: page, tablet, phone: screen }));
    const shot = async (name, of = page) => {
      if (!process.env.SHOTS || engine !== 'sqlite') return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await of.screenshot({ path: path.join(process.env.SHOTS, `proofs-${name}.png`) });
    };
    // The date of answers is the real one; the tablet lives at the story's.
    await shop.route('**/healthz', (route) => route.abort());

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const rep = (await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: roles.rep, department_id })).employee;
    await admin.post('/api/v1/employees', { name: '陈静', login: 'chenjing', password: PASSWORD, role_id: roles.manager, department_id });
    const client = await api(base).as('zhangwei');
    const { text_version } = await client.get('/api/v1/me/policy');
    await client.post('/api/v1/me/policy/accept', { text_version });
    const customer = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: SHOP, address: '中山路 88 号', owner_id: rep.id });
    let task;
    let link;
    let visit;

    await step('a template whose step asks for the code and a recording is made by clicking', async () => {
      await desk.signIn(page, base, 'chenjing');
      await page.goto(`${base}/designer/templates`);
      await page.getByRole('button', { name: '新建模板' }).first().click();
      const drawer = page.getByRole('complementary', { name: '新建模板' });
      await drawer.getByLabel('名称').fill('取证拜访');
      await drawer.getByRole('button', { name: /加步骤|添加/ }).last().click();
      await drawer.getByLabel('步骤名称').fill('到店取证');
      await drawer.getByRole('region', { name: /步骤/ }).getByLabel('类型').selectOption('confirm');
      await drawer.getByText('请至少选一种凭证').waitFor();
      for (const proof of ['客户现场码', '本人验证', '录音']) await drawer.getByRole('button', { name: proof }).click();
      await drawer.getByLabel('最长录音（分钟）').fill('2');
      assert.deepEqual(await axe(page), []);
      await shot('template');
      await drawer.getByRole('button', { name: '新建模板' }).click();
      await drawer.waitFor({ state: 'detached' });
      const template = (await admin.get('/api/v1/task-templates')).items.find((one) => one.name === '取证拜访');
      assert.deepEqual([template.steps[0].kind, template.steps[0].proofs, template.steps[0].audio_max_s], ['confirm', ['code', 'passkey', 'audio'], 120]);
      task = await admin.post('/api/v1/tasks', { employee_id: rep.id, customer_id: customer.id, template_id: template.id, day: DAY, window: { from_minute: 540, to_minute: 1080 } });
    });

    await step('the manager makes the code, the shop shows it without a network', async () => {
      await page.goto(`${base}/customers/${customer.id}`);
      await page.locator('.codes-line[data-kind=rotating]').getByRole('button', { name: '生成' }).click();
      const modal = page.getByRole('dialog');
      await modal.getByText('在店里的屏幕上打开').first().waitFor();
      link = await modal.getByRole('link', { name: '在本机打开' }).getAttribute('href');
      assert.deepEqual(await axe(page), []);
      await shot('code-made');
      await modal.getByRole('button', { name: '关闭' }).last().click();
      await tablet.goto(link);
      await tablet.getByRole('heading', { name: '苏福便利' }).waitFor();
      assert.ok(!tablet.url().includes('#'), 'the secret does not stay in the address');
      await tablet.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await tablet.reload();
      await tablet.locator('svg.code-square').waitFor();
      await shop.setOffline(true);
      await tablet.goto(`${mobile}/m/code`);
      await tablet.locator('svg.code-square').waitFor();
      assert.deepEqual(await axe(tablet), []);
      await shot('tablet', tablet);
      const before = await tablet.locator('svg.code-square').getAttribute('data-code');
      assert.match(before, /^tashi-code:[0-9a-f-]{36}:\d{8}$/);
      await shop.clock.fastForward(31_000);
      await until(async () => (await tablet.locator('svg.code-square').getAttribute('data-code')) !== before, 'another code');
    });

    await step('a passkey is made with the lock of the phone', async () => {
      await hand.signIn(screen, mobile, 'zhangwei');
      await hand.today(screen).waitFor();
      await screen.goto(`${mobile}/m/me/devices`);
      // The lock belongs to the page's own process: it is put in once the page is there.
      const lock = await phone.newCDPSession(screen);
      await lock.send('WebAuthn.enable');
      await lock.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
      await screen.getByRole('button', { name: '登记通行密钥' }).click();
      await screen.getByRole('list', { name: /通行密钥/ }).getByRole('listitem').waitFor();
      assert.deepEqual(await axe(screen), []);
      await shot('passkey', screen);
      const [made] = (await admin.get('/api/v1/passkeys')).items;
      assert.deepEqual([made.employee.name, made.withdrawn_at], ['张伟', null]);
      await page.goto(`${base}/truth?view=phones`);
      await page.getByRole('heading', { name: '通行密钥' }).waitFor();
      await page.getByRole('button', { name: '作废' }).waitFor({ state: 'detached' });
      await shot('console-passkeys');
    });

    await step('the company asks who checks in', async () => {
      // The rule is the company's: its administrator sets it.
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/settings/ownDay`);
      const choice = page.getByRole('group', { name: '签到验证本人' });
      await choice.getByRole('radio', { name: /通行密钥/ }).check();
      assert.deepEqual(await axe(page), []);
      await shot('console-identity');
      await page.getByRole('button', { name: '保存' }).click();
      await until(async () => (await admin.get('/api/v1/plan-changes/rule')).identity === 'passkey', 'the rule to be kept');
      await desk.signIn(page, base, 'chenjing');
    });

    await step('the phone brings them without a network, in order', async () => {
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${mobile}/m/`);
      await hand.today(screen).waitFor();
      await phone.clock.fastForward(5_000);
      await until(() => screen.evaluate(async () => (await caches.keys()).length > 0), 'the app is kept');
      // The phone has heard of the rule before it goes where no network is.
      await screen.goto(`${mobile}/m/check-in/${task.id}`);
      await screen.getByText(/公司要求签到时验证本人：/).waitFor();
      await phone.setOffline(true);
      await screen.goto(`${mobile}/m/check-in/${task.id}`);
      await screen.getByText('在范围内，可以签到').waitFor();
      await screen.getByText(/公司要求签到时验证本人：/).waitFor();
      assert.deepEqual(await axe(screen), []);
      await shot('phone-identity', screen);
      await hand.press(screen, /^签到/);
      await screen.waitForURL(/\/visit\/[^/]+$/);
      visit = screen.url().split('/').at(-1);
      const proofs = screen.getByRole('list', { name: '这一步要的凭证' });
      await proofs.waitFor();
      assert.equal(await proofs.locator('li.locked').count(), 2, 'what comes later waits for the code');
      await hand.press(screen, /^完成到店取证/);
      await screen.getByText('还缺凭证：客户现场码').waitFor();
      assert.deepEqual(await axe(screen), []);
      await shot('phone-code', screen);
      // Something else than a code of a customer is told at once.
      await screen.getByLabel('码下面的数字').fill('690123');
      await screen.getByRole('button', { name: '确认' }).click();
      await screen.getByText('这不是客户现场码').waitFor();
      const said = await tablet.locator('svg.code-square').getAttribute('data-code');
      await screen.evaluate((code) => localStorage.setItem('before-the-camera', code), said);
      await screen.getByRole('button', { name: '扫码' }).click();
      await phone.clock.fastForward(1_000);
      await screen.getByText(/读到/).waitFor();
      await screen.getByRole('button', { name: '验证本人' }).click();
      await proofs.locator('li[data-proof=passkey]').getByText('已有').waitFor();
      // No sound before the notice.
      const start = screen.getByRole('button', { name: /开始录音/ });
      assert.equal(await start.isDisabled(), true);
      await shot('phone-notice', screen);
      await screen.getByLabel('我已告知在场的人，他们同意录音').check();
      await start.click();
      await screen.getByText(/^正在录音 0:0\d$/).waitFor();
      await screen.waitForTimeout(2_500);
      assert.deepEqual(await axe(screen), []);
      await shot('phone-recording', screen);
      await screen.getByRole('button', { name: '暂停' }).click();
      await screen.getByText(/录音已暂停/).waitFor();
      await screen.getByRole('button', { name: '继续录' }).click();
      await screen.getByRole('button', { name: '结束并保存' }).click();
      await screen.locator('.rec-list audio').waitFor();
      await shot('phone-done', screen);
      await hand.press(screen, /^完成到店取证/);
      await hand.press(screen, '写小结并签退');
      await screen.getByRole('textbox').fill('谈了新品');
      await hand.press(screen, '签退');
      const anyway = screen.getByRole('button', { name: '仍然签退' });
      await anyway.or(screen.getByText(/已签退/)).first().waitFor();
      if (await anyway.isVisible()) await anyway.click();
      await phone.setOffline(false);
      await screen.evaluate(() => dispatchEvent(new Event('online')));
      await until(async () => {
        await phone.clock.fastForward(6_000);
        const seen = await admin.get(`/api/v1/visits/${visit}`).catch(() => null);
        return seen?.steps[0]?.audio[0]?.status === 'stored' && seen.status === 'done';
      }, 'the visit with its recording', 60_000);
    });

    await step('the manager sees how each was judged and listens; the person sees who did', async () => {
      const seen = await admin.get(`/api/v1/visits/${visit}`);
      assert.deepEqual(seen.steps[0].proofs.map((p) => [p.proof, p.state]), [['code', 'held'], ['passkey', 'held'], ['audio', 'held']]);
      assert.deepEqual([seen.identity.proof, seen.identity.state], ['passkey', 'held']);
      await page.goto(`${base}/visits/${visit}`);
      await page.getByText('动态码，时间吻合').first().waitFor();
      await page.getByText(/^签到验证本人：通行密钥/).waitFor();
      const before = (await client.get('/api/v1/me/ledger')).items.filter((one) => one.what === 'recording');
      assert.equal(before.length, 0, 'looking is not listening');
      await page.getByRole('button', { name: /^收听/ }).click();
      const player = page.locator('.play-recording audio');
      await player.waitFor();
      await until(() => player.evaluate((one) => one.readyState >= 2 && !one.error), 'it plays');
      assert.deepEqual(await axe(page), []);
      await shot('console');
      const lines = (await client.get('/api/v1/me/ledger')).items.filter((one) => one.what === 'recording');
      assert.deepEqual([lines.length, lines[0].reader.name], [1, '陈静']);
      await screen.goto(`${mobile}/m/me/day`);
      await screen.getByText('收听拜访录音').waitFor();
    });
    assert.deepEqual([...office.faults, ...shop.faults, ...phone.faults], []);
  });
}
