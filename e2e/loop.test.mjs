// The last lines of the closed loop: an empty company shows the way to its first plan, a batch outlives a reload, every list keeps
// views with their columns, a check-in from outside says why and shows the place, a late one asks about overtime, chosen tasks
// change hands and come back, and what was changed is taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as phone from './phone.mjs';

const PLACE = [118.79, 32.05];
const FAR = { longitude: 118.80, latitude: 32.05, accuracy: 8 };

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`the last lines of the loop on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const pocket = await browser({ profile: folder(), phone: true, place: FAR });
    t.after(async () => {
      await office.close();
      await pocket.close();
      await server.stop();
    });
    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const [page, screen] = [office.pages()[0], pocket.pages()[0]];
    const step = steps(t, 'loop', () => ({ office: page, phone: screen }));
    const views = page.getByRole('navigation', { name: '视图' });
    const home = async () => {
      await screen.goto(`${base}/m/`);
      const later = screen.getByRole('button', { name: '先不同意' });
      await later.or(screen.getByRole('link', { name: '客户' })).first().waitFor();
      if (await later.isVisible()) await later.click();
    };

    await step('an empty company shows the way to its first plan, with examples', async () => {
      await desk.signIn(page, base, 'zhoumin');
      const first = page.getByRole('region', { name: /三步排出第一份计划/ });
      await first.getByText('已完成 0 / 3').waitFor();
      assert.deepEqual(await axe(page), []);
      await desk.button(first, '载入示例数据').click();
      await first.getByText('已完成 2 / 3').waitFor();
      await first.getByRole('link', { name: '去排计划' }).click();
      await page.waitForURL(/\/planning/);
      await page.getByText('示例·百货店').first().waitFor();
      assert.equal((await admin.get('/api/v1/customers?limit=50')).items.filter((one) => one.tags.includes('示例') && one.at).length, 6);
    });

    await step('the goal of the wizard is changed in the settings, and Home follows', async () => {
      await page.goto(`${base}/settings/company`);
      await desk.choose(page, '先看什么', '降费用');
      await page.getByText('里程按真实行驶算').waitFor();
      await desk.button(page, '保存').first().click();
      await page.getByText('已保存').first().waitFor();
      await page.goto(base);
      await page.locator('.home.by-cost').waitFor();
    });

    await step('a batch goes on after a reload, and changes each row exactly once', async () => {
      const ids = [];
      for (let n = 0; n < 12; n++) ids.push((await admin.post('/api/v1/customers', { name: `批量店 ${String(n).padStart(2, '0')}`, grade: 'C', tags: ['批量'], at: PLACE })).id);
      await page.goto(`${base}/customers?q=${encodeURIComponent('批量店')}&layout=list`);
      await page.getByText('批量店 11').waitFor();
      await page.getByRole('checkbox', { name: '全选本页' }).check({ force: true });
      // From the fourth on the answers are lost: the server changes the row, the page never hears of it.
      let [sent, lost] = [0, true];
      await page.route('**/api/v1/customers/*', async (route) => {
        if (route.request().method() !== 'PATCH') return route.continue();
        sent += 1;
        if (sent <= 3 || !lost) return route.continue();
        await route.fetch();
        return undefined;
      });
      await desk.button(page, '改等级').click();
      await desk.choose(page.getByRole('toolbar', { name: /已选/ }), '等级', 'A');
      await desk.button(page, '应用').click();
      await until(() => sent >= 4, 'four changes are sent');
      await until(async () => (await admin.get(`/api/v1/customers/${ids[3]}`)).grade === 'A', 'the fourth is changed');
      lost = false;
      await page.reload();
      await page.getByText('已修改 12 家').waitFor();
      for (const id of ids) {
        const { grade, version } = await admin.get(`/api/v1/customers/${id}`);
        assert.deepEqual([grade, version], ['A', 2], 'changed once');
      }
      assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tashi.job')).length), 0);
      // The toast of the page that came after takes it back as well.
      await desk.button(page, /撤销/).first().click();
      await page.getByText('已恢复 12 家').waitFor();
      assert.equal((await admin.get(`/api/v1/customers/${ids[7]}`)).grade, 'C');
    });

    await step('every list keeps views, with the columns of the moment', async () => {
      const form = (await admin.get('/api/v1/forms')).items[0]?.id;
      const lists = [
        ['/customers?grade=A,B', true], ['/people?status=left', null], ['/tasks?status=overdue', null], ['/visits?verdict=in', true], ['/orders?late=1', null],
        ['/orders/equipment?status=stopped', true], ['/approvals?box=mine&status=running', true], ['/settings/audit?kind=customer', true],
        ['/knowledge?view=write&state=draft', true], ['/attendance?tab=requests&status=running', true],
        ...(form ? [[`/designer/forms/${form}?tab=records&from=2026-01-01`, true]] : []),
        ['/reports?department=DEP', false], ['/reports/mileage?department=DEP', false], ['/reports/checks?by=department', false], ['/health?department=DEP', false],
        ['/attendance?department=DEP', false], ['/attendance?tab=today&department=DEP', false], ['/attendance?tab=balances&department=DEP', false],
        ['/gallery?department=DEP', false], ['/truth?status=all', false], ['/fences?tab=events&kind=enter', false],
      ];
      const department = (await admin.get('/api/v1/departments')).items[0].id;
      for (const [address, tabs] of lists) {
        await page.goto(base + address.replace('DEP', department));
        const menu = page.getByRole('button', { name: /^视图/ });
        await views.or(menu).first().waitFor({ timeout: 10_000 }).catch(() => assert.fail(`${address} has no views`));
        if (tabs === null) continue; // the product has a view of these filters
        if (tabs) await desk.button(page, '把当前筛选存为视图').click();
        else await menu.click();
        await page.getByLabel('视图名称').fill('我的');
        await page.getByLabel('视图名称').press('Enter');
        await page.getByText('已存为视图“我的”').waitFor();
        await (tabs ? views.getByRole('button', { name: '我的', exact: true }) : page.getByRole('button', { name: '视图：我的' })).waitFor();
      }
      // Columns are a part of it, and come back with it.
      await page.goto(`${base}/customers?grade=B&layout=list`);
      await desk.button(page, '列').click();
      await page.getByRole('checkbox', { name: '联系人' }).check({ force: true });
      await page.keyboard.press('Escape');
      await page.getByRole('columnheader', { name: '联系人' }).waitFor();
      await desk.button(page, '把当前筛选存为视图').click();
      await page.getByLabel('视图名称').fill('带联系人');
      assert.deepEqual(await axe(page), []);
      await page.getByLabel('视图名称').press('Enter');
      await views.getByRole('button', { name: '带联系人', exact: true }).waitFor();
      await desk.button(page, '列').click();
      await page.getByRole('checkbox', { name: '联系人' }).uncheck({ force: true });
      await page.keyboard.press('Escape');
      await page.getByRole('columnheader', { name: '联系人' }).waitFor({ state: 'detached' });
      await views.getByRole('button', { name: '带联系人', exact: true }).click();
      await page.getByRole('columnheader', { name: '联系人' }).waitFor();
    });

    await step('a check-in from outside the fence says why, without a network, and the desk reads it', async () => {
      const role = (await admin.get('/api/v1/roles')).items.find((one) => one.key === 'rep').id;
      const department_id = (await admin.get('/api/v1/departments')).items[0].id;
      const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
      const made = await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', role_id: role, department_id, calendar_id: calendar.id });
      const shop = await admin.post('/api/v1/customers', { name: '苏福便利', at: PLACE, owner_id: made.employee.id });
      await phone.signIn(screen, base, 'zhangwei', { initial: made.initial_password });
      await home();
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await screen.goto(`${base}/m/check-in-customer/${shop.id}`);
      await screen.getByText(/距客户 .*需 ≤/).waitFor();
      await pocket.setOffline(true);
      await phone.press(screen, /异地签到/);
      await screen.getByText('异地签到（如实记为范围外）').click();
      const sheet = screen.getByRole('dialog', { name: '为什么在围栏外签到？' });
      const confirm = sheet.getByRole('button', { name: '异地签到' });
      assert.equal(await confirm.isDisabled(), true, 'not without a reason');
      await sheet.getByRole('radio', { name: '其他' }).click();
      assert.equal(await confirm.isDisabled(), true, 'other needs words');
      await sheet.getByRole('radio', { name: '客户约在别处' }).click();
      await sheet.getByRole('textbox').fill('约在仓库');
      assert.deepEqual(await axe(screen), []);
      // A position older than ten seconds says nothing about now; a phone outdoors has a fresh one all the time.
      await pocket.setGeolocation({ ...FAR, longitude: FAR.longitude + 0.0001 });
      await confirm.click();
      await screen.waitForURL(/\/m\/visit\//);
      await screen.getByText(/客户约在别处（约在仓库）/).waitFor();
      await phone.press(screen, '写小结并签退');
      await screen.getByRole('textbox').fill('在仓库谈好了');
      await phone.press(screen, '签退');
      await pocket.setOffline(false);
      const visit = await until(async () => (await admin.get('/api/v1/visits?verdict=out')).items[0], 'the visit arrives', 60_000);
      assert.deepEqual(visit.outside, { code: 'elsewhere', words: '约在仓库' });
      await page.goto(`${base}/visits?verdict=out`);
      await page.getByText('客户约在别处').waitFor();
      await page.goto(`${base}/visits/${visit.id}`);
      await page.getByText('张伟说明围栏外签到的原因：客户约在别处（约在仓库）').waitFor();
    });

    await step('a rule that is saved can be taken back, and asks for a photo of the place as well', async () => {
      await page.goto(`${base}/settings/ownDay`);
      const rule = page.getByRole('group', { name: '围栏外签到' });
      const photo = rule.getByRole('radio', { name: /原因并拍现场照片/ });
      await photo.check();
      await desk.button(page, '保存').first().click();
      await page.getByRole('button', { name: '撤销' }).click();
      await page.getByText('已撤销').waitFor();
      assert.equal((await admin.get('/api/v1/plan-changes/rule')).outside, 'reason');
      await until(() => rule.getByRole('radio').first().isChecked(), 'the page shows the rule of before');
      await photo.check();
      await desk.button(page, '保存').first().click();
      await until(async () => (await admin.get('/api/v1/plan-changes/rule')).outside === 'photo', 'the rule is kept');
      const shop = (await admin.get(`/api/v1/customers?q=${encodeURIComponent('苏福便利')}`)).items[0].id;
      await home();
      await screen.goto(`${base}/m/check-in-customer/${shop}`);
      await screen.getByText(/距客户 .*需 ≤/).waitFor();
      await phone.press(screen, /报位置不对或异地签到/);
      await screen.getByText('异地签到（如实记为范围外）').click();
      await screen.getByText('签到后先拍一张现场照片。').waitFor();
      await pocket.setOffline(true);
      await screen.getByRole('radio', { name: '店的位置不对或已搬走' }).click();
      await pocket.setGeolocation({ ...FAR, longitude: FAR.longitude + 0.0002 });
      await screen.getByRole('button', { name: '异地签到，去拍现场照片' }).click();
      await screen.waitForURL(/\/m\/visit\/[^/]+\/camera\//);
      const [, id] = /visit\/([^/]+)\/camera\/\1/.exec(screen.url()) ?? [];
      assert.ok(id, screen.url());
      await phone.shoot(screen, 1);
      await phone.press(screen, '完成现场照片');
      await phone.press(screen, '写小结并签退');
      await screen.getByRole('textbox').fill('在对面拍的');
      await phone.press(screen, '签退');
      await pocket.setOffline(false);
      const visit = await until(async () => {
        const one = await admin.get(`/api/v1/visits/${id}`).catch(() => null);
        return one?.steps[0]?.photos[0]?.status === 'stored' && one.status === 'done' ? one : null;
      }, 'the visit and its photo arrive', 60_000);
      assert.deepEqual([visit.steps[0].step.id, visit.steps[0].status, visit.outside.code], [id, 'done', 'moved']);
      await page.goto(`${base}/visits/${id}`);
      await page.getByAltText('现场照片 1').waitFor();
      assert.deepEqual(await axe(page), []);
    });

    await step('a late check-in asks about overtime, once', async () => {
      const rest = await admin.post('/api/v1/calendars', { name: '今天不上班', shifts: [] });
      const person = (await admin.get('/api/v1/employees?limit=50')).items.find((one) => one.name === '张伟');
      await admin.patch(`/api/v1/employees/${person.id}`, person.version, { calendar_id: rest.id });
      const near = await admin.post('/api/v1/customers', { name: '夜里的店', at: [FAR.longitude + 0.0002, FAR.latitude], owner_id: person.id });
      await home();
      await screen.goto(`${base}/m/check-in-customer/${near.id}`);
      await screen.getByText('在范围内，可以签到').waitFor();
      await screen.getByText('现在不在工作时间').waitFor();
      await phone.press(screen, /^签到/);
      const sheet = screen.getByRole('dialog', { name: '要申报加班吗？' });
      await sheet.getByRole('radio', { name: /^2 时/ }).click();
      assert.deepEqual(await axe(screen), []);
      await sheet.getByRole('button', { name: '申报加班并签到' }).click();
      await screen.waitForURL(/\/m\/visit\//);
      const asked = await until(async () => (await admin.get('/api/v1/attendance-requests?limit=20')).items.find((one) => one.kind === 'overtime'), 'the request arrives', 60_000);
      assert.deepEqual([asked.employee.name, asked.reason, asked.status], ['张伟', '拜访 夜里的店', 'running']);
      await phone.press(screen, '写小结并签退');
      await screen.getByRole('textbox').fill('夜里补货');
      await phone.press(screen, '签退');
      await home();
      await screen.goto(`${base}/m/check-in-customer/${near.id}`);
      await screen.getByText('在范围内，可以签到').waitFor();
      assert.equal(await screen.getByText('现在不在工作时间').count(), 0, 'it was said already');
    });

    await step('chosen tasks go to somebody else, and back again', async () => {
      const role = (await admin.get('/api/v1/roles')).items.find((one) => one.key === 'rep').id;
      const department_id = (await admin.get('/api/v1/departments')).items[0].id;
      const other = (await admin.post('/api/v1/employees', { name: '李娜', login: 'lina', role_id: role, department_id })).employee;
      const person = (await admin.get('/api/v1/employees?limit=50')).items.find((one) => one.name === '张伟');
      const shops = (await admin.get(`/api/v1/customers?q=${encodeURIComponent('批量店')}&limit=3`)).items;
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(Date.now() + 2 * 86_400_000);
      for (const shop of shops) await admin.post('/api/v1/tasks', { employee_id: person.id, customer_id: shop.id, day, window: { from_minute: 540, to_minute: 1080 } });
      const whose = async () => (await admin.get(`/api/v1/tasks?day_from=${day}&day_to=${day}`)).items.map((one) => one.employee.name).sort().join();
      await page.goto(`${base}/tasks?from=${day}&to=${day}`);
      await page.getByText(shops[0].name).first().waitFor();
      await page.getByRole('checkbox', { name: '全选本页' }).check({ force: true });
      await desk.button(page, '改派').click();
      await desk.choose(page.getByRole('dialog', { name: '改派' }), '人员', '李娜');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '改 3 个任务').click();
      await page.getByText('已处理 3 个任务').waitFor();
      assert.equal(await whose(), '李娜,李娜,李娜', other.name);
      await page.getByRole('button', { name: '撤销' }).click();
      await page.getByText('已恢复 3 个任务').waitFor();
      assert.equal(await whose(), '张伟,张伟,张伟');
    });

    await step('a company that allows none is obeyed on the phone', async () => {
      await page.goto(`${base}/settings/ownDay`);
      await page.getByRole('group', { name: '围栏外签到' }).getByRole('radio', { name: /不可以/ }).check();
      await desk.button(page, '保存').first().click();
      await page.getByText('已保存').first().waitFor();
      const shop = (await admin.get(`/api/v1/customers?q=${encodeURIComponent('苏福便利')}`)).items[0].id;
      await screen.goto(`${base}/m/`);
      await screen.goto(`${base}/m/check-in-customer/${shop}`);
      await screen.getByText(/公司规定围栏外不能签到/).waitFor();
      await phone.press(screen, /异地签到/);
      await screen.getByText('店的位置不对，报给公司').waitFor();
      assert.equal(await screen.getByText('异地签到（如实记为范围外）').count(), 0);
      await screen.keyboard.press('Escape');
    });

    await step('pages may ask the hosts of the maps and no others', async () => {
      const words = async (path, directive) => {
        const policy = (await fetch(base + path)).headers.get('content-security-policy');
        return policy.split('; ').find((part) => part.startsWith(directive)).split(' ').slice(1);
      };
      for (const directive of ['img-src', 'connect-src']) {
        for (const path of ['/', '/m/', '/customers']) {
          const page = await words(path, directive);
          assert.ok(page.includes('https://tile.openstreetmap.org') && !page.some((word) => ['https:', 'http:', '*'].includes(word)), page.join(' '));
        }
        assert.ok(!(await words('/api/v1/setup', directive)).some((word) => word.includes('://')), 'what is no page asks nobody');
      }
      const map = { kind: 'raster', crs: 'wgs84', attribution: '', min_zoom: 3, max_zoom: 18, centre: PLACE, zoom: 11 };
      await admin.put('/api/v1/basemap', { ...map, url: 'https://evil.example;script-src *;/{z}/{x}/{y}' });
      await admin.put('/api/v1/basemap', { ...map, url: 'https://t{s}.tiles.example/{z}/{x}/{y}.png?tk=KEY' });
      await until(async () => (await words('/m/', 'img-src')).includes('https://t4.tiles.example') && (await words('/', 'connect-src')).includes('https://t1.tiles.example'), 'the new host is named');
      const whole = (await fetch(base)).headers.get('content-security-policy');
      assert.ok(!/KEY|evil/.test(whole) && (await words('/', 'script-src')).join() === "'self'", whole);
      // A console that is open takes a new page when its own setting names a new host; tiles then come.
      await page.route((url) => url.hostname.endsWith('tiles2.example'), (route) => route.fulfill({ status: 200, contentType: 'image/png', headers: { 'access-control-allow-origin': '*' }, body: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') }));
      await page.goto(`${base}/settings/basemap`);
      const address = page.getByRole('textbox', { name: /瓦片|地址/ }).first();
      await address.fill('https://a.tiles2.example/{z}/{x}/{y}.png');
      const tile = page.waitForResponse((response) => response.url().includes('tiles2.example') && response.ok());
      await desk.button(page, '保存').first().click();
      await tile;
    });

    await step('the phone app is installed under the name of its language', async () => {
      const manifest = () => screen.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json());
      assert.equal((await manifest()).name, '踏实外勤');
      await screen.evaluate(() => localStorage.setItem('tashi.lang', 'en'));
      await screen.reload();
      await until(async () => (await screen.title()) === 'Tashi Field', 'the English title');
      const english = await manifest();
      assert.deepEqual([english.name, english.lang, english.id], ['Tashi Field', 'en', '/m/']);
    });

    assert.deepEqual(office.faults, []);
  });
}
