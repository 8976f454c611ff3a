// Attendance in the browser: the administrator makes a shift and a kind of leave with a balance by clicking; a rep comes late and
// without a signal, and goes on time; he asks for a day of leave on the phone and his head grants it in the inbox; the sheet says
// so, the balance goes down and duty is off that day; an approved correction turns late to on time and keeps the trail; the file
// is the sheet; a sibling department's manager sees none of it.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';
import { readSheet } from './sheet.mjs';

const OFFICE = [118.79, 32.05];
const DAY = '2026-11-20';
const FREE = '2026-11-23';

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`attendance on ${engine}`, { timeout: 300_000 }, async (t) => {
    const now = Date.parse(`${DAY}T00:50:00Z`);
    const server = await startServer(engine, new Date(now).toISOString());
    const { base } = server;
    const office = await browser({ profile: folder(), time: now });
    const phone = await browser({ profile: folder(), phone: true, still: true, time: now, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 } });
    t.after(async () => {
      await phone.close();
      await office.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `attendance-${engine}`, () => ({ desk: page, phone: screen }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/attendance-${engine}-${name}.png` });
    };
    let nudge = 0;
    /** Time goes on, for everybody. */
    const at = async (time) => {
      const next = Date.parse(time);
      server.setTime(time);
      await until(async () => Math.abs(Date.parse((await admin.get('/api/v1/me')).server_time) - next) < 10_000, `the time ${time}`);
      for (const context of [office, phone]) {
        const shown = await context.pages()[0].evaluate(() => Date.now());
        await context.clock.fastForward(Math.max(0, next - shown));
      }
      // The receiver is heard again at the new time.
      nudge += 0.00001;
      await phone.setGeolocation({ longitude: OFFICE[0] + nudge, latitude: OFFICE[1], accuracy: 8 });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const top = (await admin.get('/api/v1/departments')).items[0].id;
    const [region, sibling] = await Promise.all(['一区', '二区'].map(async (name) => (await admin.post('/api/v1/departments', { name, parent_id: top, manager_ids: [] })).id));
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const person = async (name, login, role, department_id) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep', region);
    const head = await person('陈静', 'chenjing', 'manager', region);
    await person('何静', 'hejing', 'manager', sibling);
    const row = (await admin.get('/api/v1/departments')).items.find((one) => one.id === region);
    await admin.patch(`/api/v1/departments/${region}`, row.version, { manager_ids: [head] });
    await admin.put('/api/v1/punch-rules', { department_id: region, within: 'anywhere', outside: 'record', visit_counts: false, window_minutes: 60, must_from: '2026-11-01' });
    const mine = await api(base).as('zhangwei');
    const requests = async () => (await mine.get('/api/v1/me/attendance-requests')).items;
    const cell = (name, day) => page.getByRole('button', { name: new RegExp(`^${name} .*${day}`) });

    await step('a shift, its weeks and a kind of leave with a balance are made by clicking', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.getByRole('link', { name: '考勤' }).click();
      await page.getByRole('tab', { name: '设置' }).click();
      const shifts = page.getByRole('region', { name: '班次' });
      await shifts.getByRole('button', { name: '新班次' }).click();
      const dialog = page.getByRole('dialog', { name: '新班次' });
      await dialog.getByLabel('名称').fill('白班');
      await dialog.getByLabel('简称').fill('白');
      await shot('shift');
      assert.deepEqual(await axe(page), []);
      await desk.button(dialog, '保存').click();
      await shifts.getByText('白班').waitFor();
      const types = page.getByRole('region', { name: '假别' });
      await types.getByRole('button', { name: '新假别' }).click();
      const kind = page.getByRole('dialog', { name: '新假别' });
      await kind.getByLabel('名称', { exact: true }).fill('探亲假');
      await kind.getByLabel('英文名').fill('Home leave');
      await desk.button(kind, '保存').click();
      await types.getByText('探亲假').waitFor();
      await shot('settings');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: '排班' }).click();
      await desk.button(page, '加规则').click();
      await page.getByLabel('针对').selectOption({ label: '一区' });
      await page.getByRole('button', { name: '添加' }).click();
      await page.getByText('11-20 起').waitFor();
      // One day by hand: the keyboard chooses a cell and sets it to rest, then back to the rule.
      await cell('张伟', '11-30').click();
      await page.keyboard.press('0');
      await page.getByRole('button', { name: /^张伟 .*11-30.*休息.*单独排班/ }).waitFor();
      await shot('roster');
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Delete');
      await page.getByRole('button', { name: /^张伟 .*11-30.*白班.*部门规则/ }).waitFor();
      await page.getByRole('tab', { name: '假期余额' }).click();
      await desk.button(page, '发放假期').click();
      const grant = page.getByRole('dialog', { name: '发放假期' });
      await grant.getByLabel('假别').selectOption({ label: '探亲假' });
      await grant.getByLabel('说明').fill('2026 年度');
      await desk.button(grant, '发放').click();
      await page.getByText('剩 5').first().waitFor();
      await shot('balances');
      assert.deepEqual(await axe(page), []);
    });

    await step('the rep comes late and without a signal', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.getByRole('button', { name: '同意并开始' }).click();
      await screen.getByRole('link', { name: '我的' }).click();
      await screen.getByRole('link', { name: /考勤/ }).click();
      await screen.getByRole('button', { name: /上班打卡/ }).waitFor();
      await at(`${DAY}T01:12:10Z`);
      await screen.getByText('不限地点').waitFor();
      await phone.setOffline(true);
      await hand.press(screen, /上班打卡/);
      await screen.getByText('待上传').waitFor();
      await shot('phone-offline', screen);
      assert.deepEqual(await axe(screen), []);
      await phone.setOffline(false);
      await until(async () => (await mine.get('/api/v1/field/snapshot')).attendance.punches.length === 1, 'the punch to arrive');
      await screen.getByText('离线打卡').waitFor();
      const [punch] = (await mine.get('/api/v1/field/snapshot')).attendance.punches;
      assert.deepEqual([punch.kind, punch.offline, punch.place], ['in', true, 'kept']);
    });

    await step('he asks for a day of leave', async () => {
      await screen.getByRole('link', { name: '请假' }).click();
      await screen.getByRole('radio', { name: '探亲假' }).click();
      await screen.getByText('这种假还剩 5 天').waitFor();
      await screen.getByLabel('从').fill(FREE);
      await hand.press(screen, '提交申请');
      await screen.getByText('请填写：原因').waitFor();
      await screen.getByLabel('原因').fill('回家看父母');
      await shot('phone-leave', screen);
      assert.deepEqual(await axe(screen), []);
      await hand.press(screen, '提交申请');
      await until(async () => (await requests())[0]?.status === 'running', 'the request to arrive');
      await screen.getByText('审批中').waitFor();
    });

    await step('he goes on time', async () => {
      await at(`${DAY}T09:00:20Z`);
      await screen.getByText('不限地点').waitFor();
      await hand.press(screen, /下班打卡/);
      await until(async () => (await mine.get('/api/v1/field/snapshot')).attendance.punches.length === 2, 'the second punch to arrive');
      await shot('phone', screen);
    });

    await step('his head grants the leave in the inbox; the sheet, the balance and his duty say so', async () => {
      await desk.signIn(page, base, 'chenjing');
      await page.goto(`${base}/approvals`);
      await page.getByText(/请假 · 2026-11-23/).first().click();
      await page.getByText('回家看父母').first().waitFor();
      await shot('approval');
      await desk.button(page, '通过').first().click();
      await until(async () => (await requests())[0].status === 'approved', 'the request to be approved');
      assert.deepEqual((await admin.get(`/api/v1/employees/${rep}/duty?from=${FREE}`)).days[0].working, []);
      await page.goto(`${base}/attendance`);
      await cell('张伟', '11-20.*迟12').waitFor();
      await cell('张伟', '11-23.*探亲假').waitFor();
      await shot('sheet');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: '假期余额' }).click();
      await page.getByText('剩 4').first().waitFor();
      // Planning knows: there is no working time for him that day.
      const board = await (await api(base).as('chenjing')).get(`/api/v1/board?day=${FREE}`).catch(() => null);
      if (board) assert.ok(!JSON.stringify(board).includes('"from_minute":540'), 'no hours of his on the board');
    });

    await step('an approved correction turns late to on time, and the punch stays', async () => {
      await screen.goto(`${base}/m/attendance/month`);
      await screen.getByRole('button', { name: /11-20.*迟12/ }).click();
      await screen.getByText('上班 09:12').waitFor();
      await shot('phone-month', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.getByRole('link', { name: '申请补卡' }).click();
      await screen.getByLabel('几点').fill('08:58');
      await screen.getByLabel('原因').fill('到了忘打卡');
      await hand.press(screen, '提交申请');
      await until(async () => (await requests())[0].kind === 'correction' && (await requests())[0].status === 'running', 'the correction to arrive');
      await page.goto(`${base}/approvals`);
      await page.getByText(/补卡 · 11-20 08:58/).first().click();
      await desk.button(page, '通过').first().click();
      await until(async () => (await requests())[0].status === 'approved', 'the correction to be approved');
      await page.goto(`${base}/attendance`);
      await cell('张伟', '11-20.*✓ \\*').click();
      const drawer = page.getByRole('complementary', { name: /张伟/ });
      await drawer.getByText('上班 09:12').waitFor();
      await drawer.getByText('到了忘打卡').waitFor();
      await drawer.getByText(/按更正后的时间计算/).waitFor();
      await shot('day');
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Escape');
    });

    await step('the file is the sheet', async () => {
      const shown = await page.getByRole('table').first().locator('tbody tr').evaluateAll((rows) => rows.map((r) => [...r.querySelectorAll('td')].map((td) => td.textContent.trim())));
      const token = (await api(base).as('chenjing')).token;
      const file = await fetch(`${base}/api/v1/attendance.xlsx`, { headers: { authorization: `Bearer ${token}`, 'accept-language': 'zh-CN' } });
      assert.equal(file.status, 200);
      const [titles, ...rows] = readSheet(Buffer.from(await file.arrayBuffer()));
      assert.deepEqual(titles.slice(0, 3), ['姓名', '部门', '2026-11-01']);
      assert.deepEqual(rows.map((r) => r.slice(2).map((one) => String(one ?? ''))), shown);
      await page.getByRole('tab', { name: '今天' }).click();
      await page.getByText('应到').waitFor();
      await shot('today');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: '申请' }).click();
      await page.getByText('到了忘打卡').waitFor();
      await shot('requests');
      assert.deepEqual(await axe(page), []);
    });

    await step('a sibling department sees none of it', async () => {
      const other = await api(base).as('hejing');
      for (const url of ['/api/v1/attendance?month=2026-11', '/api/v1/attendance-requests', '/api/v1/leave-balances', `/api/v1/roster?from=${DAY}&to=${FREE}`, `/api/v1/attendance/today?day=${DAY}`]) {
        assert.ok(!JSON.stringify(await other.get(url)).includes(rep), url);
      }
      await assert.rejects(other.get(`/api/v1/attendance/${rep}/${DAY}`), { status: 404 });
      assert.deepEqual([...office.faults, ...phone.faults], []);
    });
  });
}
