// A work order in real browsers, from the call to the signature: taken in with its equipment, given to the nearest engineer, who
// accepts on the phone inside the limit, drives there, works without a network (history, steps of which one fails, two parts
// out of the van, a third requested, the customer's signature) and comes back; the report can be checked, and a customer
// reports the next fault by the label.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, root, startServer, steps, until } from './lib.mjs';
import { looked } from './paper.mjs';
import * as hand from './phone.mjs';

const DAY = '2027-11-19'; // a Friday
const at = (time) => Date.parse(`${DAY}T${time}:00+08:00`);
const iso = (ms) => new Date(ms).toISOString();
const SHOP = [118.79, 32.05];
const binary = process.env.TASHI_BIN ?? path.join(root, 'target/debug/tashi');

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`orders on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine, iso(at('10:00')));
    const { base } = server;
    const office = await browser({ profile: folder(), still: true });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: SHOP[0], latitude: SHOP[1], accuracy: 8 } });
    t.after(async () => {
      await office.close();
      await phone.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `orders-${engine}`, () => ({ desk: page, phone: screen }));
    const shots = process.env.SHOTS;
    const shot = async (name, of = page) => {
      if (!shots || engine !== 'sqlite') return;
      mkdirSync(shots, { recursive: true });
      await of.screenshot({ path: path.join(shots, `${name}.png`) });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const rep = (await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: roles.rep, department_id })).employee.id;
    const client = await api(base).as('zhangwei');
    const { text_version } = await client.get('/api/v1/me/policy');
    await client.post('/api/v1/me/policy/accept', { text_version });
    await admin.post('/api/v1/customers', { name: '苏福便利（中山路店）', grade: 'A', at: SHOP, address: '中山路 88 号' });
    const template = await admin.post('/api/v1/task-templates', { name: '冰柜检修', kind: 'repair', min_stay_s: 0, steps: [
      { title: '制冷检查', kind: 'choice', options: ['合格', '不合格'] }, { title: '清洁检查', kind: 'choice', options: ['合格', '不合格'] }] });
    const fan = await admin.post('/api/v1/parts', { code: 'FAN-1', name: '冷凝风扇', unit: '个', price_minor: 4500, active: true });
    const belt = await admin.post('/api/v1/parts', { code: 'GSK-2', name: '密封条', unit: '条', price_minor: 1200, active: true });
    await admin.post('/api/v1/stocks', { van_of: rep });
    await admin.post('/api/v1/stock-moves', { kind: 'receive', part_id: fan.id, to_id: rep, quantity: 3 });
    const inVan = async () => (await admin.get('/api/v1/stocks')).items.find((one) => one.id === rep).lines.find((line) => line.part.id === fan.id)?.quantity ?? 0;
    const closed = () => until(async () => !(await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').count()), 'the list to close');
    const customer = async (scope, label) => {
      await scope.getByRole('combobox', { name: label, exact: true }).click();
      await page.keyboard.type('苏福');
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: '苏福便利' }).first().click();
    };
    let order;
    const now = async () => admin.get(`/api/v1/orders/${order.id}`);

    await step('the type of order is set up, and the equipment registered', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.getByRole('link', { name: '工单', exact: true }).first().click();
      await page.getByText('还没有工单').waitFor();
      await shot('orders-empty');
      await page.getByRole('link', { name: '类型', exact: true }).click();
      await page.getByRole('button', { name: '修改 维修' }).click();
      const kind = page.getByRole('complementary', { name: '工单类型' });
      await desk.choose(kind, '现场步骤', '冰柜检修');
      await closed();
      await kind.getByLabel('必须登记备件').check();
      assert.deepEqual(await axe(page), []);
      await shot('order-types');
      await desk.button(kind, '保存').click();
      await page.getByText('类型已保存').waitFor();
      await page.getByRole('link', { name: '设备', exact: true }).click();
      await desk.button(page, '新增设备').first().click();
      const form = page.getByRole('complementary', { name: '新增设备' });
      await form.getByLabel('名称').fill('立式冰柜');
      await form.getByLabel('型号').fill('SC-320');
      await form.getByLabel('保修到').fill('2028-03-01');
      await customer(form, '客户');
      await closed();
      assert.deepEqual(await axe(page), []);
      await desk.button(form, '保存').click();
      const card = page.getByRole('complementary', { name: '立式冰柜' });
      await card.getByText('SB-000001').first().waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('equipment');
      await card.getByRole('button', { name: '打印标签' }).click();
      await page.getByRole('dialog', { name: '设备标签' }).getByRole('img').first().waitFor();
      await shot('equipment-labels');
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Escape');
      // Earlier work on it, for the history.
      const piece = (await admin.get('/api/v1/equipment')).items[0];
      const repair = (await admin.get('/api/v1/order-types')).items.find((one) => one.name === '维修');
      const earlier = await admin.post('/api/v1/orders', { type_id: repair.id, customer_id: piece.customer.id, equipment_id: piece.id, title: '门封漏气', priority: 1 });
      await admin.post(`/api/v1/orders/${earlier.order.id}/cancel`, { reason: '客户自行处理' });
      void template;
    });

    await step('the desk takes the order in and gives it to the nearest who can', async () => {
      await page.getByRole('complementary', { name: '立式冰柜' }).getByRole('link', { name: '登记工单' }).click();
      const form = page.getByRole('complementary', { name: '登记工单' });
      await form.getByText('苏福便利').first().waitFor();
      await form.getByLabel('故障').fill('冰柜不制冷');
      await form.getByLabel('联系人', { exact: true }).fill('王店长');
      await form.getByLabel('联系电话').fill('13812342207');
      await form.getByRole('radio', { name: '加急' }).click();
      assert.deepEqual(await axe(page), []);
      await shot('order-intake');
      await form.getByRole('button', { name: '登记', exact: true }).or(form.getByRole('button', { name: '登 记' })).click();
      const card = page.getByRole('complementary', { name: '苏福便利' });
      await card.getByText('待派工').first().waitFor();
      [order] = (await admin.get('/api/v1/orders?status=new')).items;
      assert.equal(order.equipment.name, '立式冰柜');
      await client.post('/api/v1/field/fixes', { device_id: 'd', fixes: [{ t: iso(at('10:00')), at: [SHOP[0] + 0.01, SHOP[1]], accuracy_m: 6, speed_mps: 0 }] });
      await card.getByRole('radio', { name: '最近且能做' }).click();
      await card.getByRole('button', { name: '派给 张伟' }).waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('order-assign');
      await card.getByRole('button', { name: '派给 张伟' }).click();
      await card.getByText(/张伟 须在 \d\d:\d\d 前接单/).waitFor();
    });

    await step('the engineer accepts on the phone inside the limit and sets out', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      const card = screen.getByRole('region', { name: '新工单：苏福便利' });
      await card.waitFor();
      await card.getByRole('timer').waitFor();
      assert.deepEqual(await axe(screen), []);
      await shot('phone-order-new', screen);
      await card.getByRole('button', { name: '接单' }).click();
      await page.getByRole('complementary', { name: '苏福便利' }).getByText('已接单').first().waitFor();
      await screen.goto(`${base}/m/orders/${order.id}`);
      await screen.getByRole('button', { name: '出发' }).click();
      await until(async () => (await now()).order.status === 'on_the_way', 'the way');
      await until(async () => (await screen.getByText('门封漏气').count()) > 0, 'the history');
    });

    await step('on site without a network: history, steps, two parts, one requested, the signature', async () => {
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${base}/m/`);
      await hand.today(screen).waitFor();
      await screen.waitForTimeout(4500);
      await phone.setOffline(true);
      await screen.goto(`${base}/m/orders/${order.id}`);
      await screen.getByText('门封漏气').waitFor();
      await shot('phone-order', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.getByRole('button', { name: '到场签到' }).click();
      await screen.getByText('在范围内，可以签到').waitFor();
      await hand.arrive(screen);
      await screen.waitForURL(/\/visit\/[^/]+$/);
      await screen.getByRole('radio', { name: '合格', exact: true }).click();
      await hand.press(screen, '完成制冷检查');
      // The next step unfolds when this one is on the disk.
      await screen.getByRole('button', { name: '完成清洁检查' }).waitFor();
      await screen.getByRole('radio', { name: '不合格' }).click();
      await hand.press(screen, '完成清洁检查');
      await screen.getByRole('button', { name: '写小结并签退' }).waitFor();
      await screen.goto(`${base}/m/orders/${order.id}`);
      await screen.getByText('维修中').first().waitFor();
      const van = screen.getByRole('region', { name: '车上' });
      for (const left of [3, 2]) {
        await van.getByText(`车上有 ${left} 个`).waitFor();
        await van.getByRole('button', { name: '用一件 冷凝风扇' }).click();
      }
      await van.getByText('车上有 1 个').waitFor();
      await screen.getByRole('button', { name: '申请备件' }).click();
      const ask = screen.getByRole('dialog', { name: '申请备件' });
      await ask.getByLabel('选择备件').selectOption({ label: '密封条 GSK-2' });
      await shot('phone-part', screen);
      await ask.getByRole('button', { name: '提交申请' }).click();
      await screen.getByText('已申请 1').waitFor();
      await shot('phone-order-parts', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.getByRole('button', { name: '完工' }).click();
      const done = screen.getByRole('dialog', { name: '完工登记' });
      await done.getByLabel('做了什么').fill('更换两个冷凝风扇，试机正常');
      await done.getByRole('button', { name: '完工' }).click();
      const sign = screen.getByRole('dialog', { name: '请客户签字' });
      await sign.waitFor();
      await screen.waitForTimeout(500);
      const box = await sign.getByRole('img', { name: '请在这里签字' }).boundingBox();
      await screen.mouse.move(box.x + 40, box.y + 30);
      await screen.mouse.down();
      for (let k = 0; k <= 24; k++) await screen.mouse.move(box.x + 40 + k * 10, box.y + 60 + Math.sin(k / 2) * 35);
      await screen.mouse.up();
      assert.deepEqual(await axe(screen), []);
      await shot('phone-sign', screen);
      await sign.getByRole('button', { name: '确认签字' }).click();
      await screen.getByText('已完成').first().waitFor();
      assert.equal((await now()).order.status, 'on_the_way', 'nothing has travelled yet');
      assert.equal(await inVan(), 3);
    });

    await step('it arrives once: stock, request, follow-up, report', async () => {
      await phone.setOffline(false);
      await until(async () => (await now()).order.status === 'closed', 'the order', 60_000);
      const detail = await now();
      assert.deepEqual(detail.events.map((one) => one.move), ['take', 'assign', 'accept', 'set_out', 'arrive', 'finish', 'sign']);
      const times = detail.events.map((one) => one.at);
      assert.deepEqual(times, [...times].sort(), 'nothing is back-dated');
      assert.equal(await inVan(), 1, 'the stock falls by two');
      assert.deepEqual([detail.parts[0].quantity, detail.parts_minor, detail.requests[0].part.name], [2, 9000, belt.name]);
      assert.equal(detail.follow_ups.length, 1, 'the failed item is an order of its own');
      await until(async () => (await now()).report?.pdf_sha256, 'the document', 30_000);
      const { report } = await now();
      const headers = { authorization: `Bearer ${admin.token}` };
      const pdf = Buffer.from(await (await fetch(`${base}/api/v1/orders/${order.id}/report.pdf`, { headers })).arrayBuffer());
      assert.equal(createHash('sha256').update(pdf).digest('hex'), report.pdf_sha256);
      const bundle = path.join(server.data, 'order.zip');
      writeFileSync(bundle, Buffer.from(await (await fetch(`${base}/api/v1/ledger/bundles/visits/${order.id}`, { headers })).arrayBuffer()));
      execFileSync(binary, ['proof', 'verify', bundle], { stdio: 'pipe' });
      const { code } = report;
      const paper = looked(pdf, shots ? path.join(shots, 'report') : null);
      for (const words of ['服务报告', code, '苏福便利（中山路店）', '立式冰柜', '更换两个冷凝风扇，试机正常', '制冷检查', '不合格', 'FAN-1 冷凝风扇', '90.00', '王店长']) assert.ok(paper.text.includes(words), `${words} in\n${paper.text}`);
      assert.equal(paper.dark.length, 1, 'one page');
      // The stroke the customer drew stands where he confirms, above the line.
      assert.ok(paper.below('客户确认', { width: 230, height: 85 }) > 150, 'the signature is on the paper');
    });

    await step('the desk sees all of it, and supplies what is missing', async () => {
      await page.goto(`${base}/orders?order=${order.id}`);
      const card = page.getByRole('complementary', { name: '苏福便利' });
      await card.getByText('王店长 签字').waitFor();
      await card.getByText('冷凝风扇').first().waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('order-done');
      await page.getByRole('link', { name: '备件', exact: true }).click();
      await page.getByRole('radio', { name: /备件申请 1/ }).click();
      await page.getByText('张伟 需要 1 条').waitFor();
      await shot('parts-requests');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('radio', { name: '库存' }).click();
      await page.getByText('冷凝风扇').first().waitFor();
      await shot('parts-stocks');
      await page.getByRole('radio', { name: '出入库' }).click();
      await page.getByText('领用').first().waitFor();
      assert.deepEqual(await axe(page), []);
    });

    await step('the customer rates it, and reports the next fault by the label', async () => {
      const { token } = await now();
      const guest = await browser({ profile: folder(), phone: true, still: true, dark: true });
      t.after(() => guest.close());
      const outside = guest.pages()[0];
      await outside.goto(`${base}/service/${token}`);
      await outside.getByText('已完成').first().waitFor();
      assert.deepEqual(await axe(outside), []);
      await outside.getByRole('radio', { name: '5 星' }).click();
      await shot('public-service', outside);
      await outside.getByRole('button', { name: '提交评价' }).click();
      await outside.getByText('您评了 5 星').waitFor();
      const { label } = (await admin.get('/api/v1/equipment')).items[0];
      await outside.goto(`${base}/m/equipment/${label}`);
      await outside.waitForURL(/\/fault\//);
      await outside.getByRole('heading', { name: '立式冰柜' }).waitFor();
      await outside.getByLabel('出了什么问题').fill('又不制冷了');
      await outside.getByLabel('联系电话').fill('13812342207');
      assert.deepEqual(await axe(outside), []);
      await shot('public-fault', outside);
      await outside.getByRole('button', { name: '提交报修' }).click();
      await outside.getByText('报修已收到').waitFor();
      const reported = (await admin.get('/api/v1/orders?status=new')).items.find((one) => one.source === 'portal');
      assert.equal(reported.title, '又不制冷了');
      assert.deepEqual([...office.faults, ...phone.faults, ...guest.faults], []);
    });
  });
}
