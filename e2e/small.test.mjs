// Small windows: the console at 200 % zoom of a 1280×800 screen (640×400 CSS pixels) and the phone app at 360×640, also with
// its largest text, for which the page is laid out 304 px wide (`web/field/src/app/textSize.ts`) and enlarged to the screen.
// No page scrolls sideways, and every control can be brought into sight, whole and on top.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, browser, folder, startServer, steps, until } from './lib.mjs';
import * as phone from './phone.mjs';

const PLACE = [118.79, 32.05];

/** What is wrong with a page: wider than its window, a control cut off at a side, or one that lies under another. */
function faults(page) {
  return page.evaluate(async () => {
    const found = [];
    const wide = document.scrollingElement.scrollWidth - window.innerWidth;
    if (wide > 1) found.push(`the page is ${wide} px too wide`);
    const name = (one) => `${one.tagName.toLowerCase()} “${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 30)}”`;
    // What scrolls by itself, or is drawn on a map, may reach beyond the window.
    const free = (one) => {
      for (let up = one.parentElement; up; up = up.parentElement) {
        const style = getComputedStyle(up);
        if (/auto|scroll/.test(style.overflowX) && up.scrollWidth > up.clientWidth + 1) return true;
        if (up.classList.contains('maplibregl-map')) return true;
      }
      return false;
    };
    const controls = [...document.querySelectorAll('button, a[href], input, select, textarea, [role=tab], [role=radio], [role=combobox]')];
    // A drawer covers its page at this width; it is closed to get back to it.
    const drawer = document.querySelector('.drawer');
    for (const one of controls.slice(0, 250)) {
      if (drawer && !drawer.contains(one) && one.closest('.data-page')) continue;
      if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) continue;
      if (one.closest('[aria-hidden=true], .sr, .skip, .ant-select, .ant-picker') || one.matches(':disabled')) continue;
      one.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      const box = one.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      if (!free(one) && (box.left < -1 || box.right > window.innerWidth + 1)) found.push(`${name(one)} is cut off at the side (${Math.round(box.left)}–${Math.round(box.right)})`);
      const [x, y] = [Math.min(Math.max(box.left + box.width / 2, 0), window.innerWidth - 1), box.top + box.height / 2];
      if (y < 0 || y >= window.innerHeight) {
        found.push(`${name(one)} cannot be scrolled into sight (${Math.round(y)})`);
        continue;
      }
      const top = document.elementFromPoint(x, y);
      const own = top && (one.contains(top) || top.contains(one) || one.closest('label')?.contains(top) || top.closest('label')?.contains(one));
      if (!own && !free(one)) found.push(`${name(one)} lies under ${top ? `${top.tagName.toLowerCase()}.${top.className}` : 'nothing'}`);
    }
    return [...new Set(found)];
  });
}

const engine = (process.env.ENGINES ?? 'sqlite,postgres').split(',')[0];

