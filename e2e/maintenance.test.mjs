// Maintenance by date and by meter in real browsers: a meter put on and a plan made by clicking, its order made by itself once
// the meter is read, the meter read on the phone without a network at that order (a lower reading is asked about), the next
// turn left out with a reason, the plan paused.
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
const PLANT = [118.79, 32.05];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`maintenance on ${engine}`, { timeout: 180_000 }, async (t) => {
    const server = await startServer(engine, iso('10:00'));
    const { base } = server;
    const office = await browser({ profile: folder(), still: true });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: PLANT[0], latitude: PLANT[1], accuracy: 8 } });
    t.after(async () => {
      await office.close();
      await phone.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `maintenance-${engine}`, () => ({ desk: page, phone: screen }));
    const shots = process.env.SHOTS;
    const shot = async (name, of = page) => {
      if (!shots || engine !== 'sqlite') return;
      mkdirSync(shots, { recursive: true });
      await of.screenshot({ path: path.join(shots, `${name}.png`) });
    };

    await api(base).post('/api/v1/setup', { company: '宁江水务', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const rep = (await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: roles.rep, department_id })).employee.id;
    const client = await api(base).as('zhangwei');
    const { text_version } = await client.get('/api/v1/me/policy');
    await client.post('/api/v1/me/policy/accept', { text_version });
    const plant = await admin.post('/api/v1/customers', { name: '城东泵站', grade: 'A', at: PLANT, address: '滨江路 1 号' });
    const piece = await admin.post('/api/v1/equipment', { name: '一号水泵', model: 'ISG-80', customer_id: plant.id });
    const orders = async () => (await admin.get('/api/v1/orders')).items.filter((one) => one.source === 'plan');
    const meters = async () => (await admin.get(`/api/v1/equipment/${piece.id}/meters`)).items;
    let order;

    await step('a meter is put on and read, and a plan made from the equipment', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/orders/equipment?piece=${piece.id}`);
      const card = page.getByRole('complementary', { name: '一号水泵' });
      await card.getByRole('button', { name: '加仪表' }).click();
      const add = page.getByRole('dialog', { name: '加仪表' });
      await add.getByLabel('仪表名称').fill('运行小时');
      await add.getByLabel('单位').fill('h');
      await desk.button(add, '添加').click();
      await card.getByText('还没有读数').waitFor();
      const read = async (value) => {
        await card.getByRole('button', { name: '抄表：运行小时' }).click();
        const dialog = page.getByRole('dialog', { name: '抄表：运行小时' });
        await dialog.getByLabel('读数（h）').fill(String(value));
        return dialog;
      };
      await desk.button(await read(10_000), '保存').click();
      await card.getByText('10,000 h').first().waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('equipment-meters');
      await card.getByRole('link', { name: '为它建保养计划' }).click();
      const form = page.getByRole('complementary', { name: '保养计划' });
      await form.getByLabel('名称', { exact: true }).fill('500 小时保养');
      await form.getByLabel('首次日期').fill('2028-02-29');
      await form.getByLabel('按仪表读数').check();
      await form.getByLabel('仪表名称').fill('运行小时');
      await shot('maintenance-form');
      assert.deepEqual(await axe(page), []);
      await desk.button(form, '保存').click();
      await page.getByText('计划已保存').first().waitFor();
      const plan = page.getByRole('complementary', { name: '500 小时保养' });
      await plan.getByText('到 10,500 h（现在 10,000）').first().waitFor();
      await plan.getByText(/未来 12 个月/).waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('maintenance-plan');
      assert.equal((await orders()).length, 0);
      // A lower reading is asked about; the meter passes its mark and the order is there.
      await page.goto(`${base}/orders/equipment?piece=${piece.id}`);
      const lower = await read(90);
      await lower.getByText(/比上次读数小/).waitFor();
      assert.equal(await desk.button(lower, '保存').isDisabled(), true);
      await page.keyboard.press('Escape');
      await desk.button(await read(10_520), '保存').click();
      await card.getByRole('link', { name: /^已生成 WO-/ }).waitFor();
      [order] = await orders();
      assert.equal(order.title, '500 小时保养');
    });

    await step('the engineer reads the meter at the order without a network', async () => {
      await admin.post(`/api/v1/orders/${order.id}/assign`, { employee_id: rep });
      await hand.signIn(screen, base, 'zhangwei');
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${base}/m/orders/${order.id}`);
      await screen.getByRole('button', { name: '接单' }).click();
      await screen.getByRole('button', { name: '到场签到' }).click();
      await screen.getByText('在范围内，可以签到').waitFor();
      await hand.arrive(screen);
      await screen.waitForURL(/\/visit\/|\/orders\//);
      await until(async () => (await admin.get(`/api/v1/orders/${order.id}`)).order.status === 'on_site', 'the arrival', 40_000);
      await screen.goto(`${base}/m/orders/${order.id}`);
      await screen.getByRole('button', { name: '抄表：运行小时' }).waitFor();
      await phone.setOffline(true);
      await screen.getByRole('button', { name: '抄表：运行小时' }).click();
      const sheet = screen.getByRole('dialog', { name: '抄表：运行小时' });
      await sheet.getByLabel('现在读数（h）').fill('12');
      await sheet.getByText('比上次小。').waitFor();
      await sheet.getByLabel(/已换表/).check();
      await shot('phone-meter', screen);
      assert.deepEqual(await axe(screen), []);
      await sheet.getByRole('button', { name: '保存读数' }).click();
      await screen.getByText('12 h').waitFor();
      assert.equal((await meters())[0].value, 10_520, 'nothing has travelled yet');
      await phone.setOffline(false);
      await until(async () => (await meters())[0].total === 10_532, 'the reading', 40_000);
    });

    await step('done, the next turn is left out with a reason, and the plan rests', async () => {
      await screen.goto(`${base}/m/orders/${order.id}`);
      await screen.getByRole('button', { name: '完工' }).click();
      const done = screen.getByRole('dialog', { name: '完工登记' });
      await done.getByLabel('做了什么').fill('换油、紧固');
      await done.getByRole('button', { name: '完工' }).click();
      await until(async () => ['finished', 'closed'].includes((await admin.get(`/api/v1/orders/${order.id}`)).order.status), 'the order', 40_000);
      await page.goto(`${base}/orders/maintenance`);
      await page.getByText('500 小时保养').first().click();
      const plan = page.getByRole('complementary', { name: '500 小时保养' });
      await plan.getByRole('button', { name: '跳过这次' }).click();
      const ask = page.getByRole('dialog', { name: /跳过 一号水泵/ });
      await ask.getByLabel('原因').fill('计划停机');
      await desk.button(ask, '跳过').click();
      await plan.getByText('跳过：计划停机').waitFor();
      await plan.getByRole('button', { name: '暂停计划' }).click();
      await plan.getByRole('button', { name: '恢复计划' }).waitFor();
      await page.getByRole('radio', { name: '待保养' }).click();
      await page.getByText('没有待保养的设备').waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('maintenance-due');
      assert.equal((await orders()).length, 1);
      assert.deepEqual([...office.faults, ...phone.faults], []);
    });
  });
}
