// Frequency plans in the browser: rules are made by clicking, a week is planned by one button and not twice, what fell
// through is offered again, and the rep subscribes to his visits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

// The Thursday before; later than any start of the server: its clock only goes on.
const EVE = '2027-11-18T08:00:00Z';
const [MONDAY, SUNDAY] = ['2027-11-22', '2027-11-28'];
const WEEK = ['2027-11-22', '2027-11-23', '2027-11-24', '2027-11-25', '2027-11-26'];
const OFFICE = [118.78, 32.04];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`frequency plans on ${engine}`, { timeout: 300_000 }, async (t) => {
    const server = await startServer(engine, EVE);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const phone = await browser({ profile: folder(), phone: true });
    t.after(async () => {
      await office.close();
      await phone.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `frequency-${engine}`, () => ({ desk: page, phone: screen }));

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    let admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const first = {};
    const person = async (name, login, role) => {
      const made = await admin.post('/api/v1/employees', { name, login, role_id: roles[role], department_id });
      first[login] = made.initial_password;
      return made.id ?? made.employee.id;
    };
    const manager = await person('陈静', 'chenjing', 'manager');
    const rep = await person('张伟', 'zhangwei', 'rep');
    // Thirty shops within five kilometres of the office.
    for (let k = 0; k < 30; k++) {
      const at = [OFFICE[0] + 0.045 * Math.cos(k * 2.4) * Math.sqrt((k + 1) / 30), OFFICE[1] + 0.04 * Math.sin(k * 2.4) * Math.sqrt((k + 1) / 30)];
      const grade = k < 10 ? 'A' : 'B';
      await admin.post('/api/v1/customers', { name: `${grade} 类店 ${k + 1}`, grade, at, owner_id: rep });
    }
    // One of them wants somebody who works at a desk.
    const [fond] = (await admin.get('/api/v1/customers?limit=1')).items;
    await admin.patch(`/api/v1/customers/${fond.id}`, fond.version, { whom: { preferred_id: manager } });
    const tasks = async () => (await admin.get(`/api/v1/tasks?day_from=${MONDAY}&day_to=${SUNDAY}&limit=200`)).items;
    const standing = async () => (await tasks()).filter((one) => one.status !== 'cancelled');
    // Beside the plans in the top bar.
    const open = async () => {
      await page.getByRole('link', { name: '计划', exact: true }).first().click();
      await page.getByRole('link', { name: '频次', exact: true }).click();
    };
    const oneWeek = () => page.getByRole('radio', { name: '1 周' }).click();

    await step('two rules are made by clicking', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await open();
      await page.getByText('还没有规则').first().waitFor();
      assert.deepEqual(await axe(page), []);
      const make = async (name, grade, times) => {
        await desk.button(page, '新规则').click();
        const dialog = page.getByRole('dialog', { name: '新规则' });
        await dialog.getByLabel('名称').fill(name);
        assert.deepEqual(await axe(page), []);
        if (grade !== 'A') {
          await dialog.getByLabel('客户等级').press('Backspace');
          await desk.choose(dialog, '客户等级', grade);
          await dialog.getByLabel('名称').click();
        }
        await dialog.getByRole('spinbutton', { name: '多久一次' }).fill(String(times));
        await dialog.getByRole('button', { name: '保存规则' }).click();
        await page.getByText(`规则“${name}”已保存`).waitFor();
      };
      await make('A 类每周两次', 'A', 2);
      await make('B 类每周一次', 'B', 1);
      const rules = (await admin.get('/api/v1/frequency/rules')).items;
      assert.deepEqual(rules.map((r) => [r.name, r.terms.grades, r.terms.every, r.terms.times, r.terms.weekdays]), [
        ['A 类每周两次', ['A'], 'week', 2, [1, 2, 3, 4, 5]],
        ['B 类每周一次', ['B'], 'week', 1, [1, 2, 3, 4, 5]],
      ]);
    });

    await step('how far the weeks are planned by themselves is said by clicking', async () => {
      const rolling = page.getByRole('region', { name: '自动排程' });
      await rolling.getByText(/^下次 /).waitFor();
      assert.deepEqual([(await admin.get('/api/v1/frequency/rolling')).weeks], [2], 'the first rule has switched it on');
      await desk.choose(rolling, '始终排好往后', '4 周');
      await page.getByText('以后每天自动排好往后 4 周').waitFor();
      const kept = await admin.get('/api/v1/frequency/rolling');
      assert.deepEqual([kept.weeks, kept.again, kept.last, kept.next.to], [4, true, null, '2027-12-19']);
      assert.deepEqual(await axe(page), []);
    });

    await step('a manager sees the week before it is planned, and nothing is stored by looking', async () => {
      await desk.signIn(page, base, 'chenjing', { initial: first.chenjing });
      await open();
      await oneWeek();
      await page.getByText('新增 40 次·已有 0 次').waitFor();
      assert.equal(await desk.button(page, '新规则').count(), 0, 'rules are the whole company’s');
      await page.getByText('1 家没有派客户想要的人').click();
      await page.getByText('想要 陈静，但此人已离职、不跑外勤或不在您的范围内').waitFor();
      assert.deepEqual(await axe(page), []);
      assert.equal((await tasks()).length, 0);
    });

    await step('one button makes forty tasks, none of them on a rest day', async () => {
      await page.getByRole('button', { name: '生成 40 次拜访' }).click();
      await page.getByText('已安排 40 次拜访，共 5 个工作日').waitFor();
      const made = await tasks();
      assert.equal(made.length, 40);
      assert.ok(made.every((one) => WEEK.includes(one.day)), 'no rest day');
      const days = new Map();
      for (const one of made) days.set(one.customer.name, [...(days.get(one.customer.name) ?? []), one.day]);
      for (const [name, of] of days) assert.equal(new Set(of).size, name.startsWith('A') ? 2 : 1, `${name}: ${of}`);
      assert.equal(days.size, 30);
      await page.getByText('新增 0 次·已有 40 次').waitFor();
    });

    await step('the tasks stand in the week and in the plan of a day', async () => {
      const monday = (await tasks()).filter((one) => one.day === MONDAY);
      const cell = page.getByRole('cell').filter({ has: page.getByRole('link', { name: '11-22' }) });
      const more = cell.getByRole('button', { name: /^\+/ });
      if (await more.count()) await more.click();
      for (const one of monday) await cell.getByText(one.customer.name, { exact: true }).waitFor();
      await cell.getByRole('link', { name: '11-22' }).click();
      await page.waitForURL(/\/planning/);
      await page.getByText(`${monday.length} 站`).first().click();
      await page.getByText(monday[0].customer.name, { exact: true }).first().waitFor();
    });

    await step('run again it adds nothing', async () => {
      await open();
      await oneWeek();
      const done = page.getByRole('button', { name: '都已排好' });
      await done.waitFor();
      assert.ok(await done.isDisabled());
      const planner = await api(base).as('chenjing');
      assert.deepEqual(await planner.post('/api/v1/frequency/generate', { from: MONDAY, weeks: 1 }), { tasks: 0, days: 0, failed: [] });
      assert.equal((await tasks()).length, 40);
    });

    let address = '';
    await step('the rep subscribes to his visits', async () => {
      await hand.signIn(screen, base, 'zhangwei', { initial: first.zhangwei });
      await hand.press(screen, '同意并开始');
      await screen.getByRole('button', { name: '同意并开始' }).waitFor({ state: 'detached' });
      await screen.goto(`${base}/m/me/calendar`);
      await hand.press(screen, '打开日历订阅');
      await screen.getByText('这个地址只显示这一次').waitFor();
      assert.deepEqual(await axe(screen), []);
      address = (await screen.locator('code').innerText()).trim();
      assert.ok(address.startsWith(`${base}/api/v1/calendar-feeds/`), address);
      const feed = await fetch(address);
      assert.deepEqual([feed.status, feed.headers.get('content-type')], [200, 'text/calendar; charset=utf-8']);
      const text = await feed.text();
      assert.equal(text.match(/BEGIN:VEVENT/g).length, 40);
      assert.ok(text.includes('SUMMARY:A 类店 1\r\n'), text.slice(0, 600));
    });

    await step('what fell through on Monday is offered again and planned by one click', async () => {
      const monday = (await standing()).filter((one) => one.day === MONDAY);
      server.setTime('2027-11-22T12:00:00Z');
      // Sign-ins of last week may have ended.
      admin = await until(() => api(base).as('zhoumin').catch(() => null), 'the time');
      await until(async () => (await admin.get('/api/v1/me')).server_time.startsWith('2027-11-22'), 'Monday evening');
      await desk.signIn(page, base, 'chenjing');
      await page.goto(`${base}/frequency`);
      const missed = page.getByRole('region', { name: '漏掉的拜访' });
      await missed.getByRole('button', { name: /^补到/ }).first().waitFor();
      // A shop that is visited once more this week is not waiting for anybody.
      const later = (await standing()).filter((one) => one.day > MONDAY).map((one) => one.customer.name);
      const waiting = monday.filter((one) => !later.includes(one.customer.name));
      assert.ok(waiting.length > 0, 'somebody waits');
      assert.equal(await missed.getByRole('listitem').count(), waiting.length);
      assert.deepEqual(await axe(page), []);
      const row = missed.getByRole('listitem').first();
      const name = (await row.locator('b').innerText()).trim();
      await row.getByRole('button', { name: /^补到/ }).click();
      await page.getByText(`${name} 已补到`).waitFor();
      await until(async () => await missed.getByRole('listitem').count() === waiting.length - 1, 'one less');
      // The emptiest of his next five working days; that may be the Monday after.
      const ahead = (await admin.get(`/api/v1/tasks?day_from=${WEEK[1]}&day_to=2027-11-29&limit=200`)).items;
      const again = ahead.filter((one) => one.customer.name === name && one.status !== 'cancelled');
      assert.equal(again.length, 1);
      assert.equal(again[0].note, `补访：原定 ${MONDAY}`);
    });

    await step('the feed follows, and a closed one opens to nobody', async () => {
      const text = await (await fetch(address)).text();
      assert.equal(text.match(/BEGIN:VEVENT/g).length, 41);
      const mine = await api(base).as('zhangwei');
      assert.equal((await mine.get('/api/v1/me/calendar')).open, true);
      await screen.goto(`${base}/m/me/calendar`);
      await hand.press(screen, '关闭日历订阅');
      await screen.getByRole('dialog').getByRole('button', { name: '关闭日历订阅' }).click();
      await screen.getByRole('button', { name: '打开日历订阅' }).waitFor();
      assert.equal((await fetch(address)).status, 404);
    });

    await step('a rule by territory, made by clicking in English', async () => {
      const inside = (await admin.get('/api/v1/customers?limit=200')).items.filter((one) => one.name.startsWith('B')).slice(0, 4);
      const area = await admin.post('/api/v1/territories', { name: 'North', responsible_id: rep, customer_ids: inside.map((one) => one.id) });
      await desk.signIn(page, base, 'zhoumin');
      await page.evaluate(() => localStorage.setItem('tashi.lang', 'en'));
      await page.goto(`${base}/frequency`);
      await page.getByRole('button', { name: 'New rule', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'New rule' });
      await dialog.getByLabel('Name').fill('North twice');
      await dialog.getByRole('combobox', { name: 'Grades' }).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().waitFor();
      assert.deepEqual(await axe(page), [], 'the open list has a name');
      await dialog.getByRole('combobox', { name: 'Grades' }).press('Backspace');
      await dialog.getByLabel('Name').click();
      await desk.choose(dialog, 'Territories', 'North');
      await dialog.getByLabel('Name').click();
      assert.deepEqual(await axe(page), []);
      await dialog.getByRole('spinbutton').first().fill('2');
      await dialog.getByRole('button', { name: 'Save rule' }).click();
      await page.getByText('Saved the rule “North twice”').waitFor();
      const rule = (await admin.get('/api/v1/frequency/rules')).items.find((one) => one.name === 'North twice');
      assert.deepEqual([rule.terms.territories, rule.terms.grades, rule.terms.times], [[area.id], [], 2]);
      assert.deepEqual(await axe(page), []);
    });

    await step('a rule leaves it to a department: the load of both is shown, before and after', async () => {
      const made = await admin.post('/api/v1/employees', { name: '李强', login: 'liqiang', role_id: roles.rep, department_id });
      const second = made.id ?? made.employee.id;
      await page.evaluate(() => localStorage.setItem('tashi.lang', 'zh'));
      await page.goto(`${base}/frequency?from=2027-12-06&weeks=1`);
      await page.getByRole('button', { name: /^B 类每周一次 B 类/ }).click();
      const dialog = page.getByRole('dialog', { name: '修改规则' });
      await desk.choose(dialog, '谁去', /的任何人$/);
      await dialog.getByText('人和天都排均匀').waitFor();
      assert.deepEqual(await axe(page), []);
      await dialog.getByRole('button', { name: '保存规则' }).click();
      await page.getByText('规则“B 类每周一次”已保存').waitFor();
      const rule = (await admin.get('/api/v1/frequency/rules')).items.find((one) => one.name === 'B 类每周一次');
      assert.deepEqual([rule.terms.anybody_of, rule.terms.skills], [department_id, []]);
      await page.getByRole('button', { name: /^B 类每周一次 B 类/ }).getByText('任何人').waitFor();
      const loads = page.getByRole('region', { name: '每人的量' });
      await loads.getByRole('rowheader', { name: '李强' }).waitFor();
      await loads.getByRole('cell', { name: /^0 → / }).first().waitFor();
      await page.getByText('代 张伟').first().waitFor();
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: /^生成 \d+ 次拜访$/ }).click();
      await page.getByText(/^已安排 \d+ 次拜访/).waitFor();
      const week = (await admin.get('/api/v1/tasks?day_from=2027-12-06&day_to=2027-12-12&limit=200')).items;
      const his = week.filter((one) => one.employee.id === second);
      assert.ok(his.length >= 8 && his.every((one) => one.customer.grade === 'B'), `${his.length} of ${week.length}`);
      const once = new Set(week.filter((one) => one.customer.grade === 'B').map((one) => one.customer.name));
      assert.equal(once.size, 20);
      await page.getByRole('button', { name: '都已排好' }).waitFor();
    });

    assert.deepEqual([...office.faults, ...phone.faults], []);
  });
}