// What is drawn does not depend on the store: one is enough.
test(`small windows on ${engine}`, { timeout: 300_000 }, async (t) => {
  const server = await startServer(engine);
  const { base } = server;
  const office = await browser({ profile: folder(), still: true });
  const pocket = await browser({ profile: folder(), phone: true, still: true, place: { longitude: PLACE[0], latitude: PLACE[1], accuracy: 8 } });
  t.after(async () => {
    await office.close();
    await pocket.close();
    await server.stop();
  });
  await api(base).post('/api/v1/setup', { company: '惠民饮品（华东）有限公司', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await api(base).as('zhoumin');
  const department_id = (await admin.get('/api/v1/departments')).items[0].id;
  const role_id = (await admin.get('/api/v1/roles')).items.find((one) => one.key === 'rep').id;
  const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
  const made = await admin.post('/api/v1/employees', { name: '欧阳上官婉儿', login: 'ouyang', role_id, department_id, calendar_id: calendar.id, post: '业务代表' });
  const shops = [];
  for (let n = 0; n < 6; n++) {
    shops.push(await admin.post('/api/v1/customers', { name: `南京新街口中央商场苏福便利${n}号店`, grade: 'A', address: '中山南路 79 号中央商场地下一层东侧', at: [PLACE[0] + n * 0.01, PLACE[1]], owner_id: made.employee.id, tags: ['冰柜', '重点'] }));
  }
  const day = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date());
  const tasks = [];
  for (const shop of shops.slice(0, 3)) {
    tasks.push(await admin.post('/api/v1/tasks', { employee_id: made.employee.id, customer_id: shop.id, day, window: { from_minute: 0, to_minute: 1439 }, steps: [{ title: '门头照片', kind: 'photo' }, { title: '初步采购意向', kind: 'choice', options: ['高', '中', '低'] }] }));
  }
  const [page, screen] = [office.pages()[0], pocket.pages()[0]];
  const step = steps(t, 'small', () => ({ office: page, phone: screen }));
  const wrong = [];

  await step('the console at 200 % zoom', async () => {
    await desk.signIn(page, base, 'zhoumin');
    await page.setViewportSize({ width: 640, height: 400 });
    const routes = [
      '/', '/live', '/tracks', '/planning', '/planning/board', '/tasks', '/tasks?create=1', '/customers', '/customers?layout=list', `/customers/${shops[0].id}`, '/customers?edit=new', '/customers?import=start',
      '/visits', '/reports', '/reports/mileage', '/health', '/attendance', '/attendance?tab=settings', '/people', '/people?edit=new', '/settings/company', '/settings/calendars', '/settings/policies', '/settings/basemap', '/settings/ownDay',
      '/settings/audit', '/settings/account', '/designer/forms', '/designer/templates', '/approvals', '/knowledge', '/orders', '/fences', '/truth', '/gallery', '/dispatch', '/frequency',
    ];
    for (const route of routes) {
      await page.goto(base + route);
      await page.locator('#main').waitFor();
      await until(() => page.evaluate(() => !document.querySelector('.bone, .skeleton, [aria-busy=true]')), `${route} is drawn`, 5_000).catch(() => undefined);
      for (const fault of await faults(page)) wrong.push(`console ${route}: ${fault}`);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/console${route.replaceAll(/\W+/g, '-')}.png` });
    }
  });

  await step('the phone app at 360 × 640, and with large text', async () => {
    await screen.setViewportSize({ width: 360, height: 640 });
    await phone.signIn(screen, base, 'ouyang', { initial: made.initial_password });
    const later = screen.getByRole('button', { name: '先不同意' });
    await later.or(screen.getByRole('link', { name: '客户' })).first().waitFor();
    for (const fault of await faults(screen)) wrong.push(`phone policy: ${fault}`);
    if (await later.isVisible()) await later.click();
    await phone.today(screen).waitFor();
    for (const large of [false, true]) {
      await screen.evaluate((on) => localStorage.setItem('tashi.text', on ? 'huge' : 'normal'), large);
      for (const route of ['', 'customers', `customers/${shops[0].id}`, `check-in/${tasks[0].id}`, 'inbox', 'me', 'me/permissions', 'me/policy', 'new', 'attendance']) {
        await screen.goto(`${base}/m/${route}`);
        await until(() => screen.evaluate(() => !!document.querySelector('h1') && document.body.innerText.length > 20), `${route} is drawn`);
        const width = large ? 304 : 360;
        await until(() => screen.evaluate((wide) => document.documentElement.clientWidth === wide, width), `${route} is ${width} px wide`);
        await until(() => screen.evaluate(() => !document.querySelector('.bone, .skeleton, [aria-busy=true]')), `${route} is drawn`, 5_000).catch(() => undefined);
        await screen.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        for (const fault of await faults(screen)) wrong.push(`phone${large ? ', large text,' : ''} /${route}: ${fault}`);
        if (process.env.SHOTS) await screen.screenshot({ path: `${process.env.SHOTS}/phone-${route.replaceAll(/\W+/g, '-')}${large ? '-large' : ''}.png` });
      }
    }
  });
  assert.deepEqual(wrong, []);
});
