// The closed loop in real browsers against the real binary: wizard, plan, phone with and without signal,
// tracker, live map, report; and what others must not see.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PASSWORD, api, axe, browser, folder, root, startServer, story, until } from './lib.mjs';

// A Friday; the evening before is when the plan is made. Later than any start of the server: its clock only goes on.
const DAY = '2027-11-19';
const EVE = '2027-11-18T08:00:00Z';
const told = story(DAY);
const after = (at, seconds) => new Date(Date.parse(at) + seconds * 1000).toISOString();

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`the loop on ${engine}`, { timeout: 300_000 }, async (t) => {
    const server = await startServer(engine, EVE);
    const desk = await browser({ profile: folder() });
    const phoneProfile = folder();
    const placed = (at) => ({ longitude: at[0], latitude: at[1], accuracy: 10 });
    let phone = null;
    const phoneFaults = [];
    t.after(async () => {
      await desk.close();
      await phone?.close();
      await server.stop();
    });
    const page = desk.pages()[0];
    // A failed step leaves pictures of both screens and stops the journey.
    let broken = false;
    const step = (name, body) => t.test(name, async (s) => {
      if (broken) return s.skip('an earlier step failed');
      try {
        await body();
      } catch (error) {
        broken = true;
        mkdirSync(`${root}/test-results`, { recursive: true });
        for (const [who, context] of [['desk', desk], ['phone', phone]]) {
          await context?.pages()[0]?.screenshot({ path: `${root}/test-results/${engine}-${who}.png` }).catch(() => undefined);
        }
        throw error;
      }
    });

    await step('a new company begins with the wizard', async () => {
      await page.goto(server.base);
      await page.waitForURL('**/setup');
      assert.deepEqual(await axe(page), []);
      await page.getByLabel('企业名称').fill('惠民饮品');
      await page.getByRole('button', { name: '下一步' }).click();
      await page.getByLabel('姓名').fill('周敏');
      await page.getByLabel('登录名').fill('zhoumin');
      const passwords = page.locator('input[type=password]');
      for (let i = 0; i < (await passwords.count()); i++) await passwords.nth(i).fill(PASSWORD);
      await page.getByRole('button', { name: '下一步' }).click();
      await page.getByRole('button', { name: /完成|创建|开始/ }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/setup') && !url.pathname.startsWith('/login'));
    });

    const admin = await api(server.base).as('zhoumin');
    const top = (await admin.get('/api/v1/departments')).items[0].id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const office = await admin.post('/api/v1/calendars', { name: '白班', shifts: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from_minute: 540, to_minute: 1020 })) });
    const one = (await admin.post('/api/v1/departments', { name: '一区', parent_id: top })).id;
    const two = (await admin.post('/api/v1/departments', { name: '二区', parent_id: top })).id;
    const person = (name, login, role, department_id, more = {}) =>
      admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id, ...more });
    const rep = (await person('张伟', 'zhangwei', 'rep', one, { calendar_id: office.id, start_at: told.office })).employee;
    await person('陈静', 'chenjing', 'manager', one);
    await person('何文', 'hewen', 'manager', two);
    const manager = await api(server.base).as('chenjing');
    const sibling = await api(server.base).as('hewen');
    const setTime = async (at) => {
      server.setTime(at);
      await until(async () => Math.abs(Date.parse((await admin.get('/api/v1/me')).server_time) - Date.parse(at)) < 10_000, `the time ${at}`);
    };

    await step('customers come from a sheet, faulty lines are named', async () => {
      const lines = ['客户名称,客户编号,等级,经度,纬度,负责人,联系人,联系电话'];
      for (const [i, c] of told.customers.entries()) lines.push(`${c.name},K${i},${c.grade},${c.at[0]},${c.at[1]},张伟,${c.contact},${c.phone}`);
      lines.push('坏位置,K9,A,118.79,99,张伟,,');
      await page.goto(`${server.base}/customers`);
      await page.getByRole('button', { name: /导入/ }).first().click();
      await page.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
      await page.getByText('错误的行').waitFor();
      await page.getByRole('combobox', { name: '坐标系' }).click();
      await page.getByTitle(/WGS/).last().click();
      await page.getByRole('button', { name: '跳过 1 行错误，导入 5 行' }).and(page.locator(':enabled')).waitFor();
      assert.equal((await admin.get('/api/v1/customers?count=true')).total, 0, 'nothing is half imported');
      await page.getByRole('button', { name: '跳过 1 行错误，导入 5 行' }).click();
      await until(async () => (await admin.get('/api/v1/customers?count=true')).total === 5, 'five customers');
    });

    const asManager = async () => {
      await page.goto(`${server.base}/login`);
      await page.evaluate(async (password) => fetch('/api/v1/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'chenjing', password, cookie: true }) }), PASSWORD);
    };

    let plan = null;
    await step('the manager plans tomorrow on the map', async () => {
      await asManager();
      await page.goto(`${server.base}/planning`);
      const boxes = page.getByRole('checkbox');
      await boxes.nth(4).waitFor();
      for (let i = 0; i < 5; i++) await boxes.nth(i).check();
      await page.getByRole('combobox', { name: '派给谁' }).click();
      await page.getByTitle('张伟').or(page.getByText('张伟', { exact: false })).last().click();
      await page.getByRole('radio', { name: '自己定' }).check();
      await page.getByRole('button', { name: '门头照' }).click();
      await page.getByRole('button', { name: '初步采购意向' }).click();
      await page.getByText('已证明最优').waitFor();
      await page.getByRole('button', { name: /^(保存|派给|下发|排好)/ }).last().click();
      plan = await until(async () => (await manager.get('/api/v1/plans')).items.find((p) => p.day === DAY && p.tasks.length === 5), 'the plan of tomorrow');
      plan = await manager.get(`/api/v1/plans/${plan.id}`);
      assert.equal(plan.route.proven_optimal, true);
      assert.deepEqual(plan.tasks.map((x) => x.customer.name), told.customers.map((c) => c.name), 'the shortest order');
      await until(async () => (await (await api(server.base).as('zhangwei')).get('/api/v1/notices')).items.some((n) => n.kind === 'plan.assigned'), 'the notice');
    });

    const tracker = await admin.post('/api/v1/trackers', { employee_id: rep.id, name: '张伟的手机', kind: 'traccar' });
    let tracked = 0;
    // What Traccar Client saw until shortly before `time` and has not sent yet, sent then: as a query and as a form in turn.
    const track = async (time) => {
      const until = after(time, -20);
      await setTime(until);
      const from = tracked;
      for (; tracked < told.fixes.length && Date.parse(told.fixes[tracked].t) < Date.parse(until); tracked++) {
        const f = told.fixes[tracked];
        const query = `id=${tracker.secret}&timestamp=${Math.round(Date.parse(f.t) / 1000)}&lat=${f.at[1]}&lon=${f.at[0]}&accuracy=${f.accuracy_m}`
          + `&speed=${f.speed_mps / 0.514444}&altitude=12&batt=78${f.bearing_deg === null ? '' : `&bearing=${f.bearing_deg}`}`;
        const sent = tracked % 2
          ? await fetch(`${server.base}/t?${query}`)
          : await fetch(`${server.base}/t`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: query });
        assert.equal(sent.status, 200);
        await sent.arrayBuffer();
      }
      return tracked - from;
    };
    let early = 0;

    const screen = () => phone.pages()[0];
    const press = (name) => screen().getByRole('button', { name }).last().click();
    // The app is opened at a place and a time, and killed again: between shops only the tracker app is awake.
    const open = async (at, time) => {
      phone = await browser({ profile: phoneProfile, phone: true, place: placed(at), time, faults: phoneFaults });
    };
    const kill = async () => {
      await phone.close();
      phone = null;
    };
    // Time passes at the server and in the open app alike, on both of its clocks.
    const passUntil = async (time) => {
      await setTime(time);
      const now = await screen().evaluate(() => Date.now());
      await phone.clock.fastForward(Math.max(0, Date.parse(time) - now));
    };

    await step('before nine the rep signs in, sees five stops, and no position is stored', async () => {
      early = await track(`${DAY}T00:50:00Z`);
      await setTime(`${DAY}T00:50:00Z`);
      assert.ok(early > 0, 'the way to the office');
      await open(told.office, `${DAY}T00:50:00Z`);
      await screen().goto(`${server.base}/m/`);
      await screen().getByLabel('账号').fill('zhangwei');
      await screen().getByLabel('密码', { exact: true }).fill(PASSWORD);
      await press('登录');
      const agree = screen().getByRole('button', { name: '同意并开始' });
      const list = screen().getByRole('list', { name: '今日各站' });
      await agree.or(list).first().waitFor();
      if (await agree.isVisible()) await agree.click();
      await list.waitFor();
      for (const c of told.customers) assert.equal(await list.getByText(c.name).count(), 1, c.name);
      assert.deepEqual(await axe(screen()), []);
      await until(async () => {
        const seen = await manager.get(`/api/v1/plans/${plan.id}`);
        return seen.delivered_at && seen.read_at;
      }, 'delivered and read');
      await screen().evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await kill();
      const rest = await track(told.duty_from);
      early += rest + told.fixes.slice(tracked).filter((f) => Date.parse(f.t) < Date.parse(told.duty_from)).length;
    });

    const checkIn = async (n, { offline = false } = {}) => {
      const c = told.customers[n];
      await track(c.check_in);
      await setTime(c.check_in);
      await open(c.at, c.check_in);
      if (offline) await phone.setOffline(true);
      await screen().goto(`${server.base}/m/`);
      await screen().getByRole('list', { name: '今日各站' }).waitFor();
      await screen().goto(`${server.base}/m/check-in/${plan.tasks[n].id}`);
      await screen().getByText('在范围内，可以签到').waitFor();
      await press(/^签到/);
      await screen().getByText(/第 \d 步，共 \d 步/).or(screen().getByRole('button', { name: '拍照' })).first().waitFor();
    };
    const shoot = async (count) => {
      for (let i = 0; i < count; i++) {
        const camera = screen().getByRole('button', { name: '拍照', exact: true });
        const prime = screen().getByRole('button', { name: '打开相机' });
        if (!screen().url().includes('/camera/')) await press(/^拍|再拍/);
        await prime.or(camera).first().waitFor();
        if (await prime.isVisible()) await prime.click();
        // The shutter counts once the picture is there to be judged.
        await screen().getByText(/清晰|有点糊/).waitFor();
        await camera.click();
        await press('用这张');
        await screen().waitForURL(/\/visit\/[^/]+$/);
      }
    };
    const finish = async (words) => {
      await press('完成门头照').catch(() => undefined);
      const wanted = screen().getByRole('radio', { name: '有意向', exact: true });
      await wanted.click();
      await until(() => wanted.isChecked(), 'the choice');
      await press('完成初步采购意向');
      await press('写小结并签退');
      await screen().getByRole('textbox').fill(words);
      await press('签退');
      await screen().getByRole('list', { name: '今日各站' }).waitFor();
    };

    const doneVisits = async () => (await manager.get(`/api/v1/visits?day_from=${DAY}`)).items.filter((v) => v.status === 'done');
    const visitOnline = (n) => step(`customer ${n + 1}: the visit stands in the console within seconds`, async () => {
      await checkIn(n);
      await shoot(1);
      await track(told.customers[n].check_out);
      await passUntil(told.customers[n].check_out);
      await finish('店长同意加一个堆头');
      const done = await until(async () => (await doneVisits()).find((v) => v.customer.name === told.customers[n].name), 'the visit', 15_000);
      assert.equal(done.effective, true, JSON.stringify(done));
      const detail = await until(async () => {
        const d = await manager.get(`/api/v1/visits/${done.id}`);
        return d.photos[0]?.status === 'stored' && d;
      }, 'the photo');
      assert.equal(detail.photos.length, 1);
      assert.equal(detail.summary, '店长同意加一个堆头');
      await kill();
    });

    await visitOnline(0);
    await visitOnline(1);

    await step('customer 3, a basement: no signal, the app is killed, nothing is lost or doubled', async () => {
      const c = told.customers[2];
      await checkIn(2, { offline: true });
      await shoot(3);
      await kill();
      await track(c.check_out);
      await setTime(c.check_out);
      await open(c.at, c.check_out);
      await phone.setOffline(true);
      await screen().goto(`${server.base}/m/`);
      await screen().getByRole('button', { name: /继续拜访/ }).click();
      await finish('地下一层，没有信号');
      assert.equal((await manager.get(`/api/v1/visits?day_from=${DAY}`)).items.length, 2, 'nothing has left the phone');
      // Two tabs come back at once.
      const second = await phone.newPage();
      await phone.setOffline(false);
      await second.goto(`${server.base}/m/`);
      const all = await until(async () => (await doneVisits()).length === 3 && manager.get(`/api/v1/visits?day_from=${DAY}`), 'three visits', 30_000);
      assert.equal(all.items.length, 3, 'exactly once');
      const basement = all.items.find((v) => v.customer.name === c.name);
      const detail = await until(async () => {
        const d = await manager.get(`/api/v1/visits/${basement.id}`);
        return d.photos.length === 3 && d.photos.every((p) => p.status === 'stored') && d;
      }, 'three photos', 30_000);
      assert.equal(detail.effective, true, JSON.stringify(detail));
      await second.close();
      await screen().goto(`${server.base}/m/`);
      await screen().getByText('已同步').first().waitFor({ timeout: 30_000 });
      await kill();
    });

    await visitOnline(3);
    await visitOnline(4);

    await step('five o\'clock: duty ends by itself, the drive home is refused, the rep can see it', async () => {
      await track(told.duty_to);
      const evening = after(told.duty_to, 50 * 60);
      const late = told.fixes.slice(tracked).filter((f) => Date.parse(f.t) < Date.parse(told.duty_to)).length;
      const home = await track(evening) - late;
      await setTime(evening);
      assert.ok(home > 30, 'the drive home was offered');
      const row = (await manager.get(`/api/v1/reports/daily?day=${DAY}`)).rows.find((r) => r.employee.id === rep.id);
      assert.deepEqual([row.planned, row.visits, row.effective, row.stored_off_duty], [5, 5, 5, 0], JSON.stringify(row));
      assert.equal(row.refused_off_duty, early + home, 'each refused position is counted');
      const stays = (await doneVisits()).map((v) => `${v.customer.name} ${v.check_in_at}–${v.check_out_at} ${v.stay_s} s, present ${v.presence_s} s`);
      assert.equal((row.stay_s / 3600).toFixed(1), '2.5', stays.join('\n'));
      assert.ok(Math.abs(row.counted_m - 38_000) <= 380, JSON.stringify(row));
      await open(told.home, evening);
      await screen().goto(`${server.base}/m/me/day`);
      await screen().getByText('下班后存了 0 个点').waitFor();
      await kill();
    });

    await step('the manager sees map, day and report; the sibling sees none of it', async () => {
      assert.equal((await fetch(`${server.base}/t?id=nobody&lat=1&lon=1`)).status, 404);
      await asManager();
      for (const [path, text] of [['/live', '张伟'], [`/tracks?person=${rep.id}&day=${DAY}`, '驾驶'], ['/visits', told.customers[0].name], ['/reports', '张伟'], ['/tasks', told.customers[0].name], ['/planning', '新计划'], ['/', '工作台'], ['/people', '张伟']]) {
        await page.goto(server.base + path);
        await page.getByText(text).first().waitFor();
        assert.deepEqual(await axe(page), [], path);
      }
      await page.goto(`${server.base}/reports`);
      const totals = page.locator('.report-totals');
      await totals.getByRole('link').nth(1).waitFor();
      const words = (await totals.innerText()).replace(/\s+/g, ' ');
      assert.match(words, / 5 ?.* 5 ?.* 5 ?.* 2\.5 ?.* 3[78]\.\d/);
      const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /Excel|导出|下载/ }).click()]);
      assert.equal(readFileSync(await sheet.path()).subarray(0, 2).toString(), 'PK', 'an XLSX file');
      await totals.getByRole('link').nth(1).click();
      await page.waitForURL('**/visits?*effective*');
      for (const c of told.customers) await page.getByText(c.name).first().waitFor();
      for (const url of [`/api/v1/reports/daily?day=${DAY}`, `/api/v1/visits?day_from=${DAY}`, '/api/v1/live', `/api/v1/plans?day_from=${DAY}`, '/api/v1/customers']) {
        assert.ok(!JSON.stringify(await sibling.get(url)).includes(told.customers[0].name), url);
      }
      await assert.rejects(sibling.get(`/api/v1/tracks/${rep.id}/${DAY}`), { status: 404 });
      const ledger = await (await api(server.base).as('zhangwei')).get('/api/v1/me/ledger');
      assert.ok(ledger.items.some((l) => l.reader.name === '陈静'), 'the rep sees who looked');
    });

    assert.deepEqual([...desk.faults, ...phoneFaults], []);
  });
}
