// The closed loop in real browsers against the real binary: wizard, plan, phone with and without signal,
// tracker, live map, report; and what others must not see.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { PASSWORD, api, axe, browser, folder, root, startServer, until } from './lib.mjs';

const CENTRE = [118.79, 32.05];
const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`the loop on ${engine}`, { timeout: 300_000 }, async (t) => {
    const server = await startServer(engine);
    const desk = await browser({ profile: folder() });
    const phoneProfile = folder();
    let phone = await browser({ profile: phoneProfile, phone: true, place: { longitude: CENTRE[0], latitude: CENTRE[1], accuracy: 12 } });
    t.after(async () => {
      await desk.close();
      await phone.close();
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
          await context.pages()[0]?.screenshot({ path: `${root}/test-results/${engine}-${who}.png` }).catch(() => undefined);
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
    const always = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
    const one = (await admin.post('/api/v1/departments', { name: '一区', parent_id: top })).id;
    const two = (await admin.post('/api/v1/departments', { name: '二区', parent_id: top })).id;
    const person = (name, login, role, department_id, more = {}) =>
      admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id, ...more });
    const rep = (await person('张伟', 'zhangwei', 'rep', one, { calendar_id: always.id, start_at: CENTRE })).employee;
    await person('陈静', 'chenjing', 'manager', one);
    await person('何文', 'hewen', 'manager', two);
    const manager = await api(server.base).as('chenjing');
    const sibling = await api(server.base).as('hewen');
    // So that a visit of a test may be short.
    const shops = (await admin.get('/api/v1/customer-classes')).items[0];
    await admin.patch(`/api/v1/customer-classes/${shops.id}`, shops.version, { name: shops.name, radius_m: 150, min_stay_s: 0 });

    await step('customers come from a sheet, faulty lines are named', async () => {
      const lines = ['客户名称,客户编号,等级,经度,纬度,负责人,联系人,联系电话'];
      for (let i = 0; i < 5; i++) lines.push(`苏福便利（${i + 1} 店）,K${i},A,${CENTRE[0] + i * 0.012},${CENTRE[1]},张伟,王店长,1380000220${i}`);
      lines.push('坏位置,K9,A,118.79,99,张伟,,');
      await page.goto(`${server.base}/customers`);
      await page.getByRole('button', { name: /导入/ }).first().click();
      await page.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
      await page.getByText('错误的行').waitFor();
      assert.equal((await admin.get('/api/v1/customers?count=true')).total, 0, 'nothing is half imported');
      await page.getByRole('button', { name: '跳过 1 行错误，导入 5 行' }).click();
      await until(async () => (await admin.get('/api/v1/customers?count=true')).total === 5, 'five customers');
    });

    const customers = (await manager.get('/api/v1/customers?sort=name')).items;
    const plan = await manager.post('/api/v1/plans', {
      employee_id: rep.id, day: today(), window: { from_minute: 0, to_minute: 1440 }, customer_ids: customers.map((c) => c.id), objective: 'distance',
      steps: [
        { title: '门头照', kind: 'photo', mandatory: true, min: 1, max: 3 },
        { title: '初步采购意向', kind: 'choice', mandatory: true, options: ['高', '中', '低'] },
      ],
    });
    assert.equal(plan.route.proven_optimal, true);

    const screen = () => phone.pages()[0];
    const at = async (n) => {
      const [longitude, latitude] = customers[n].at;
      await phone.setGeolocation({ longitude, latitude, accuracy: 10 });
    };
    const press = (name) => screen().getByRole('button', { name }).last().click();

    await step('the rep signs in on the phone and sees five stops', async () => {
      await screen().goto(`${server.base}/m/`);
      await screen().getByLabel('账号').fill('zhangwei');
      await screen().getByLabel('密码', { exact: true }).fill(PASSWORD);
      await press('登录');
      const agree = screen().getByRole('button', { name: '同意并开始' });
      const list = screen().getByRole('list', { name: '今日各站' });
      await agree.or(list).first().waitFor();
      if (await agree.isVisible()) await agree.click();
      await list.waitFor();
      assert.equal(await list.getByText('苏福便利').count(), 5);
      assert.deepEqual(await axe(screen()), []);
      await until(async () => (await manager.get(`/api/v1/plans/${plan.id}`)).delivered_at, 'delivered');
      await screen().evaluate(() => navigator.serviceWorker.ready.then(() => true));
    });

    const visit = async (n, photos) => {
      await at(n);
      await screen().goto(`${server.base}/m/`);
      await screen().getByRole('list', { name: '今日各站' }).waitFor();
      const task = (await manager.get(`/api/v1/tasks?day_from=${today()}&day_to=${today()}`)).items.find((x) => x.customer.id === customers[n].id);
      await screen().goto(`${server.base}/m/check-in/${task.id}`);
      await screen().getByText('在范围内，可以签到').waitFor();
      await press(/^签到/);
      await screen().getByText(/第 \d 步，共 \d 步/).or(screen().getByRole('button', { name: '拍照' })).first().waitFor();
      return photos;
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
      await screen().getByRole('radio', { name: '高' }).click();
      await press('完成初步采购意向');
      await press('写小结并签退');
      await screen().getByRole('textbox').fill(words);
      await press('签退');
      await screen().getByRole('list', { name: '今日各站' }).waitFor();
    };

    await step('a visit online stands in the console within seconds', async () => {
      await visit(0);
      await shoot(1);
      await finish('店长同意加一个堆头');
      const done = await until(async () => (await manager.get(`/api/v1/visits?day_from=${today()}`)).items.find((v) => v.status === 'done'), 'the visit', 15_000);
      assert.equal(done.effective, true, JSON.stringify(done));
      const detail = await until(async () => {
        const d = await manager.get(`/api/v1/visits/${done.id}`);
        return d.photos[0]?.status === 'stored' && d;
      }, 'the photo');
      assert.equal(detail.photos.length, 1);
      assert.equal(detail.summary, '店长同意加一个堆头');
    });

    await step('a basement: no signal, the app is killed, nothing is lost or doubled', async () => {
      await visit(1);
      await phone.setOffline(true);
      await shoot(3);
      await phone.close();
      phone = await browser({ profile: phoneProfile, phone: true, place: { longitude: customers[1].at[0], latitude: customers[1].at[1], accuracy: 12 } });
      await phone.setOffline(true);
      await screen().goto(`${server.base}/m/`);
      await screen().getByRole('button', { name: /继续拜访/ }).click();
      await finish('地下一层，没有信号');
      assert.equal((await manager.get(`/api/v1/visits?day_from=${today()}`)).items.filter((v) => v.status === 'done').length, 1);
      // Two tabs come back at once.
      const second = await phone.newPage();
      await phone.setOffline(false);
      await second.goto(`${server.base}/m/`);
      const all = await until(async () => {
        const visits = (await manager.get(`/api/v1/visits?day_from=${today()}`)).items;
        return visits.filter((v) => v.status === 'done').length === 2 && visits;
      }, 'both visits', 30_000);
      assert.equal(all.length, 2, 'exactly once');
      const basement = all.find((v) => v.customer.id === customers[1].id);
      const detail = await until(async () => {
        const d = await manager.get(`/api/v1/visits/${basement.id}`);
        return d.photos.length === 3 && d.photos.every((p) => p.status === 'stored') && d;
      }, 'three photos', 30_000);
      assert.equal(detail.effective, true, JSON.stringify(detail));
      await second.close();
      await screen().goto(`${server.base}/m/`);
      await screen().getByText('已同步').first().waitFor({ timeout: 30_000 });
    });

    const asManager = async () => {
      await page.goto(`${server.base}/login`);
      await page.evaluate(async (password) => fetch('/api/v1/auth/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'chenjing', password, cookie: true }) }), PASSWORD);
    };

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
      await until(async () => (await manager.get('/api/v1/plans')).items.find((p) => p.day > today() && p.tasks.length === 5), 'the plan of tomorrow');
      await until(async () => (await (await api(server.base).as('zhangwei')).get('/api/v1/notices')).items.some((n) => n.kind === 'plan.assigned'), 'the notice');
    });

    await step('the manager sees map, day and report; the sibling sees none of it', async () => {
      const tracker = await admin.post('/api/v1/trackers', { employee_id: rep.id, name: '手机', kind: 'traccar' });
      const now = Math.floor(Date.now() / 1000);
      for (let i = 0; i < 12; i++) {
        const query = `id=${tracker.secret}&timestamp=${now - 60 + i * 5}&lat=${CENTRE[1]}&lon=${CENTRE[0] + 0.012 + i * 0.0006}&accuracy=6&speed=20&bearing=90`;
        const sent = i % 2 ? await fetch(`${server.base}/t?${query}`) : await fetch(`${server.base}/t`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: query });
        assert.equal(sent.status, 200);
      }
      assert.equal((await fetch(`${server.base}/t?id=nobody&lat=1&lon=1`)).status, 404);
      await asManager();
      for (const [path, text] of [['/live', '张伟'], [`/tracks?person=${rep.id}&day=${today()}`, '驾驶'], ['/visits', '苏福便利'], ['/reports', '张伟'], ['/tasks', '苏福便利'], ['/planning', '新计划'], ['/', '工作台'], ['/people', '张伟']]) {
        await page.goto(server.base + path);
        await page.getByText(text).first().waitFor();
        assert.deepEqual(await axe(page), [], path);
      }
      const report = (await manager.get(`/api/v1/reports/daily?day=${today()}`)).rows.find((r) => r.employee.id === rep.id);
      assert.deepEqual([report.planned, report.visits, report.effective], [5, 2, 2]);
      for (const url of [`/api/v1/reports/daily?day=${today()}`, `/api/v1/visits?day_from=${today()}`, '/api/v1/live', `/api/v1/plans?day_from=${today()}`, '/api/v1/customers']) {
        assert.ok(!JSON.stringify(await sibling.get(url)).includes('苏福便利'), url);
      }
      await assert.rejects(sibling.get(`/api/v1/tracks/${rep.id}/${today()}`), { status: 404 });
      const ledger = await (await api(server.base).as('zhangwei')).get('/api/v1/me/ledger');
      assert.ok(ledger.items.some((l) => l.reader.name === '陈静'), 'the rep sees who looked');
    });

    assert.deepEqual([...desk.faults, ...phone.faults], []);
  });
}
