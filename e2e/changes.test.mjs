// A rep changes his own day in the browser: another order without a network, sent once and seen by the manager; the rule of the
// company in its settings; a skip and an order that must be approved, decided in the console and, in English, on a phone.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const OFFICE = [118.79, 32.05];
const here = { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 };
const NAMES = ['苏福便利', '鼓楼超市', '金陵百货', '江宁商行'];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`changes of one's own day on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: here });
    const heads = await browser({ profile: folder(), phone: true, still: true, place: here, locale: 'en-GB', dark: true });
    t.after(async () => {
      await heads.close();
      await phone.close();
      await office.close();
      await server.stop();
    });
    const [page, screen, head] = [office.pages()[0], phone.pages()[0], heads.pages()[0]];
    const step = steps(t, `changes-${engine}`, () => ({ desk: page, phone: screen, head }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/changes-${engine}-${name}.png` });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const root = (await admin.get('/api/v1/departments')).items[0];
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
    const team = await admin.post('/api/v1/departments', { name: '一区', parent_id: root.id });
    const person = async (name, login, role) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id: team.id, calendar_id: calendar.id })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep');
    const leader = await person('李强', 'liqiang', 'rep');
    const manager = await person('陈静', 'chenjing', 'manager');
    const row = (await admin.get('/api/v1/departments')).items.find((one) => one.id === team.id);
    await admin.patch(`/api/v1/departments/${team.id}`, row.version, { manager_ids: [leader, manager] });
    const shops = [];
    for (const [k, name] of NAMES.entries()) shops.push(await admin.post('/api/v1/customers', { name, grade: k === 2 ? 'A' : 'B', at: [OFFICE[0] + 0.012 * (k + 1), OFFICE[1]], owner_id: rep }));
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date((await admin.get('/api/v1/me')).server_time));
    const planner = await api(base).as('chenjing');
    const plan = await planner.post('/api/v1/plans', { employee_id: rep, day: today, window: { from_minute: 0, to_minute: 1440 }, customer_ids: shops.map((one) => one.id), objective: 'distance', keep_order: true });
    const now = () => planner.get(`/api/v1/plans/${plan.id}`);
    const order = async () => (await now()).tasks.map((one) => one.customer.name);
    const planned = await order();
    const listed = async (where, list) => (await where.getByRole('list', { name: list }).getByRole('listitem').allInnerTexts()).map((text) => NAMES.find((name) => text.includes(name)));

    await step('another order without a network', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.getByText('可以自行调整顺序，要写原因。').waitFor();
      await screen.getByRole('button', { name: '同意并开始' }).click();
      await hand.today(screen).waitFor();
      await screen.getByRole('link', { name: '调整顺序' }).click();
      await screen.getByText('保存后立即生效').waitFor();
      await screen.getByText('里程', { exact: true }).waitFor();
      await shot('phone-reorder', screen);
      assert.deepEqual(await axe(screen), []);
      await phone.setOffline(true);
      // By the button to the front, then by dragging to the end.
      const third = planned[2];
      await screen.getByRole('button', { name: `上移 ${third}` }).click();
      await screen.getByRole('button', { name: `上移 ${third}` }).click();
      await until(async () => (await listed(screen, '未完成的各站'))[0] === third, 'the third to be first');
      assert.equal(await screen.getByRole('button', { name: `上移 ${third}` }).isDisabled(), true);
      const grip = await screen.getByRole('button', { name: `拖动 ${planned[0]}` }).boundingBox();
      const last = await screen.getByRole('list', { name: '未完成的各站' }).getByRole('listitem').last().boundingBox();
      await screen.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
      await screen.mouse.down();
      for (let k = 1; k <= 12; k++) await screen.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2 + ((last.y + last.height + 10 - grip.y) * k) / 12);
      await screen.mouse.up();
      const wished = [third, planned[1], planned[3], planned[0]];
      await until(async () => String(await listed(screen, '未完成的各站')) === String(wished), 'the dragged one to be last');
      await shot('phone-reordered', screen);
      await hand.press(screen, '保存新的顺序');
      const sheet = screen.getByRole('dialog', { name: '为什么调整顺序？' });
      await sheet.getByRole('radio', { name: '客户改时间' }).click();
      await sheet.getByLabel('补充说明（可不填）').fill('金陵百货上午开会');
      assert.deepEqual(await axe(screen), []);
      await shot('phone-reason', screen);
      await sheet.getByRole('button', { name: '保存新的顺序' }).click();
      await screen.getByText('新的顺序已存在手机上').waitFor();
      assert.deepEqual(await listed(screen, '今日各站'), wished, 'the phone follows its own order at once');
      assert.deepEqual(await order(), planned, 'the server knows nothing yet');
      await shot('phone-pending', screen);
      await phone.setOffline(false);
      await until(async () => String(await order()) === String(wished), 'the order to arrive');
      const [change, ...more] = (await now()).changes;
      assert.deepEqual([change.kind, change.status, change.code, change.words, more.length], ['reorder', 'applied', 'customer_time', '金陵百货上午开会', 0]);
      await screen.getByText(/你调整过顺序/).waitFor();
      assert.deepEqual(await listed(screen, '今日各站'), wished);
    });

    await step('the manager sees it on the plan and on the board, and was told', async () => {
      await desk.signIn(page, base, 'chenjing');
      await page.goto(`${base}/planning?day=${today}&tab=plans&plan=${plan.id}`);
      const side = page.getByRole('complementary', { name: '张伟' });
      await side.getByText(/外勤调整了顺序/).waitFor();
      await side.getByText('客户改时间：金陵百货上午开会').waitFor();
      await shot('plan');
      assert.deepEqual(await axe(page), []);
      await page.goto(`${base}/planning/board?day=${today}`);
      await page.getByRole('img', { name: /外勤调整了顺序.*客户改时间/ }).first().waitFor();
      await shot('board');
      assert.ok((await planner.get('/api/v1/notices')).items.some((one) => one.kind === 'plan.reordered'));
    });

    await step('the company asks for approval', async () => {
      await page.context().clearCookies();
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/settings/ownDay`);
      await page.getByRole('group', { name: '调整拜访顺序' }).getByRole('radio', { name: /要经审批/ }).check();
      await page.getByRole('group', { name: '跳过拜访' }).getByRole('radio', { name: /要经审批/ }).check();
      await page.getByText(/由本人所在部门的负责人决定/).waitFor();
      await page.getByRole('button', { name: '保存' }).click();
      await page.getByText('已保存').first().waitFor();
      await until(async () => JSON.stringify(await admin.get('/api/v1/plan-changes/rule')) === JSON.stringify({ reorder: 'approval', skip: 'approval', outside: 'reason', identity: 'none', version: 1 }), 'both to be kept');
      await shot('settings');
      assert.deepEqual(await axe(page), []);
    });

    const skipped = NAMES[1];
    await step('a skip waits for the manager, who approves it in the console', async () => {
      await screen.reload();
      await hand.today(screen).waitFor();
      await until(async () => {
        await screen.getByRole('button', { name: new RegExp(`${skipped}，打开操作`) }).click();
        const asks = screen.getByText('要经部门负责人审批');
        if (await asks.waitFor({ timeout: 2000 }).then(() => true, () => false)) return true;
        await screen.getByText('取消', { exact: true }).click();
        return false;
      }, 'the phone to know the rule');
      await screen.getByText('跳过这一站…').click();
      const sheet = screen.getByRole('dialog', { name: `为什么跳过 ${skipped}？` });
      await sheet.getByRole('radio', { name: '店关门了' }).click();
      await sheet.getByRole('button', { name: '提交审批' }).click();
      await screen.getByText('已申请跳过，等待审批').waitFor();
      await until(async () => (await now()).changes.some((one) => one.kind === 'skip' && one.status === 'waiting'), 'the skip to be handed in');
      assert.equal((await now()).tasks.find((one) => one.customer.name === skipped).status, 'new');
      await page.context().clearCookies();
      await desk.signIn(page, base, 'chenjing');
      await page.goto(`${base}/approvals`);
      await page.getByText(`跳过 ${skipped}`).first().click();
      await page.getByRole('table', { name: '调整前后的顺序' }).waitFor();
      await shot('case-skip');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '通过').click();
      await page.getByText('已按批准的顺序更新今天的计划').waitFor();
      const task = (await now()).tasks.find((one) => one.customer.name === skipped);
      assert.deepEqual([task.status, task.reason_code], ['skipped', 'closed']);
      await screen.getByText('店关门了').waitFor();
    });

    await step('an order is approved on a phone in English', async () => {
      await screen.getByRole('link', { name: '调整顺序' }).click();
      await screen.getByText('保存后要经部门负责人审批').waitFor();
      const before = await listed(screen, '未完成的各站');
      await screen.getByRole('button', { name: `下移 ${before[0]}` }).focus();
      await screen.keyboard.press('Enter');
      const wished = [before[1], before[0], before[2]];
      await until(async () => String(await listed(screen, '未完成的各站')) === String(wished), 'the first to be second');
      await hand.press(screen, '提交审批');
      const sheet = screen.getByRole('dialog', { name: '为什么调整顺序？' });
      await sheet.getByRole('radio', { name: '路上堵车' }).click();
      await sheet.getByRole('button', { name: '提交审批' }).click();
      await screen.getByText(/正在等待审批，批准前不变/).waitFor();
      assert.deepEqual((await listed(screen, '今日各站')).filter((name) => name !== skipped), before, 'the day stays as it is');
      await shot('phone-waits', screen);
      await head.goto(`${base}/m/`);
      await head.getByLabel('Account').fill('liqiang');
      await head.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await head.getByRole('button', { name: 'Sign in' }).click();
      await head.getByRole('button', { name: 'Agree and start' }).click();
      await head.goto(`${base}/m/approvals`);
      await head.getByRole('link', { name: /Another order for/ }).click();
      await head.getByRole('table', { name: 'The order before and after' }).waitFor();
      await head.getByText('Traffic').waitFor();
      await shot('head-case', head);
      assert.deepEqual(await axe(head), []);
      await head.getByRole('button', { name: 'Approve' }).click();
      await head.getByText('Today\'s plan follows the approved order.').waitFor();
      const open = (await now()).tasks.filter((one) => one.status !== 'skipped').map((one) => one.customer.name);
      assert.deepEqual(open, wished);
      await until(async () => String((await listed(screen, '今日各站')).filter((name) => name !== skipped)) === String(wished), 'the rep to see the approved order');
    });

    await step('a wish over a plan that changed is not lost', async () => {
      const freed = await fetch(`${base}/api/v1/plan-changes/rule`, { method: 'PUT', headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json', 'if-match': '"1"' }, body: JSON.stringify({ reorder: 'free', skip: 'free' }) });
      assert.equal(freed.status, 200);
      await screen.reload();
      await hand.today(screen).waitFor();
      await screen.getByRole('link', { name: '调整顺序' }).click();
      await screen.getByText('保存后立即生效').waitFor();
      await phone.setOffline(true);
      const before = await listed(screen, '未完成的各站');
      await screen.getByRole('button', { name: `上移 ${before[2]}` }).click();
      await hand.press(screen, '保存新的顺序');
      const sheet = screen.getByRole('dialog', { name: '为什么调整顺序？' });
      await sheet.getByRole('radio', { name: '这样走更近' }).click();
      await sheet.getByRole('button', { name: '保存新的顺序' }).click();
      await screen.getByText('新的顺序已存在手机上').waitFor();
      const gone = (await now()).tasks.find((one) => one.customer.name === before[0]);
      await planner.post(`/api/v1/tasks/${gone.id}/cancel`, { reason: '客户盘点' });
      await phone.setOffline(false);
      await screen.getByText('计划已被调整，你的顺序没有生效').waitFor();
      await shot('phone-refused', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.getByRole('link', { name: '按新计划再排' }).click();
      await screen.getByText(`已取消：${before[0]}`).waitFor();
      assert.deepEqual(await listed(screen, '未完成的各站'), [before[2], before[1]], 'what he wished is laid over the new plan');
      await hand.press(screen, '保存新的顺序');
      await sheet.getByRole('radio', { name: '这样走更近' }).click();
      await sheet.getByRole('button', { name: '保存新的顺序' }).click();
      await until(async () => String((await now()).tasks.filter((one) => ['new', 'accepted'].includes(one.status)).map((one) => one.customer.name)) === String([before[2], before[1]]), 'the new wish to arrive');
      await screen.getByText('计划已被调整，你的顺序没有生效').waitFor({ state: 'detached' });
    });
  });
}
