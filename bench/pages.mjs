// What a person waits for on a page of either app in the demo company: largest content drawn (LCP), shift of the layout (CLS), time
// the page is blocked while it loads (TBT: what long tasks take beyond 50 ms), and from a key or click to the next frame (INP: the
// worst). Beside them the sign-in page, in the same run. THROTTLE slows the phone's processor by that factor (4: a phone of the middle class).
//   TASHI_BIN=target/release/tashi THROTTLE=4 node bench/pages.mjs     AT=url DATA=dir: a demo server that runs already
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { api, browser, folder, startServer, until } from '../e2e/lib.mjs';

const THROTTLE = Number(process.env.THROTTLE ?? 1);
const LOADS = 5;
const SETTLED_MS = 2_500;

const server = process.env.AT ? { base: process.env.AT, data: process.env.DATA, stop: () => undefined } : await startServer('sqlite', null, ['--demo']);
try {
  const accounts = await until(() => {
    try {
      return JSON.parse(readFileSync(path.join(server.data, 'demo-accounts.json'), 'utf8')).tenants[0].accounts;
    } catch {
      return null;
    }
  }, 'the demo', 600_000);
  const who = (role) => accounts.find((one) => one.role === role);
  const admin = await api(server.base).as(who('admin').login, who('admin').password);
  const customer = (await admin.get('/api/v1/customers?limit=1')).items[0].id;

  console.log('page'.padEnd(30), '  LCP'.padStart(9), 'CLS'.padStart(7), 'TBT'.padStart(9), 'INP'.padStart(9), ' LCP of sign-in');
  await seen({
    phone: false, start: '/login', account: who('manager'),
    pages: [
      ['console, home', '/', null],
      ['console, customers', '/customers?layout=list', async (page) => {
        await page.getByPlaceholder(/店名/).first().pressSequentially('副食', { delay: 120 });
        await page.waitForTimeout(600);
        await page.locator('.data-table .row-link').first().click();
      }],
      [`console, customer`, `/customers/${customer}`, async (page) => page.getByRole('tab').nth(1).click()],
      ['console, tasks', '/tasks', async (page) => page.locator('.data-table .row-link').first().click()],
      ['console, visits', '/visits', null],
      ['console, reports', '/reports', null],
      ['console, live map', '/live', null],
    ],
  });
  await seen({
    phone: true, start: '/m/', account: who('rep'),
    pages: [
      ['phone, today', '/m/', null],
      ['phone, customers', '/m/customers', async (page) => page.locator('input').first().pressSequentially('副食', { delay: 120 })],
      ['phone, own page', '/m/me', null],
    ],
  });
} finally {
  await server.stop();
}

/** Opens pages as one person, each several times, and prints what was waited for. */
async function seen({ phone, start, account, pages }) {
  const context = await browser({ profile: folder(), phone, still: true, place: { longitude: 118.79, latitude: 32.05, accuracy: 8 } });
  try {
    await context.addInitScript(() => {
      const kept = { lcp: 0, cls: 0, tbt: 0, inp: 0 };
      window.waited = kept;
      const watch = (type, take, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
      watch('largest-contentful-paint', (entry) => { kept.lcp = entry.startTime; });
      watch('layout-shift', (entry) => { if (!entry.hadRecentInput) kept.cls += entry.value; });
      watch('longtask', (entry) => { kept.tbt += Math.max(0, entry.duration - 50); });
      watch('event', (entry) => { if (entry.interactionId) kept.inp = Math.max(kept.inp, entry.duration); }, { durationThreshold: 16 });
    });
    const page = context.pages()[0];
    if (phone && THROTTLE > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
    const base = await loads(page, start, null);
    await page.goto(server.base + start);
    const [login, password] = [page.locator('input[autocomplete=username]').first(), page.locator('input[type=password]').first()];
    await login.fill(account.login);
    await password.fill(account.password);
    await page.locator('button[type=submit]').click();
    await password.waitFor({ state: 'detached' });
    const agree = page.getByRole('button', { name: '同意并开始' });
    if (phone) await agree.click({ timeout: 5_000 }).catch(() => undefined);
    for (const [name, url, act] of pages) {
      const waited = await loads(page, url, act);
      console.log(name.padEnd(30), ms(waited.lcp), waited.cls.toFixed(3).padStart(7), ms(waited.tbt), act ? (waited.inp ? ms(waited.inp) : '< 16 ms'.padStart(9)) : ''.padStart(9), `${(waited.lcp / base.lcp).toFixed(1)} ×`.padStart(10));
    }
  } finally {
    await context.close();
  }
}

/** The median of several loads of a page; of what is done on it the worst. */
async function loads(page, url, act) {
  const all = [];
  for (let i = 0; i <= LOADS; i++) {
    await page.goto(server.base + url);
    await page.waitForTimeout(SETTLED_MS);
    const loaded = await page.evaluate(() => ({ ...window.waited }));
    if (act) {
      await act(page);
      await page.waitForTimeout(500);
    }
    const { inp } = await page.evaluate(() => window.waited);
    // The first load fills the browser's own store.
    if (i > 0) all.push({ ...loaded, inp });
  }
  const median = (what) => all.map((one) => one[what]).sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return { lcp: median('lcp'), cls: median('cls'), tbt: median('tbt'), inp: Math.max(...all.map((one) => one.inp)) };
}

function ms(value) {
  return `${value.toFixed(0)} ms`.padStart(9);
}
