// An urgent request in real browsers: taken in at the desk, people ranked with their reasons, sent by one click, refused by
// one and accepted by another on the phone, put into his day; what runs out goes back by itself; a phone without a network
// says what its answer is worth.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const DAY = '2027-11-19'; // a Friday
const at = (time) => Date.parse(`${DAY}T${time}:00+08:00`);
const iso = (ms) => new Date(ms).toISOString();
const SHOP = [118.79, 32.05];
const east = (km) => [SHOP[0] + km / 94.5, SHOP[1]];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`dispatch on ${engine}`, { timeout: 480_000 }, async (t) => {
    const server = await startServer(engine, iso(at('09:50')));
    const { base } = server;
    const office = await browser({ profile: folder(), still: true });
    const near = await browser({ profile: folder(), phone: true, still: true, place: { longitude: east(1)[0], latitude: SHOP[1], accuracy: 8 } });
    const far = await browser({ profile: folder(), phone: true, still: true, place: { longitude: east(3)[0], latitude: SHOP[1], accuracy: 8 } });
    t.after(async () => {
      await office.close();
      await near.close();
      await far.close();
      await server.stop();
    });
    const [page, first, second] = [office.pages()[0], near.pages()[0], far.pages()[0]];
    const step = steps(t, `dispatch-${engine}`, () => ({ desk: page, first, second }));
    const shots = process.env.SHOTS;
    const shot = async (screen, name) => {
      if (!shots || engine !== 'sqlite') return;
      mkdirSync(shots, { recursive: true });
      await screen.screenshot({ path: path.join(shots, `${name}.png`) });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const person = async (name, login, role) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id })).employee.id;
    await person('陈静', 'chenjing', 'manager');
    const team = [];
    for (const [k, [name, login]] of [['张伟', 'zhangwei'], ['李娜', 'lina'], ['王芳', 'wangfang'], ['赵强', 'zhaoqiang']].entries()) {
      const id = await person(name, login, 'rep');
      const client = await api(base).as(login);
      const { text_version } = await client.get('/api/v1/me/policy');
      await client.post('/api/v1/me/policy/accept', { text_version });
      team.push({ id, name, login, client, at: east([1, 3, 6, 9][k]) });
    }
    const shop = await admin.post('/api/v1/customers', { name: '苏福便利（中山路店）', grade: 'A', at: SHOP, owner_id: team[1].id, address: '中山路 88 号' });
    for (let k = 0; k < 4; k++) {
      const customer = await admin.post('/api/v1/customers', { name: `城东店 ${k + 1}`, grade: 'B', at: east(3.5 + k), owner_id: team[1].id });
      team[1].stops = [...(team[1].stops ?? []), customer.id];
    }
    await admin.post('/api/v1/plans', { employee_id: team[1].id, day: DAY, window: { from_minute: 540, to_minute: 1020 }, customer_ids: team[1].stops, objective: 'distance' });
    // The server reads its clock from a file a moment later: records wait for it.
    const clock = async (time) => {
      server.setTime(iso(at(time)));
      await until(async () => Math.abs(Date.parse((await admin.get('/api/v1/me')).server_time) - at(time)) < 10_000, `the time ${time}`);
    };
    const stand = async (time) => {
      // The last one is silent today.
      for (const one of team.slice(0, 3)) await one.client.post('/api/v1/field/fixes', { device_id: 'd', fixes: [{ t: iso(at(time)), at: one.at, accuracy_m: 6, speed_mps: 0 }] });
    };
    await clock('10:00');
    await stand('09:59');
    // An open list of choices is antd's own; the page is judged without it.
    const closed = () => until(async () => !(await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').count()), 'the list to close');
    const running = async () => (await admin.get('/api/v1/dispatch/requests?status=open,offered,accepted')).items;
    const send = (name) => page.getByRole('button', { name: `派给 ${name}` });

    await step('the desk takes a request in by clicking', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.getByRole('link', { name: '计划', exact: true }).first().click();
      await page.getByRole('link', { name: '派单', exact: true }).click();
      await page.getByText('没有进行中的紧急请求').waitFor();
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: '人员技能' }).click();
      const skills = page.getByRole('dialog', { name: '人员技能' });
      for (const name of ['张伟', '李娜']) {
        await skills.getByRole('combobox', { name: `${name} 的技能` }).click();
        await page.keyboard.type('冷链');
        await page.keyboard.press('Enter');
        await page.getByText(`${name} 的技能已保存`).waitFor();
        await page.keyboard.press('Escape');
        if (!(await skills.isVisible())) await page.getByRole('button', { name: '人员技能' }).click();
      }
      await closed();
      assert.deepEqual(await axe(page), []);
      await desk.button(skills, '关闭').last().click();
      await page.getByRole('button', { name: '登记请求' }).click();
      const form = page.getByRole('complementary', { name: '登记紧急请求' });
      await form.getByRole('combobox', { name: '客户' }).click();
      await page.keyboard.type('苏福');
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: '苏福便利' }).first().click();
      await form.getByLabel('要做什么').fill('冰柜不制冷');
      await form.getByRole('radio', { name: '紧急', exact: true }).click();
      await form.getByRole('radio', { name: '60 分钟内' }).click();
      await form.getByRole('combobox', { name: '需要的技能' }).click();
      await page.keyboard.type('冷链');
      await page.keyboard.press('Enter');
      await form.getByLabel('要做什么').click();
      await closed();
      assert.deepEqual(await axe(page), []);
      await shot(page, 'console-intake');
      await form.getByRole('button', { name: '登记', exact: true }).click();
      await page.getByText('已登记：苏福便利').waitFor();
      const [request] = await running();
      assert.deepEqual([request.title, request.priority, request.skills, request.customer.id], ['冰柜不制冷', 3, ['冷链'], shop.id]);
    });

    await step('people are ranked, and every reason stands there in words', async () => {
      const list = page.getByRole('region', { name: '人选' });
      await list.getByText('张伟').first().waitFor();
      const names = await list.getByRole('button', { name: /^派给/ }).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
      assert.deepEqual(names, ['派给 张伟', '派给 李娜']);
      await list.getByText('缺：冷链').waitFor();
      await list.getByText('十分钟内没有位置').waitFor();
      await list.getByRole('button', { name: /李娜/ }).first().click();
      for (const words of ['具备：冷链', '是本人负责的 A 级客户', /今天的路多走/, /今天还有 4 站/]) await list.getByText(words).first().waitFor();
      assert.deepEqual(await axe(page), []);
      await shot(page, 'console-candidates');
    });

    await step('one click sends; the phone shows it with the time that is left, and refuses', async () => {
      await hand.signIn(first, base, 'zhangwei');
      await first.getByText('今日').first().waitFor();
      await send('张伟').click();
      await page.getByText(/张伟 还有 \d:\d\d 答复/).first().waitFor();
      const card = first.getByRole('region', { name: '紧急任务：苏福便利' });
      await card.waitFor();
      await card.getByText('冰柜不制冷').waitFor();
      await card.getByRole('timer').waitFor();
      assert.deepEqual(await axe(first), []);
      await shot(first, 'phone-urgent');
      await card.getByRole('button', { name: '不能去' }).click();
      const why = first.getByRole('dialog', { name: /为什么不能去/ });
      await why.getByRole('radio', { name: '车辆有问题' }).click();
      await why.getByRole('button', { name: '退回调度员' }).click();
      await card.waitFor({ state: 'detached' });
      // without a reload
      await page.getByText('拒绝：车辆有问题').waitFor();
      await page.getByText('刚拒绝').first().waitFor();
      assert.equal((await running())[0].status, 'open');
    });

    await step('the next one accepts; his day is made anew and everybody knows', async () => {
      await hand.signIn(second, base, 'lina');
      await send('李娜').click();
      const card = second.getByRole('region', { name: '紧急任务：苏福便利' });
      await card.waitFor();
      await shot(second, 'phone-urgent-plan');
      await card.getByRole('button', { name: '接单' }).click();
      await page.getByText(/李娜 去，约 \d\d:\d\d 到/).first().waitFor();
      await shot(page, 'console-accepted');
      await card.waitFor({ state: 'detached' });
      await hand.today(second).getByText('苏福便利').first().waitFor();
      const tasks = (await team[1].client.get('/api/v1/field/snapshot')).tasks.sort((a, b) => a.seq - b.seq);
      assert.equal(tasks[0].customer.name, '苏福便利（中山路店）', 'first in the day');
      assert.deepEqual(tasks.slice(1).map((one) => one.customer.name), ['城东店 1', '城东店 2', '城东店 3', '城东店 4'], 'the others keep their order');
      const told = async (client) => (await client.get('/api/v1/notices')).items.map((one) => one.kind);
      assert.ok((await told(team[1].client)).includes('urgent.placed'));
      assert.ok((await told(admin)).includes('urgent.accepted'));
      await second.getByRole('link', { name: /提醒/ }).click();
      await second.getByText('苏福便利（中山路店） 已排进今天的路线').first().waitFor();
    });

    await step('a second person is sent to help, and both know', async () => {
      await page.getByRole('button', { name: '加派一人' }).click();
      const list = page.getByRole('region', { name: '人选' });
      await list.getByRole('button', { name: '加派 张伟' }).waitFor();
      assert.equal(await list.getByRole('button', { name: '加派 李娜' }).count(), 0, 'she goes already');
      assert.deepEqual(await axe(page), []);
      await shot(page, 'console-help');
      await list.getByRole('button', { name: '加派 张伟' }).click();
      await page.getByText('同行：张伟').waitFor();
      await hand.today(first).getByText('同行：李娜').waitFor();
      await second.goto(`${base}/m/`);
      await hand.today(second).getByText('同行：张伟').waitFor();
      await shot(first, 'phone-help');
      const [helper] = (await team[0].client.get('/api/v1/field/snapshot')).tasks;
      await admin.post(`/api/v1/tasks/${helper.id}/cancel`, { reason: '一个人够了' });
    });

    await step('what nobody answers goes back by itself, and a late answer is told so', async () => {
      const request = await admin.post('/api/v1/dispatch/requests', { customer_id: shop.id, title: '漏水', priority: 2, service_minutes: 30 });
      await page.goto(`${base}/dispatch?request=${request.id}`);
      await send('张伟').click();
      const card = first.getByRole('region', { name: '紧急任务：苏福便利' });
      await card.waitFor();
      await near.setOffline(true);
      await card.getByText('现在没有网络').waitFor();
      assert.deepEqual(await axe(first), []);
      await shot(first, 'phone-offline');
      await card.getByRole('button', { name: '接单' }).click();
      await card.getByText(/还没有送到/).waitFor();
      await shot(first, 'phone-offline-accepted');
      await clock('10:09');
      await page.getByText('没有在时限内答复').first().waitFor();
      await near.setOffline(false);
      const item = await until(async () => (await admin.get(`/api/v1/dispatch/requests/${request.id}`)).offers[0], 'the offer');
      assert.equal(item.status, 'expired');
      await first.getByText('需处理').or(first.getByText('退回了调度员')).or(first.getByText('已超时')).first().waitFor();
      assert.deepEqual((await team[0].client.get('/api/v1/field/snapshot')).tasks.filter((one) => one.status !== 'cancelled'), []);
    });

    await step('the rule sends by itself once it is switched on', async () => {
      await stand('10:08');
      await page.goto(`${base}/dispatch`);
      await page.getByRole('button', { name: '派单规则' }).click();
      const rules = page.getByRole('dialog', { name: '派单规则' });
      await rules.getByText('关：每一单都由调度员派出').waitFor();
      await rules.getByRole('switch', { name: '自动派单' }).click();
      assert.deepEqual(await axe(page), []);
      await shot(page, 'console-rules');
      await rules.getByRole('button', { name: '保存规则' }).click();
      await page.getByText('派单规则已保存').waitFor();
      const request = await admin.post('/api/v1/dispatch/requests', { customer_id: shop.id, title: '停电', priority: 3, service_minutes: 20 });
      const offered = await until(async () => {
        const { offers } = await admin.get(`/api/v1/dispatch/requests/${request.id}`);
        return offers[0];
      }, 'the rule');
      assert.equal(offered.auto, true);
      await page.goto(`${base}/dispatch?request=${request.id}`);
      await page.getByText('按规则自动派').first().waitFor();
    });

    await step('in English, in the dark, and on a narrow page', async () => {
      await page.getByRole('button', { name: 'Switch to English' }).click();
      await page.getByText('Urgent requests', { exact: false }).or(page.getByText('Take a request')).first().waitFor();
      assert.deepEqual(await axe(page), []);
      await page.emulateMedia({ colorScheme: 'dark' });
      await shot(page, 'console-dark-en');
      await second.goto(`${base}/m/`);
      await second.emulateMedia({ colorScheme: 'dark' });
      await second.getByRole('region', { name: '紧急任务：苏福便利' }).waitFor();
      assert.deepEqual(await axe(second), []);
      await shot(second, 'phone-dark');
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole('button', { name: 'Take a request' }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing is cut off');
      await shot(page, 'console-narrow');
      assert.deepEqual(office.faults, []);
      assert.deepEqual([...near.faults, ...far.faults], []);
    });
  });
}
