// Approvals in the browser: a flow of two levels with a condition is drawn by keyboard alone, tried, published and put to use for a form; a
// rep hands in from the phone, his head decides on the phone and sends one back, it is corrected there, and the head above approves
// both at once in the console.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { keyboard } from './keys.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const OFFICE = [118.79, 32.05];
const here = { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 };

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`approvals on ${engine}`, { timeout: 300_000 }, async (t) => {
    const server = await startServer(engine);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: here });
    const heads = await browser({ profile: folder(), phone: true, still: true, place: here });
    t.after(async () => {
      await heads.close();
      await phone.close();
      await office.close();
      await server.stop();
    });
    const [page, screen, head] = [office.pages()[0], phone.pages()[0], heads.pages()[0]];
    const step = steps(t, `approvals-${engine}`, () => ({ desk: page, phone: screen, head }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/approvals-${engine}-${name}.png` });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const root = (await admin.get('/api/v1/departments')).items[0];
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
    const team = await admin.post('/api/v1/departments', { name: '一区', parent_id: root.id });
    const person = async (name, login, role, department) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id: department, calendar_id: calendar.id })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep', team.id);
    const leader = await person('李强', 'liqiang', 'rep', team.id);
    const boss = await person('赵敏', 'zhaomin', 'manager', root.id);
    for (const [department, manager] of [[team.id, leader], [root.id, boss]]) {
      const row = (await admin.get('/api/v1/departments')).items.find((one) => one.id === department);
      await admin.patch(`/api/v1/departments/${department}`, row.version, { manager_ids: [manager] });
    }
    const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: OFFICE, owner_id: rep });
    const spec = { title: { 'zh-CN': '促销申请', en: 'Promotion' }, fields: [
      { key: 'amount', type: 'number', label: { 'zh-CN': '金额', en: 'Amount' }, unit: { 'zh-CN': '元', en: 'CNY' }, required: 'true' },
      { key: 'why', type: 'text', label: { 'zh-CN': '说明', en: 'Why' } },
    ] };
    const made = await admin.post('/api/v1/forms', { key: 'promotion', spec });
    const form = await admin.post(`/api/v1/forms/${made.id}/publish`, { note: null }, made.version);
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date((await admin.get('/api/v1/me')).server_time));
    const task = await admin.post('/api/v1/tasks', {
      employee_id: rep, customer_id: shop.id, day: today, window: { from_minute: 0, to_minute: 1440 },
      steps: [{ title: '端架申请', kind: 'form', form_id: form.id }, { title: '堆头申请', kind: 'form', form_id: form.id }],
    });

    await step('a flow of two levels with a condition is drawn by keyboard', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/designer/flows`);
      await page.getByText('还没有审批流程').waitFor();
      assert.deepEqual(await axe(page), []);
      // With the keys alone.
      const { press, reach, type, pick } = keyboard(page);
      await press(desk.button(page, '新建流程').first());
      const dialog = page.getByRole('dialog', { name: '新建流程' });
      await type(dialog.getByLabel('名称'), '促销审批');
      await pick(dialog.getByRole('combobox', { name: /^用于/ }), '促销申请');
      await press(desk.button(dialog, '建好并打开'));
      await page.getByText('检查通过').waitFor();
      // A branch behind the first step: the menu by arrows, the condition as a sentence.
      await press(page.getByRole('button', { name: '在“审批”后面加节点' }));
      await page.getByRole('menuitem', { name: /条件分支/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByText(/处问题/).waitFor();
      const when = page.getByRole('group', { name: '条件 1' });
      await press(when.getByRole('button', { name: '条件 1: 加条件' }));
      await pick(when.getByLabel('条件 1 看什么'), '金额');
      await type(when.getByLabel('条件 1 的值', { exact: true }), '500');
      await page.getByText('“金额”大于 500').waitFor();
      assert.deepEqual(await axe(page), []);
      // The same as a formula, with completion, and with what is wrong told at once.
      await press(when.getByRole('button', { name: '条件 1: 改写公式' }));
      const formula = page.getByRole('combobox', { name: '条件 1', exact: true });
      assert.equal(await formula.inputValue(), 'form.amount > 500');
      await type(formula, 'form.amout > 1000');
      await page.getByText(/没有字段 amout/).first().waitFor();
      assert.equal(await desk.button(page, '发布 v1').isDisabled(), true, 'a flow with a fault is not published');
      await type(formula, 'form.am');
      await page.keyboard.press('Enter');
      await page.keyboard.type(' > 1000');
      assert.equal(await formula.inputValue(), 'form.amount > 1000');
      await press(page.getByRole('button', { name: '改用条件' }));
      assert.equal(await when.getByLabel('条件 1 的值', { exact: true }).inputValue(), '1000');
      // The second level in the first way.
      await press(page.getByRole('button', { name: '在“分支 1”后面加节点' }));
      await page.getByRole('menuitem', { name: /请人批/ }).waitFor();
      await page.keyboard.press('Enter');
      await type(page.getByLabel('节点名称'), '总部审批');
      await type(page.getByLabel('第几级', { exact: true }), '2');
      await page.getByText('检查通过').waitFor();
      // Moved out of the way and back again, then undone and done again.
      await reach(page.getByRole('button', { name: '选择总部审批' }));
      await page.keyboard.press('Alt+ArrowDown');
      await page.getByText(/处问题/).waitFor();
      await page.keyboard.press('ControlOrMeta+z');
      await page.getByText('检查通过').waitFor();
      await shot('designer');
      assert.deepEqual(await axe(page), []);
    });

    await step('it is tried before anybody is asked', async () => {
      await page.getByRole('tab', { name: '模拟' }).click();
      await desk.choose(page, '申请人', '张伟');
      await page.getByLabel('金额').fill('5000');
      await desk.button(page, '看看会经过谁').click();
      const way = page.getByRole('region', { name: '经过' });
      await way.getByText('请 李强 审批').waitFor();
      await way.getByText('请 赵敏 审批').waitFor();
      await shot('simulate');
      assert.deepEqual(await axe(page), []);
      await page.getByLabel('金额').fill('10');
      await desk.button(page, '看看会经过谁').click();
      await way.getByText('请 赵敏 审批').waitFor({ state: 'detached' });
    });

    await step('published and put to use', async () => {
      await until(async () => !(await desk.button(page, '发布 v1').isDisabled()), 'the draft to be kept');
      const { press } = keyboard(page);
      await press(desk.button(page, '发布 v1'));
      const dialog = page.getByRole('dialog', { name: '发布 v1' });
      assert.deepEqual(await axe(page), []);
      await press(desk.button(dialog, '发布'));
      await page.getByText('已发布 v1').waitFor();
      await press(desk.button(page, '启用'));
      await page.getByText('使用中').first().waitFor();
      const [flow] = (await admin.get('/api/v1/flows')).items;
      assert.deepEqual([flow.name, flow.published, flow.bound, flow.subject.id], ['促销审批', 1, true, form.id]);
    });

    await step('the rep hands two in from the phone', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.getByRole('button', { name: '同意并开始' }).click();
      await hand.today(screen).waitFor();
      await screen.goto(`${base}/m/check-in/${task.id}`);
      await screen.getByText('在范围内，可以签到').waitFor();
      await hand.press(screen, /^签到/);
      for (const [title, amount, why] of [['端架申请', '5000', '新品上端架'], ['堆头申请', '20000', '国庆堆头']]) {
        await hand.press(screen, `填写${title}`);
        await screen.getByRole('textbox', { name: '金额' }).fill(amount);
        await screen.getByRole('textbox', { name: '说明' }).fill(why);
        await hand.press(screen, '完成表单');
        await screen.waitForURL(/\/visit\/[^/]+$/);
      }
      await until(async () => (await (await api(base).as('zhangwei')).get('/api/v1/approvals?box=mine')).items.length === 2, 'both to be handed in');
    });

    await step('the head approves one with a tap and sends the other back', async () => {
      await hand.signIn(head, base, 'liqiang');
      await head.getByRole('button', { name: '同意并开始' }).click();
      await head.goto(`${base}/m/inbox`);
      await head.getByText('2 条待你审批').waitFor();
      await head.getByRole('link', { name: /审批/ }).first().click();
      const list = head.getByRole('list', { name: '审批列表' });
      await until(async () => (await list.getByRole('listitem').count()) === 2, 'both in the list');
      await shot('phone-list', head);
      assert.deepEqual(await axe(head), []);
      await list.getByRole('listitem').filter({ hasText: '5000 元' }).getByRole('button', { name: '通过' }).click();
      await until(async () => (await list.getByRole('listitem').count()) === 1, 'the approved one to be gone');
      await list.getByRole('link', { name: /20000/ }).click();
      await head.getByText('国庆堆头').waitFor();
      await shot('phone-case', head);
      assert.deepEqual(await axe(head), []);
      await hand.press(head, '退回申请人');
      const sheet = head.getByRole('dialog', { name: '退回的原因' });
      await sheet.getByRole('radio', { name: '内容有误' }).click();
      await sheet.getByRole('button', { name: '退回申请人' }).click();
      await head.getByRole('status').filter({ hasText: '已退回' }).waitFor();
    });

    await step('the rep corrects it on the phone and hands it in again', async () => {
      await screen.goto(`${base}/m/approvals`);
      await screen.getByRole('tab', { name: '我发起的' }).click();
      await screen.getByRole('link', { name: /已退回/ }).click();
      await screen.getByText('内容有误').waitFor();
      await hand.press(screen, '修改并重新提交');
      await screen.getByRole('textbox', { name: '金额' }).fill('2000');
      await shot('phone-fix', screen);
      assert.deepEqual(await axe(screen), []);
      await hand.press(screen, '重新提交');
      await screen.getByRole('status').filter({ hasText: '审批中' }).waitFor();
      await head.goto(`${base}/m/approvals`);
      const list = head.getByRole('list', { name: '审批列表' });
      await list.getByRole('listitem').filter({ hasText: '2000 元' }).getByRole('button', { name: '通过' }).click();
      await head.getByText('没有待你审批的').waitFor();
    });

    await step('the head above approves both at once in the console', async () => {
      await page.goto(`${base}/login`);
      await page.context().clearCookies();
      await desk.signIn(page, base, 'zhaomin');
      await page.getByRole('link', { name: /审批/ }).click();
      await page.getByText('促销申请 · 苏福便利').first().waitFor();
      await until(async () => (await page.getByText('促销申请 · 苏福便利').count()) === 2, 'both in the list');
      await shot('inbox');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('checkbox').first().check();
      await desk.button(page, '通过所选').click();
      await page.getByText('2 条已处理').waitFor();
      await page.getByRole('tab', { name: '我已处理' }).click();
      await page.getByText('促销申请 · 苏福便利').first().click();
      await page.waitForURL(/\/approvals\/[^/]+$/);
      await page.getByText('全部通过').waitFor();
      await shot('case');
      assert.deepEqual(await axe(page), []);
      const done = (await admin.get('/api/v1/approvals?box=all&status=approved')).items;
      assert.equal(done.length, 2);
      const trails = await Promise.all(done.map(async (one) => (await admin.get(`/api/v1/approvals/${one.id}`)).trail.map((line) => line.what).join(' ')));
      assert.ok(trails.includes('submitted asked approved took_lane asked approved completed'), trails.join('\n'));
      assert.ok(trails.includes('submitted asked returned submitted asked approved took_lane asked approved completed'), trails.join('\n'));
      const records = (await admin.get(`/api/v1/form-records?form_id=${form.id}`)).items;
      assert.deepEqual(records.map((one) => [one.answers.amount, one.approval.status]).sort((a, b) => a[0] - b[0]), [[2000, 'approved'], [5000, 'approved']]);
    });
  });
}
