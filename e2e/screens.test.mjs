// Every route of both apps in the demo company, as the roles that see it: no console error, no failed request, nothing
// wider than the phone, no text of the other language, and no serious accessibility finding.
//   MATRIX=full  every size, language and theme instead of two of each   ·   SHOTS=dir  keeps a picture of each
//   LOOK=regex   of these looks only, as 1280-en-light
//   ROLES=all    each screen as every role that sees it  ·   ONLY=regex   only these screens
//   AT=url DATA=dir  a demo server that runs already
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { PASSWORD, api, axe, browser, folder, startServer, until } from './lib.mjs';

const FULL = process.env.MATRIX === 'full';
const ONLY = process.env.ONLY ? new RegExp(process.env.ONLY) : null;
const LOOK = new RegExp(process.env.LOOK ?? '');
const SHOTS = process.env.SHOTS ?? null;

/** Size, language and theme a screen is looked at in. */
const look = (width, lang, theme) => ({ width, height: width === 390 ? 844 : 800, lang, theme, name: `${width}-${lang}-${theme}` });
const LOOKS = (FULL
  ? [1280, 390].flatMap((width) => ['zh', 'en'].flatMap((lang) => ['light', 'dark'].map((theme) => look(width, lang, theme))))
  : [look(1280, 'zh', 'light'), look(390, 'en', 'dark')]).filter((l) => LOOK.test(l.name));
const PHONE_LOOKS = FULL ? LOOKS.filter((l) => l.width === 390) : [look(390, 'zh', 'light'), look(390, 'en', 'dark')];

let server = null;
let accounts = null;
let facts = null;

before(async () => {
  server = process.env.AT ? { base: process.env.AT, data: process.env.DATA, stop: () => undefined } : await startServer('sqlite', null, ['--demo', '--demo-days', '1']);
  accounts = await until(() => demoAccounts(), 'the demo');
  facts = await scene();
}, { timeout: 330_000 });
after(() => server?.stop());

function demoAccounts() {
  try {
    return JSON.parse(readFileSync(path.join(server.data, 'demo-accounts.json'), 'utf8')).tenants[0].accounts;
  } catch {
    return null;
  }
}

/** Things with an address. */
async function scene() {
  const of = (role) => accounts.find((a) => a.role === role);
  const admin = await api(server.base).as(of('admin').login, of('admin').password);
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.parse((await admin.get('/api/v1/me')).server_time));
  const visits = (await admin.get('/api/v1/visits?limit=100')).items;
  const rep = of('rep').employee_id;
  const customers = (await admin.get(`/api/v1/customers?owner_id=${rep}&limit=5`)).items;
  const tasks = (await admin.get(`/api/v1/tasks?day_from=${today}&day_to=${today}&limit=1`)).items;
  const template = (await admin.get('/api/v1/task-templates')).items[0].id;
  const first = async (what) => (await admin.get(`/api/v1/${what}`)).items[0].id;
  return {
    of, admin, today, rep, customers, customer: customers[0].id, place: customers[0].at,
    visit: (visits.find((v) => v.photo_count > 0) ?? visits[0]).id, task: tasks[0].id, template, form: await first('forms'), object: await first('object-definitions'), record: await first('objects/promotion/records'), flow: await first('flows'), article: await first('articles'),
  };
}

