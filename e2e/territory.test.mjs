// Territories in the browser: customers divided evenly with the consequences shown, taken over at once with the history kept,
// one drawn on the map and used as a filter, and nothing of it seen by a sibling department.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';

const BEGIN = '2027-11-18T02:00:00Z';
const NAMES = ['张伟', '李娜', '王磊'];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`territories on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine, BEGIN);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const beside = await browser({ profile: folder(), dark: true });
    t.after(async () => {
      await office.close();
      await beside.close();
      await server.stop();
    });
    const [page, other] = [office.pages()[0], beside.pages()[0]];
    const step = steps(t, `territories-${engine}`, () => ({ desk: page, sibling: other }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/territory-${engine}-${name}.png` });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const root = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const [south, north] = await Promise.all(['城南', '城北'].map(async (name) => (await admin.post('/api/v1/departments', { name, parent_id: root })).id));
    const person = async (name, login, role, department_id, more = {}) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id, ...more })).employee.id;
    const managers = [await person('陈静', 'chenjing', 'manager', south), await person('何静', 'hejing', 'manager', north)];
    for (const [k, id] of [south, north].entries()) {
      const { version } = (await admin.get('/api/v1/departments')).items.find((one) => one.id === id);
      await admin.patch(`/api/v1/departments/${id}`, version, { manager_ids: [managers[k]] });
    }
    const reps = [];
    for (const [k, name] of NAMES.entries()) reps.push(await person(name, `rep${k}`, 'rep', south, { start_at: [118.76 + k * 0.02, 32.04] }));
    // Nine rows of five shops; today's owners are dealt out one after the other, all over the place.
    for (let k = 0; k < 45; k++) {
      await admin.post('/api/v1/customers', { name: `门店 ${k + 1}`, grade: 'AB'[k % 2], at: [118.74 + (k % 9) * 0.01 + (k % 4) * 0.001, 32 + Math.floor(k / 9) * 0.012], owner_id: reps[k % 3], department_id: south });
    }
    const owners = async () => new Map((await admin.get('/api/v1/customers?limit=200')).items.map((one) => [one.name, one.owner?.name]));
    const before = await owners();
    let division;

    await step('customers are divided evenly, and everybody sees what it would change', async () => {
      await desk.signIn(page, base, 'chenjing');
      await page.getByRole('link', { name: '客户', exact: true }).first().click();
      await page.getByRole('link', { name: '区域', exact: true }).click();
      await page.getByText('还没有区域').waitFor();
      await desk.button(page, '自动划分').click();
      await page.getByText('工作量均衡（≤ 5 %）').waitFor();
      await page.getByText(/\d+ 家客户换负责人/).first().waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('divide');
      // Nothing has happened yet.
      assert.deepEqual(await owners(), before);
      // Whoever is never sent to a customer does not get him: he stays, and it is said.
      const wanted = page.locator('.terr-section').filter({ hasText: '换负责人的客户' });
      const name = (await wanted.locator('tbody tr').first().locator('td').first().innerText()).trim();
      const heir = (await wanted.locator('tbody tr').first().locator('td').nth(2).innerText()).trim();
      const shop = (await admin.get(`/api/v1/customers?q=${encodeURIComponent(name)}&limit=9`)).items.find((one) => one.name === name);
      await admin.patch(`/api/v1/customers/${shop.id}`, shop.version, { whom: { barred_ids: [reps[NAMES.indexOf(heir)]] } });
      await page.reload();
      const kept = page.locator('.terr-section').filter({ hasText: '因“不派”而保持不变' });
      await kept.getByText(name, { exact: true }).waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('barred');
      await admin.patch(`/api/v1/customers/${shop.id}`, shop.version + 1, { whom: { barred_ids: [] } });
      await page.reload();
      await page.getByText('工作量均衡（≤ 5 %）').waitFor();
    });

    await step('it is taken over at once, with a reason, and the history tells', async () => {
      await desk.button(page, '接管').click();
      const dialog = page.getByRole('dialog', { name: '接管这个方案？' });
      assert.equal(await dialog.getByRole('button', { name: /^接\s?管$/ }).isDisabled(), true, 'no reason, no change');
      await dialog.getByLabel('原因').fill('平衡工作量');
      assert.deepEqual(await axe(page), []);
      await dialog.getByRole('button', { name: /^接\s?管$/ }).click();
      await page.getByText(/已接管：\d+ 家客户换了负责人/).waitFor();
      await page.getByText('陈静 接管').waitFor();
      const after = await owners();
      const moved = [...after].filter(([name, owner]) => before.get(name) !== owner);
      assert.ok(moved.length > 5, `${moved.length} moved`);
      const loads = NAMES.map((name) => [...after.values()].filter((one) => one === name).length);
      assert.deepEqual(loads, [15, 15, 15], 'forty-five like ones among three');
      division = moved[0];
      await shot('history');
    });

    await step('what was planned before follows its customer by a click', async () => {
      const [name] = division;
      const found = (await admin.get(`/api/v1/customers?q=${encodeURIComponent(name)}&limit=5`)).items.find((one) => one.name === name);
      const people = (await admin.get('/api/v1/employees?limit=50')).items;
      const former = people.find((one) => one.name === before.get(name));
      const heir = people.find((one) => one.name === division[1]);
      const day = new Date(Date.parse((await admin.get('/api/v1/me')).server_time) + 8 * 3_600_000 + 86_400_000).toISOString().slice(0, 10);
      await admin.post('/api/v1/plans', { employee_id: former.id, day, window: { from_minute: 540, to_minute: 1080 }, customer_ids: [found.id], objective: 'distance' });
      await page.reload();
      await page.getByRole('button', { name: '移交 1 次拜访给新负责人' }).click();
      await page.getByText('已移交 1 次拜访，双方已收到通知').waitFor();
      await page.getByText('已排的拜访都已移交给新的负责人').waitFor();
      assert.deepEqual(await axe(page), []);
      const tasks = (await admin.get(`/api/v1/tasks?day_from=${day}&day_to=${day}&customer_id=${found.id}`)).items;
      assert.deepEqual(tasks.map((one) => one.employee.id), [heir.id]);
      await shot('handed');
    });

    await step('a customer tells who had him and why', async () => {
      await page.goto(`${base}/customers?q=${encodeURIComponent(division[0])}`);
      await page.getByText(division[0], { exact: true }).first().click();
      const history = page.locator('.owner-history');
      await history.getByText(division[1]).waitFor();
      await history.getByText(before.get(division[0])).waitFor();
      await history.getByText(/平衡工作量/).waitFor();
    });

    await step('a territory is drawn on the map and used as a filter', async () => {
      await page.goto(`${base}/territories`);
      await desk.button(page, '画区域').click();
      const map = page.locator('.terr-map canvas').first();
      const { width, height } = await map.boundingBox();
      for (const [x, y] of [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]) {
        await map.click({ position: { x: width * x, y: height * y } });
      }
      await page.getByText('4 个顶点').waitFor();
      await page.getByLabel('名称').fill('中心区');
      assert.deepEqual(await axe(page), []);
      await shot('draw');
      await desk.button(page, '保存').click();
      await page.getByText('区域“中心区”已保存').waitFor();
      const drawn = (await admin.get('/api/v1/territories')).items.find((one) => one.name === '中心区');
      assert.ok(drawn.customers > 0 && drawn.customers < 45, `${drawn.customers} inside`);
      const inside = await admin.get(`/api/v1/customers?territory_id=${drawn.id}&limit=200`);
      assert.equal(inside.items.length, drawn.customers);
      await page.goto(`${base}/customers?territory=${drawn.id}`);
      await until(async () => (await page.getByText(`${drawn.customers} 条`).count()) > 0, 'the customers of the territory');
    });

    await step('the sibling department sees none of it, in English too', async () => {
      await desk.signIn(other, base, 'hejing');
      await desk.button(other, 'Switch to English').click();
      await other.goto(`${base}/territories`);
      await other.getByText('No territories yet').waitFor();
      assert.deepEqual(await axe(other), []);
      await other.getByRole('tab', { name: 'History' }).click();
      await other.getByText('Nothing taken over yet').waitFor();
      await shot('sibling', other);
      const sibling = await api(base).as('hejing');
      assert.deepEqual((await sibling.get('/api/v1/territories')).items, []);
      assert.deepEqual((await sibling.get('/api/v1/territory-divisions')).items, []);
      const drawn = (await admin.get('/api/v1/territories')).items.find((one) => one.name === '中心区');
      await assert.rejects(sibling.patch(`/api/v1/territories/${drawn.id}`, drawn.version, { name: '我的' }), { status: 404 });
    });
  });
}
