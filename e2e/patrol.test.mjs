// An inspection round in real browsers: twelve points in order, planned by clicking, walked on a phone without a network with
// the labels of the equipment read, one left out, one late, one failed; it arrives once, the failed item is a work
// order, and the manager reads what was missed and the report of it.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import { looked } from './paper.mjs';
import * as hand from './phone.mjs';

const DAY = '2027-11-19'; // a Friday
const iso = (time) => new Date(Date.parse(`${DAY}T${time}:00+08:00`)).toISOString();
const PLANT = [118.79, 32.05];
const POINTS = 12;

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`an inspection round on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine, iso('10:00'));
    const { base } = server;
    const office = await browser({ profile: folder(), still: true });
    const phone = await browser({ profile: folder(), phone: true, still: true, time: iso('10:00'), place: { longitude: PLANT[0], latitude: PLANT[1], accuracy: 8 } });
    t.after(async () => {
      await office.close();
      await phone.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `patrol-${engine}`, () => ({ desk: page, phone: screen }));
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
    const inspector = (await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: roles.rep, department_id })).employee.id;
    const client = await api(base).as('zhangwei');
    const { text_version } = await client.get('/api/v1/me/policy');
    await client.post('/api/v1/me/policy/accept', { text_version });
    const plant = await admin.post('/api/v1/customers', { name: '城东泵站', grade: 'A', at: PLANT, address: '滨江路 1 号' });
    const kind = (await admin.get('/api/v1/order-types')).items.find((one) => one.name === '维修');
    const form = await admin.post('/api/v1/forms', { key: 'pump', spec: { title: { 'zh-CN': '水泵点检', en: 'Pump check' }, fields: [
      { key: 'noise', type: 'check', label: { 'zh-CN': '无异响', en: 'No noise' }, required: 'true', follow: { open: 'work_order', who: 'owner', kind: kind.id } }] } });
    await admin.post(`/api/v1/forms/${form.id}/publish`, { note: '首版' }, form.version);
    const pieces = [];
    for (let k = 1; k <= POINTS; k++) pieces.push(await admin.post('/api/v1/equipment', { name: `水泵 ${k}`, customer_id: plant.id, place: `${k} 号泵房` }));
    // Ten minutes for each; after the seventh half an hour to catch up.
    const minute = (k) => 600 + (k - 1) * 10 + (k > 7 ? 30 : 0);
    const clock = (m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
    let plan;
    let round;
    const now = async () => admin.get(`/api/v1/inspection-rounds/${round.id}`);

    await step('the plan: the first point by clicking, the others beside it', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/orders`);
      await page.getByRole('link', { name: '巡检', exact: true }).click();
      await page.getByText('这一天没有巡检').waitFor();
      await page.getByRole('radio', { name: '巡检计划' }).click();
      await page.getByRole('button', { name: '新建计划' }).click();
      const drawer = page.getByRole('complementary', { name: '巡检计划' });
      await drawer.getByLabel('名称', { exact: true }).fill('早巡');
      const first = drawer.getByRole('listitem', { name: '第 1 点' });
      await desk.choose(first, '客户', '城东泵站');
      await desk.choose(first, '设备', '水泵 1 ');
      await desk.choose(first, '检查表', '水泵点检');
      await first.getByLabel('从').fill(clock(minute(1)));
      await first.getByLabel('到').fill(clock(minute(1) + 10));
      assert.equal(await first.getByLabel('必须扫描设备标签（或输入编号）').isChecked(), true);
      await desk.choose(drawer, '加人员', '张伟');
      assert.deepEqual(await axe(page), []);
      await shot('patrol-plan');
      await desk.button(drawer, '保存').click();
      await page.getByText('计划已保存').first().waitFor();
      [plan] = (await admin.get('/api/v1/inspection-plans')).items;
      assert.deepEqual([plan.points.length, plan.people.length, plan.points[0].label], [1, 1, true]);
      // Its round of today is there at once; the twelve points of the test are a plan of their own.
      const points = pieces.map((one, k) => ({ customer_id: plant.id, equipment_id: one.id, form_id: form.id, label: true, from_minute: minute(k + 1), to_minute: minute(k + 1) + 10 }));
      const all = await admin.post('/api/v1/inspection-plans', { terms: { name: '十二点巡检', active: true, people: [], points } });
      round = await admin.post(`/api/v1/inspection-plans/${all.id}/start`, { employee_id: inspector });
      assert.equal(round.planned, POINTS);
    });

    await step('the phone walks it without a network, in order, label by label', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${base}/m/`);
      await hand.today(screen).waitFor();
      await screen.waitForTimeout(4500);
      await phone.setOffline(true);
      const task = (await client.get('/api/v1/field/snapshot')).tasks.find((one) => one.title === '十二点巡检');
      await screen.goto(`${base}/m/check-in/${task.id}`);
      await screen.getByText('在范围内，可以签到').waitFor();
      await hand.press(screen, /^签到/);
      await screen.waitForURL(/\/visit\/[^/]+$/);
      let stood = minute(1);
      for (let k = 1; k <= POINTS; k++) {
        // At the seventh he is 20 minutes late.
        const then = minute(k) + (k === 7 ? 30 : 2);
        await phone.clock.fastForward((then - stood) * 60_000);
        stood = then;
        const number = screen.getByLabel('标签编号');
        // Each point unfolds once the one before it is on the disk.
        await screen.getByText(`应检时间 ${clock(minute(k))}`).waitFor();
        await number.waitFor();
        if (k === 1) {
          await shot('patrol-phone', screen);
          assert.deepEqual(await axe(screen), []);
          // Another label than this point's is told at once.
          await number.fill(pieces[4].code);
          await screen.getByRole('button', { name: '确认编号' }).click();
          await screen.getByText('不是这个巡检点的标签').waitFor();
        }
        if (k === 5) {
          await screen.getByRole('button', { name: '跳过' }).click();
          await screen.getByText('时间来不及').click();
          const skip = screen.getByRole('button', { name: '跳过这一步' });
          if (await skip.count()) await skip.click();
          continue;
        }
        await number.fill(pieces[k - 1].code.toLowerCase());
        await screen.getByRole('button', { name: '确认编号' }).click();
        await screen.getByText('已输入标签编号').waitFor();
        await hand.press(screen, /^填写水泵/);
        await screen.waitForURL(/\/form\//);
        await screen.getByRole('radio', { name: k === 3 ? '不合格' : '合格', exact: true }).click();
        if (k === 3) await screen.getByRole('textbox').first().fill('轴承响');
        if (k === 1) await shot('patrol-form', screen);
        await hand.press(screen, '完成表单');
        await screen.waitForURL(/\/visit\/[^/]+$/);
      }
      await shot('patrol-phone-done', screen);
      assert.equal((await now()).done, 0, 'nothing has travelled yet');
    });

    await step('it arrives once, and the manager sees what was missed', async () => {
      server.setTime(iso('13:00'));
      await phone.setOffline(false);
      await until(async () => {
        await phone.clock.runFor(10_000);
        return (await now()).done === POINTS - 1;
      }, 'the points', 60_000);
      const seen = await now();
      assert.deepEqual([seen.planned, seen.done, seen.missed, seen.late, seen.failed], [POINTS, POINTS - 1, 1, 1, 1]);
      assert.deepEqual([seen.points[4].state, seen.points[6].state, seen.points[6].off_minutes], ['missed', 'late', 20]);
      assert.equal(seen.points[2].failures[0].opened, 'work_order');
      await page.goto(`${base}/orders/inspections?round=${round.id}`);
      const card = page.getByRole('complementary', { name: '十二点巡检' });
      await card.getByText('计划 12 · 完成 11 · 漏检 1 · 迟到 1 · 不合格 1').waitFor();
      await card.getByText('迟到 20 分钟').waitFor();
      assert.deepEqual(await axe(page), []);
      await shot('patrol-round');
      await card.getByRole('link', { name: /^工单 WO-/ }).click();
      await page.getByRole('complementary', { name: '城东泵站' }).getByText('水泵 3').first().waitFor();
    });

    await step('the report of the round is fixed when it is left', async () => {
      const visit = seenVisit(await now());
      await screen.goto(`${base}/m/visit/${visit}/finish`);
      await screen.getByRole('textbox').first().fill('巡检完成');
      await hand.press(screen, '签退');
      await until(async () => (await admin.get(`/api/v1/visits/${visit}`)).status === 'done', 'the check-out', 60_000);
      const headers = { authorization: `Bearer ${admin.token}` };
      const answer = await until(async () => {
        const r = await fetch(`${base}/api/v1/inspection-rounds/${round.id}/report.pdf`, { headers });
        return r.ok ? r : null;
      }, 'the document', 30_000);
      const pdf = Buffer.from(await answer.arrayBuffer());
      const done = await now();
      assert.equal(createHash('sha256').update(pdf).digest('hex'), done.pdf_sha256);
      assert.match(done.code, /^[0-9A-F]{4}(-[0-9A-F]{4}){3}$/);
      const paper = looked(pdf, shots ? path.join(shots, 'round') : null);
      for (const words of [done.code, '城东泵站', '水泵 12', '时间来不及', '轴承响', '迟到 20 分钟', '张伟']) assert.ok(paper.text.includes(words), `${words} in\n${paper.text}`);
      assert.ok(paper.dark.every((dots) => dots > 500), `pages with something on them: ${paper.dark}`);
      await page.goto(`${base}/orders/inspections?round=${round.id}`);
      await page.getByRole('link', { name: '巡检报告 PDF' }).waitFor();
      await page.getByText(`核验码 ${done.code}`).waitFor();
      assert.deepEqual([...office.faults, ...phone.faults], []);
    });
  });
}

const seenVisit = (round) => round.points.find((one) => one.visit_id)?.visit_id;