/** A rep whose work is known: two stops today, on duty around the clock. */
async function walker(n) {
  const { admin, rep, customers, today } = facts;
  const colleague = await admin.get(`/api/v1/employees/${rep}`);
  const calendar = await admin.post('/api/v1/calendars', { name: `全天${n}`, shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
  const template = (await admin.get('/api/v1/task-templates')).items.find((t) => t.name === '门店检查');
  const login = `linxia${n}-${Date.now()}@huimin`;
  const made = await admin.post('/api/v1/employees', {
    name: '林夏', login, password: PASSWORD, role_id: (await admin.get('/api/v1/roles')).items.find((r) => r.key === 'rep').id,
    department_id: colleague.department.id, calendar_id: calendar.id, post: '业务代表',
  });
  const own = [];
  const tasks = [];
  for (const c of customers.slice(0, 2)) {
    const shop = await admin.post('/api/v1/customers', {
      name: `${c.name}·${n}号`, grade: 'A', address: c.address, at: c.at, owner_id: made.employee.id, tags: [], contact: { name: '王店长', title: '店长', phone: '13851412207' },
    });
    own.push(shop);
    tasks.push(await admin.post('/api/v1/tasks', { employee_id: made.employee.id, customer_id: shop.id, template_id: template.id, day: today, window: { from_minute: 0, to_minute: 1440 } }));
  }
  return { login, own, tasks };
}

/** Addresses of the console: name, path, who sees it, and what shows that it is there. */
function consoleRoutes() {
  const f = facts;
  const everybody = ['admin', 'manager'];
  const rows = [
    ['home', '/', everybody],
    ['live', '/live', everybody],
    ['live-person', `/live?person=${f.rep}`, ['manager']],
    ['live-silent', '/live?state=silent', ['admin']],
    ['tracks', '/tracks', ['manager']],
    ['tracks-person', `/tracks?person=${f.rep}&day=${f.today}`, everybody],
    ['planning', '/planning', everybody],
    ['board', '/planning/board', everybody],
    ['week', '/planning/week', everybody],
    ['planning-plans', '/planning?tab=plans', ['manager']],
    ['frequency', '/frequency', everybody],
    ['dispatch', '/dispatch', everybody],
    ['territories', '/territories', ['admin']],
    ['gallery', '/gallery', everybody],
    ['truth', '/truth', everybody],
    ['approvals', '/approvals', everybody],
    ['frequency-rule', '/frequency?rule=new', ['admin']],
    ['tasks', '/tasks', everybody],
    ['tasks-create', '/tasks?create=1', ['manager']],
    ['task', `/tasks?task=${f.task}&from=${f.today}&to=${f.today}`, ['manager']],
    ['customers', '/customers', everybody],
    ['customers-list', '/customers?layout=list', ['manager']],
    ['customers-map', '/customers?layout=map', ['manager']],
    ['customers-new', '/customers?edit=new', ['admin']],
    ['customers-import', '/customers?import=start', ['admin']],
    ['customers-none', '/customers?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%AE%B6', ['admin']],
    ['customer', `/customers/${f.customer}`, everybody],
    ['customer-visits', `/customers/${f.customer}?tab=visits`, ['manager']],
    ['customer-contacts', `/customers/${f.customer}?tab=contacts`, ['manager']],
    ['customer-problems', `/customers/${f.customer}?tab=problems`, ['manager']],
    ['visits', '/visits', everybody],
    ['visit', `/visits/${f.visit}`, everybody],
    ['reports', '/reports', everybody],
    ['reports-person', `/reports?person=${f.rep}`, ['manager']],
    ['reports-groups', '/reports/groups?by=grade', everybody],
    ['mileage', '/reports/mileage', everybody],
    ['mileage-person', `/reports/mileage?person=${f.rep}`, ['manager']],
    ['health', '/health', everybody],
    ['attendance', '/attendance', everybody],
    ['attendance-today', '/attendance?tab=today', ['manager']],
    ['attendance-roster', '/attendance?tab=roster', everybody],
    ['attendance-settings', '/attendance?tab=settings', everybody],
    ['fences', '/fences', everybody],
    ...['events', 'rounds', 'near'].map((tab) => [`fences-${tab}`, `/fences?tab=${tab}`, ['admin']]),
    ['forms', '/designer/forms', everybody],
    ['form', `/designer/forms/${f.form}`, everybody],
    ['form-versions', `/designer/forms/${f.form}?tab=versions`, ['admin']],
    ['form-records', `/designer/forms/${f.form}?tab=records`, ['admin']],
    ['templates', '/designer/templates', everybody],
    ['templates-new', '/designer/templates?template=new', ['admin']],
    ['template', `/designer/templates?template=${f.template}`, ['manager']],
    ['flows', '/designer/flows', ['admin']],
    ['flow', `/designer/flows/${f.flow}`, ['admin']],
    ['flow-versions', `/designer/flows/${f.flow}?tab=versions`, ['admin']],
    ['objects', '/designer/objects', ['admin']],
    ...['fields', 'list', 'numbers', 'grants', 'versions'].map((tab) => [`object-${tab}`, `/designer/objects/${f.object}?tab=${tab}`, ['admin']]),
    ['knowledge', '/knowledge', everybody],
    ['knowledge-none', '/knowledge?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%AE%B6', ['admin']],
    ['knowledge-manage', '/knowledge?view=write', ['admin']],
    ['knowledge-practice', '/knowledge?view=practice', ['manager']],
    ['article', `/knowledge/${f.article}`, ['admin']],
    ...['write', 'rules', 'versions', 'readers'].map((tab) => [`article-${tab}`, `/knowledge/${f.article}/edit?tab=${tab}`, ['admin']]),
    ['records', '/business/promotion', everybody],
    ['records-new', '/business/promotion?edit=new', ['manager']],
    ['records-import', '/business/promotion?import=start', ['admin']],
    ['record', `/business/promotion?record=${f.record}`, ['admin']],
    ['record-edit', `/business/promotion?record=${f.record}&edit=1`, ['admin']],
    ['orders', '/orders', everybody],
    ['orders-new', '/orders?create=1', ['manager']],
    ['equipment', '/orders/equipment', ['manager']],
    ['equipment-new', '/orders/equipment?edit=new', ['admin']],
    ['parts', '/orders/parts', ['manager']],
    ['parts-list', '/orders/parts?tab=parts', ['admin']],
    ['maintenance', '/orders/maintenance', everybody],
    ['inspections', '/orders/inspections', everybody],
    ['checks', '/reports/checks', everybody],
    ['order-types', '/orders/types', ['manager']],
    ['order-types-new', '/orders/types?kind=new', ['admin']],
    ['people', '/people', everybody],
    ['people-roles', '/people?tab=roles', ['admin']],
    ['people-person', `/people?person=${f.rep}`, ['admin']],
    ['people-new', '/people?person=new', ['admin']],
    ...['account', 'ledger', 'calendars', 'policies', 'classes'].map((s) => [`settings-${s}`, `/settings/${s}`, s === 'account' ? ['admin', 'manager', 'rep'] : s === 'ledger' ? ['rep'] : ['admin']]),
    ...['company', 'basemap', 'roads', 'trackers', 'audit', 'proof'].map((s) => [`settings-${s}`, `/settings/${s}`, ['admin']]),
    ['denied', '/settings/company', ['rep']],
    ['missing', '/nowhere', ['manager']],
  ];
  // The last named sees the least; with ROLES=all the others look too.
  return rows.flatMap(([name, url, roles]) => (process.env.ROLES === 'all' ? roles : roles.slice(-1)).map((role) => ({ name, url, role })));
}

/** Words that are the same in both languages. */
const LATIN = /^(Tashi|iPad|Excel|XLSX|CSV|PDF|Python|GPS|GPX|WGS|GCJ|BD|QR|Traccar|Client|OwnTracks|Overland|GPSLogger|Ctrl|Esc|Alt|Enter|Tab|PMTiles|OSM|OSRM|Valhalla|tashi|map|import|MapLibre|OpenStreetMap|HTTPS?|API|TOTP|SOP|PNG|JPE?G|MB|GB|KB|km|min|Android|iPhone|iOS|Chrome|Safari|Linux|Windows|Mac|UTC|Asia|Shanghai|English|ID|SHA|Web|App|Google|Apple|Samsung|EMUI|MIUI|HyperOS|ColorOS|OriginOS|MagicOS|HarmonyOS|One|UI|OPPO|vivo|realme|OnePlus|iQOO|Redmi|HTTP|JSON|Switch|to|utf|UTF|GBK|csv|xlsx|http|https|localhost|pmtiles|png|com|Headless|HeadlessChrome|Authenticator|Microsoft|WGS84|GCJ02|BD09|Wi|Fi|PIN|Funtouch|Word|PPT|MP|Markdown|Color|Hyper|Shift|Delete|XLSForm|ODK|Collect|EN|NFC)$/i;

/** Text of the page that belongs to neither the data nor the language. */
async function foreign(seen, lang, asked) {
  const { page } = seen;
  const texts = await page.evaluate(() => {
    const found = new Set();
    // Names of small signs inside antd's own fields: the library offers no other language for them.
    const foreign = '.anticon, .ant-input-number-actions, .ant-select-clear, .ant-input-clear-icon';
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement;
      if (!parent || parent.closest('script,style,noscript,[lang]:not(html),.maplibregl-ctrl-attrib,.ant-select-item-option-content')) continue;
      const words = node.textContent.trim();
      if (words) found.add(words);
    }
    for (const element of document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')) {
      if (element.closest(`[lang]:not(html), .maplibregl-canvas-container, ${foreign}`)) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        const words = element.getAttribute(name)?.trim();
        if (words) found.add(words);
      }
    }
    return [...found];
  });
  // What the page shows by now has been read by then.
  await Promise.all(seen.reading.splice(0));
  const data = seen.data + asked;
  const faults = [];
  for (const words of texts) {
    if (/\{\{|\}\}|\[object|undefined|\bNaN\b|Invalid Date/.test(words)) faults.push(`broken text: ${words}`);
    if (/^[a-z]\w*(\.[a-z_]\w*)+$/i.test(words) && !data.includes(words)) faults.push(`key: ${words}`);
    const runs = words.match(lang === 'en' ? /[\u3400-\u9fff]+|[\u3001\u3002\uff01-\uff0f\uff1a-\uff1f]/g : /[A-Za-z]{2,}/g) ?? [];
    for (const run of runs) {
      if (lang === 'zh' && LATIN.test(run)) continue;
      if (lang === 'en' && ['中'].includes(run)) continue;
      if (!data.includes(run)) faults.push(`not ${lang}: ${words.slice(0, 80)}`);
    }
  }
  return [...new Set(faults)];
}

/** A browser that writes down every fault of its pages and every word of the data they were given. */
async function watched(look, phone) {
  const faults = [];
  const context = await browser({ profile: folder(), phone, locale: look.lang === 'zh' ? 'zh-CN' : 'en-GB', dark: look.theme === 'dark', place: phone ? { longitude: facts.place[0], latitude: facts.place[1], accuracy: 10 } : null });
  await context.addInitScript(([lang, theme]) => {
    localStorage.setItem('tashi.lang', lang);
    localStorage.setItem('tashi.theme', theme);
  }, [look.lang, look.theme]);
  const page = context.pages()[0];
  await page.setViewportSize({ width: look.width, height: look.height });
  const seen = { data: '', reading: [], faults, context, page };
  page.on('console', (m) => { if (m.type() === 'error') faults.push(`console: ${m.text().slice(0, 200)} ${m.location().url}`); });
  page.on('pageerror', (e) => faults.push(`page: ${e.message}`));
  page.on('requestfailed', (r) => { if (r.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`failed: ${r.url()} ${r.failure()?.errorText}`); });
  page.on('response', (r) => {
    if (r.status() >= 400) faults.push(`${r.status()} ${r.request().method()} ${r.url()}`);
    if ((r.headers()['content-type'] ?? '').includes('json')) seen.reading.push(r.text().then((text) => { seen.data += text; }, () => undefined));
  });
  return seen;
}

/** Nothing is still on its way: no skeleton, no request, no movement. */
async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('.bone, .skeleton, .ant-spin-spinning, [aria-busy=true]'), null, { timeout: 15_000 }).catch(() => undefined);
  await page.waitForTimeout(250);
}

