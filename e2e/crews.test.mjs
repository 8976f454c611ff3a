// Work for two in real browsers: given by clicking to both at once, on both phones with who comes along, each checks in on his own;
// the board brings them to one time and says who waits for whom; somebody more is sent to what is given already.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const DAY = '2027-11-18'; // a Thursday
const NEXT = '2027-11-19';
const at = (day, time) => new Date(Date.parse(`${day}T${time}:00+08:00`)).toISOString();
const CENTRE = [118.78, 32.04];
const east = (km) => [CENTRE[0] + km / 94.3, CENTRE[1]];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`crews on ${engine}`, { timeout: 300_000 }, async (t) => {
    const server = await startServer(engine, at(DAY, '09:30'));
    const { base } = server;
    const office = await browser({ profile: folder(), still: true });
    const place = { longitude: east(1)[0], latitude: CENTRE[1], accuracy: 8 };
    const his = await browser({ profile: folder(), phone: true, still: true, place });
    const hers = await browser({ profile: folder(), phone: true, still: true, place });
    t.after(async () => {
      await office.close();
      await his.close();
      await hers.close();
      await server.stop();
    });
    const [page, first, second] = [office.pages()[0], his.pages()[0], hers.pages()[0]];
    const step = steps(t, `crews-${engine}`, () => ({ desk: page, first, second }));
    const shots = process.env.SHOTS;
    const shot = async (where, name) => {
      if (!shots || engine !== 'sqlite') return;
      mkdirSync(shots, { recursive: true });
      await where.screenshot({ path: path.join(shots, `${name}.png`) });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const person = async (name, login, role) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id, ...(role === 'rep' ? { start_at: CENTRE } : {}) })).employee.id;
    await person('陈静', 'chenjing', 'manager');
    const team = {};
    for (const [name, login] of [['张伟', 'zhangwei'], ['李娜', 'lina'], ['王芳', 'wangfang']]) {
      const id = await person(name, login, 'rep');
      const client = await api(base).as(login);
      const { text_version } = await client.get('/api/v1/me/policy');
      await client.post('/api/v1/me/policy/accept', { text_version });
      team[name] = { id, client };
    }
    const shops = {};
    for (const [k, name] of ['惠万家', '苏福便利', '老门东食品', '城南批发'].entries()) {
      shops[name] = (await admin.post('/api/v1/customers', { name, grade: 'B', at: east(k + 1), owner_id: team['张伟'].id })).id;
    }
    await admin.post('/api/v1/task-templates', { name: '装冰柜', kind: 'visit', min_stay_s: 300, steps: [{ title: '照片', kind: 'photo', mandatory: true, min: 1, max: 3 }] });
    const manager = await api(base).as('chenjing');
    const closed = () => until(async () => !(await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').count()), 'the list to close');
    const mates = (screen, words) => hand.today(screen).getByText(words).waitFor();

    await step('one piece of work is given to two by clicking', async () => {
      await desk.signIn(page, base, 'chenjing');
      await page.goto(`${base}/tasks?create=1`);
      const form = page.getByRole('complementary', { name: '临时任务' });
      await form.getByRole('combobox', { name: '客户' }).click();
      await page.keyboard.type('惠万');
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: '惠万家' }).first().click();
      await desk.choose(form, '派给谁', '张伟');
      await desk.choose(form, '同行', '李娜');
      await page.keyboard.press('Escape');
      await closed();
      assert.deepEqual(await axe(page), []);
      await shot(page, 'console-form');
      await form.getByRole('button', { name: '派给 张伟' }).click();
      await page.getByText('张伟、李娜 一起去 惠万家').waitFor();
      await page.getByRole('complementary', { name: '惠万家' }).getByRole('link', { name: '李娜' }).waitFor();
      await shot(page, 'console-task');
    });

    await step('both have it on their phones, and each checks in on his own', async () => {
      await hand.signIn(first, base, 'zhangwei');
      await hand.signIn(second, base, 'lina');
      await mates(first, '同行：李娜');
      await mates(second, '同行：张伟');
      assert.deepEqual(await axe(second), []);
      await shot(second, 'phone-today');
      const [task] = (await team['李娜'].client.get('/api/v1/field/snapshot')).tasks;
      await hand.checkIn(second, base, task.id);
      const seen = await until(async () => {
        const [own] = (await team['张伟'].client.get('/api/v1/field/snapshot')).tasks;
        return own.crew[0].status === 'on_site' && own;
      }, 'her check-in');
      assert.equal(seen.status, 'new', 'his own waits for him');
      await mates(first, '同行：李娜（已到）');
      await shot(first, 'phone-there');
      await first.goto(`${base}/m/check-in/${seen.id}`);
      await first.getByText('同行：李娜，各自签到').waitFor();
    });

    await step('somebody more is sent to help', async () => {
      const drawer = page.getByRole('complementary', { name: '惠万家' });
      await drawer.getByRole('button', { name: '加派一人' }).click();
      await desk.choose(drawer, '加派谁', '王芳');
      await closed();
      await desk.button(drawer, '加派').click();
      await page.getByText('王芳 也去 惠万家').waitFor();
      await drawer.getByRole('link', { name: '王芳' }).waitFor();
      assert.equal((await team['王芳'].client.get('/api/v1/field/snapshot')).tasks[0].crew.length, 2);
    });

    await step('the board says who is not planned, and who waits', async () => {
      const give = (who, shop, more = {}) => manager.post('/api/v1/tasks', { employee_id: team[who].id, customer_id: shops[shop], day: NEXT, window: { from_minute: 540, to_minute: 1080 }, ...more });
      const pair = await give('张伟', '城南批发', { with: [team['李娜'].id] });
      const own = [await give('张伟', '苏福便利'), await give('张伟', '老门东食品')].map((one) => one.id);
      const early = await give('李娜', '惠万家');
      const her = pair.crew[0].task_id;
      const publish = async (rows) => {
        const board = await manager.get(`/api/v1/planning/board?day=${NEXT}`);
        const ready = rows.map(([who, tasks]) => {
          const plan = board.people.find((one) => one.id === team[who].id).plan;
          return { employee_id: team[who].id, plan_id: plan?.id, version: plan?.version, tasks, objective: 'distance', keep_order: true };
        });
        await manager.post('/api/v1/planning/publish', { day: NEXT, rows: ready, moved: [] });
      };
      await publish([['张伟', [...own, pair.id]], ['李娜', [early.id]]]);
      await page.goto(`${base}/planning/board?day=${NEXT}`);
      await page.getByText('李娜 的同行任务还没排').first().waitFor();
      await shot(page, 'board-pool');
      await publish([['李娜', [early.id, her]]]);
      await page.reload();
      await page.getByText(/等同行的 张伟/).first().waitFor();
      assert.equal(await page.getByText('李娜 的同行任务还没排').count(), 0);
      const stop = page.locator('.bstop').filter({ hasText: '城南批发' });
      assert.equal(await stop.count(), 2, 'one in each row, and not twice');
      assert.equal(await page.getByText('同一天重复拜访').count(), 0);
      const times = await stop.locator('.bblk').allTextContents();
      assert.equal(times[0], times[1], 'they begin together');
      await stop.first().click();
      await page.getByText(/和 (李娜|张伟) 同行/).first().waitFor();
      assert.deepEqual(await axe(page), []);
      await shot(page, 'board-pair');
      const { tasks } = await manager.get(`/api/v1/planning/board?day=${NEXT}`);
      const eta = (id) => tasks.find((one) => one.id === id).eta_s;
      assert.equal(eta(pair.id), eta(her), 'both are told the same time');
    });

    await step('in English and in the dark', async () => {
      await page.getByRole('button', { name: 'Switch to English' }).click();
      await page.getByText(/Waits .* for 张伟/).first().waitFor();
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await axe(page), []);
      await shot(page, 'board-dark-en');
      await first.goto(`${base}/m/`);
      await first.emulateMedia({ colorScheme: 'dark' });
      await mates(first, /同行：/);
      assert.deepEqual(await axe(first), []);
      await shot(first, 'phone-dark');
      assert.deepEqual(office.faults, []);
      assert.deepEqual([...his.faults, ...hers.faults], []);
    });
  });
}
