// Accounts in the browser: the first password must be replaced, on the console and on the phone; two-step sign-in is
// turned on with a code, asked for at both, and turned off again.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer } from './lib.mjs';
import * as hand from './phone.mjs';

const BEGIN = Date.parse('2027-11-18T08:00:00Z');

/** Six digits of an authenticator (RFC 6238) for a secret in base 32 at a time, ms. */
function digits(secret, at) {
  const bits = [...secret.replace(/[\s=]/g, '').toUpperCase()].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`accounts on ${engine}`, { timeout: 180_000 }, async (t) => {
    const server = await startServer(engine, new Date(BEGIN).toISOString());
    const { base } = server;
    const office = await browser({ profile: folder() });
    const phone = await browser({ profile: folder(), phone: true });
    t.after(async () => {
      await office.close();
      await phone.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    await api(base).post('/api/v1/setup', { company: '甲', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const made = async (name, login, role) => (await admin.post('/api/v1/employees', { name, login, role_id: roles[role], department_id })).initial_password;
    // The digits of a step count once; each use here is a minute after the one before.
    let passed = 0;
    const later = async () => {
      passed += 60_000;
      server.setTime(new Date(BEGIN + passed).toISOString());
      for (;;) {
        const now = Date.parse((await admin.get('/api/v1/me')).server_time);
        if (now >= BEGIN + passed) return now;
      }
    };

    await t.test('no page opens before the first password is replaced', async () => {
      const initial = await made('陈静', 'chenjing', 'manager');
      await page.goto(`${base}/login`);
      await page.getByLabel('登录名').fill('chenjing');
      await page.getByLabel('密码', { exact: true }).fill(initial);
      await desk.button(page, '登录').click();
      await page.getByText('先换成你自己的密码').waitFor();
      assert.deepEqual(await axe(page), []);
      await page.goto(`${base}/customers`);
      await page.getByText('先换成你自己的密码').waitFor();
      await page.getByLabel('现在的密码').fill('not-the-password');
      await page.getByLabel('新密码').fill(PASSWORD);
      await page.getByLabel('再输一次').fill('something-else-9');
      await desk.button(page, '修改密码').click();
      await page.getByText('两次输入不一样').waitFor();
      await page.getByLabel('再输一次').fill(PASSWORD);
      await desk.button(page, '修改密码').click();
      await page.getByRole('alert').first().waitFor();
      await page.getByLabel('现在的密码').fill(initial);
      await desk.button(page, '修改密码').click();
      await page.getByText('先换成你自己的密码').waitFor({ state: 'detached' });
      await page.getByText('还没有客户').first().waitFor();
      await assert.rejects(api(base).as('chenjing', initial), { status: 401 });
    });

    await t.test('the same on the phone', async () => {
      await hand.signIn(screen, base, 'zhangwei', { initial: await made('张伟', 'zhangwei', 'rep') });
      await screen.getByRole('button', { name: '同意并开始' }).waitFor();
    });

    let secret = '';
    await t.test('two-step sign-in is turned on by a code, and asked for from then on', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/settings/account`);
      await desk.button(page, '启用两步验证').click();
      await page.getByRole('img', { name: '两步验证二维码' }).waitFor();
      secret = await page.locator('.copy-line code').first().innerText();
      await page.getByLabel('验证器上的 6 位数字').fill('000000');
      await desk.button(page, '确认启用').click();
      await page.getByRole('alert').first().waitFor();
      await page.getByLabel('验证器上的 6 位数字').fill(digits(secret, await later()));
      await desk.button(page, '确认启用').click();
      await page.getByRole('status').getByText('两步验证已启用').waitFor();
      await page.getByRole('button', { name: /周敏/ }).click();
      await page.getByRole('menuitem', { name: '退出登录' }).click();
      await page.waitForURL('**/login*');
      await page.getByLabel('登录名').fill('zhoumin');
      await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
      await desk.button(page, '登录').click();
      await page.getByLabel('6 位验证码').fill('123456');
      await desk.button(page, '登录').click();
      await page.getByText('验证码不对或已过期').waitFor();
      await page.getByLabel('6 位验证码').fill(digits(secret, await later()));
      await desk.button(page, '登录').click();
      await page.waitForURL((url) => url.pathname !== '/login');
    });

    await t.test('it is turned off by a code', async () => {
      await page.goto(`${base}/settings/account`);
      await desk.button(page, '停用').click();
      await page.getByLabel('验证器上的 6 位数字').fill(digits(secret, await later()));
      await desk.button(page, '停用').click();
      await page.getByText('两步验证已停用').waitFor();
      await desk.signIn(page, base, 'zhoumin');
    });

    await t.test('the phone asks for the digits too', async () => {
      const rep = await api(base).as('zhangwei');
      const enrolment = await rep.post('/api/v1/me/totp');
      await rep.post('/api/v1/me/totp/confirm', { code: digits(enrolment.secret, await later()) });
      const fresh = await browser({ profile: folder(), phone: true });
      try {
        const [tab] = fresh.pages();
        await hand.signIn(tab, base, 'zhangwei');
        await tab.getByLabel('动态码').fill(digits(enrolment.secret, await later()));
        assert.deepEqual(await axe(tab), []);
        await hand.press(tab, '登录');
        await tab.getByRole('button', { name: '同意并开始' }).waitFor();
        assert.deepEqual(fresh.faults, []);
      } finally {
        await fresh.close();
      }
    });

    assert.deepEqual([...office.faults, ...phone.faults], []);
  });
}