/** What is wrong with the screen that is open. */
async function judge(seen, look, name, settle = true) {
  const { page, faults } = seen;
  if (settle) await settled(page);
  await Promise.all(seen.reading.splice(0));
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = [document.documentElement, document.querySelector('.main'), document.querySelector('.phone')].filter((e) => e && e.scrollWidth > e.clientWidth + 1);
    if (!over.length) return null;
    const widest = [...document.querySelectorAll('body *')].map((e) => [e.getBoundingClientRect().right, e]).filter(([right]) => right > width + 1).slice(0, 3);
    return `${over[0].scrollWidth} px in ${over[0].clientWidth}: ${widest.map(([right, e]) => `${e.tagName.toLowerCase()}.${String(e.className).slice(0, 40)}→${Math.round(right)}`).join(', ')}`;
  });
  const found = [
    ...(wide ? [`too wide: ${wide}`] : []),
    ...(await foreign(seen, look.lang, decodeURIComponent(page.url()))),
    ...(await axe(page)).map((one) => `axe ${one}`),
    ...faults.splice(0),
  ];
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(SHOTS, `${name}-${look.name}.png`) });
  }
  return found.map((one) => `${name} ${look.name}: ${one}`);
}

/** Signs in by one click on a demo account, as a visitor of the demo does. */
async function enter(page, role) {
  const account = facts.of(role);
  await page.goto(`${server.base}/login`);
  const row = page.locator('.demo-accounts button', { hasText: account.name }).first();
  await row.waitFor({ state: 'attached' });
  if (!(await row.isVisible())) await page.locator('.demo-accounts summary').click();
  await row.click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

for (const l of LOOKS) {
  test(`console ${l.name}`, { timeout: 1_200_000 }, async () => {
    const found = [];
    const roles = new Set(consoleRoutes().map((r) => r.role));
    for (const role of roles) {
      const seen = await watched(l, false);
      try {
        if (role === [...roles][0]) {
          await seen.page.goto(`${server.base}/login`);
          await seen.page.locator('.demo-accounts button').first().waitFor();
          found.push(...(await judge(seen, l, 'sign-in')));
        }
        await enter(seen.page, role);
        await settled(seen.page);
        for (const route of consoleRoutes().filter((r) => r.role === role)) {
          const name = `console-${route.name}-${role}`;
          if (ONLY && !ONLY.test(name)) continue;
          // As a click does it, within the page; a whole load was looked at with the sign-in.
          await seen.page.evaluate((url) => history.pushState(null, '', url), route.url);
          await seen.page.locator('.main, .state-page').first().waitFor();
          found.push(...(await judge(seen, l, name)));
        }
      } finally {
        await seen.context.close();
      }
    }
    assert.deepEqual(found, []);
  });
}

for (const [n, l] of PHONE_LOOKS.entries()) {
  test(`phone ${l.name}`, { timeout: 600_000 }, async () => {
    const me = await walker(n);
    const seen = await watched(l, true);
    const { page } = seen;
    const found = [];
    const see = async (name) => {
      if (!ONLY || ONLY.test(`phone-${name}`)) found.push(...(await judge(seen, l, `phone-${name}`)));
    };
    const at = async (url, name) => {
      await page.goto(`${server.base}/m${url}`);
      await page.locator('.phone').first().waitFor();
      await see(name);
    };
    try {
      await at('/', 'sign-in');
      await at('/install', 'install');
      await page.goto(`${server.base}/m/`);
      await page.locator('input[name=username]').fill(me.login);
      await page.locator('input[name=password]').fill(PASSWORD);
      await page.locator('button[type=submit]').click();
      const stop = page.locator('main, .phone').getByText(me.own[0].name).first();
      const agree = page.getByRole('button', { name: /^(同意并开始|Agree and start)$/ });
      await stop.or(agree).first().waitFor();
      if (!(await stop.isVisible())) {
        await see('consent');
        await agree.click();
      }
      await stop.waitFor();
      await see('today');
      for (const [url, name] of [['/customers', 'customers'], [`/customers/${me.own[0].id}`, 'customer'], ['/new', 'new'], ['/new-visit', 'new-visit'], ['/new-problem', 'new-problem'], ['/knowledge', 'knowledge'], [`/knowledge/${facts.article}`, 'article'], ['/practice', 'practice'], ['/objects/promotion', 'records'], ['/objects/promotion/new', 'record-new'],
        ['/inbox', 'inbox'], ['/me', 'me'], ['/me/sync', 'sync'], ['/me/day', 'day'], ['/me/devices', 'devices'], ['/me/permissions', 'permissions'],
        ['/me/tracker', 'tracker'], ['/me/ledger', 'ledger'], ['/me/mileage', 'mileage'], ['/attendance', 'attendance'], ['/attendance/month', 'attendance-month'], ['/attendance/new/leave', 'attendance-leave'], ['/me/receipts', 'receipts'], ['/me/policy', 'policy'], ['/me/password', 'password'], ['/nowhere', 'missing'],
        [`/check-in-customer/${me.own[1].id}`, 'check-in-customer'], [`/check-in/${me.tasks[0].id}`, 'check-in']]) await at(url, name);
      const cta = page.locator('.cta').first();
      await until(() => cta.isEnabled(), 'a check-in that may be pressed', 30_000);
      await cta.click();
      // The first step is the shop front: the camera opens by itself, perhaps after asking.
      await page.waitForURL(/\/visit\/[^/]+\/camera\//);
      const shutter = page.locator('.shutter');
      const ready = page.locator('.shutter:enabled');
      await ready.or(cta).first().waitFor();
      if (await cta.isVisible()) {
        await see('camera-ask');
        await cta.click();
      }
      await ready.waitFor();
      await page.waitForTimeout(600);
      await see('camera');
      await shutter.click();
      await page.locator('.low .cta:not(.sec)').waitFor();
      await see('camera-shot');
      await page.locator('.low .cta:not(.sec)').click();
      await page.waitForURL(/\/visit\/[^/]+$/);
      await see('visit');
      const visit = new URL(page.url()).pathname.slice('/m'.length);
      await page.locator('.foot .cta').last().click();
      await see('visit-step');
      await at(`${visit}/finish`, 'finish');
      await at('/', 'today-open');
      await at('/me/sync', 'sync-after');
    } catch (error) {
      // What was wrong until here tells more than the step that failed.
      if (SHOTS) await page.screenshot({ path: path.join(SHOTS, `failed-phone-${l.name}.png`) }).catch(() => undefined);
      throw new Error(`${error.message}\n${found.join('\n')}`);
    } finally {
      await seen.context.close();
    }
    assert.deepEqual(found, []);
  });
}
