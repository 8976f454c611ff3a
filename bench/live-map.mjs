// The live map with 2,000 people who all move every second and 10,000 customers: frames a second and how long the page keeps the
// person waiting, beside the same page with 20 people and 100 customers in the same browser on the same machine.
// The server and its demo are real; a proxy in front of it swaps the board, the customers and the stream for large ones. There is no
// graphics card: the browser draws the map on the processor, beside itself and whatever else runs there.
//   TASHI_BIN=target/release/tashi node bench/live-map.mjs [SECONDS]        AT=url uses a demo server that runs already
import http from 'node:http';
import { browser, folder, startServer } from '../e2e/lib.mjs';

const PEOPLE = Number(process.env.PEOPLE ?? 2000);
const CUSTOMERS = Number(process.env.CUSTOMERS ?? 10_000);
const SECONDS = Number(process.argv[2] ?? 20);

const server = process.env.AT ? { base: process.env.AT, data: process.env.DATA, stop: () => undefined } : await startServer('sqlite', null, ['--demo', '--demo-days', '1']);

let seed = 7;
const random = () => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648);
const STATES = ['visit', 'visit', 'moving', 'moving', 'moving', 'idle', 'late', 'silent'];
const id = (kind, n) => `00000000-0000-7000-8000-${kind}${String(n).padStart(11, '0')}`;
const person = (n) => ({
  employee: { id: id(1, n), name: `${'张李王赵孙钱周吴郑冯'[n % 10]}${'伟娜磊倩浩琳敏婷强静'[Math.floor(n / 10) % 10]}${n}`, department: { id: id(3, n % 20), name: `${n % 20 + 1}区` }, post: '业务代表' },
  state: STATES[n % STATES.length], since: null, at: [118.6 + random() * 0.4, 31.9 + random() * 0.3], accuracy_m: 9, bearing_deg: random() * 360, speed_mps: 9,
  fix_at: new Date().toISOString(), battery: 60, policy_mode: 'balanced', recorded_until: null, done: 2, total: 6, visit: null, next: null, late_minutes: n % 8 === 6 ? 20 : null,
  counted_m: 13_700, stay_s: 2760, stops: [],
});
const customer = (n) => ({ id: id(2, n), name: `客户 ${n}`, at: [118.6 + random() * 0.4, 31.9 + random() * 0.3], grade: 'ABC'[n % 3] });
const many = (n, one) => Array.from({ length: n }, (_, i) => one(i));
let people = [];
let customers = [];

const streams = new Set();
const json = (response, body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const proxy = http.createServer((request, response) => {
  if (request.url.startsWith('/api/v1/live')) return json(response, { at: new Date().toISOString(), counts: {}, people });
  if (request.url.startsWith('/api/v1/customers/points')) return json(response, { truncated: false, items: customers });
  if (request.url.startsWith('/api/v1/stream')) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`event: hello\ndata: ${JSON.stringify({ server_time: new Date().toISOString() })}\n\n`);
    streams.add(response);
    return request.on('close', () => streams.delete(response));
  }
  const onward = http.request(server.base + request.url, { method: request.method, headers: { ...request.headers, host: new URL(server.base).host } }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
});
await new Promise((done) => proxy.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${proxy.address().port}`;
const move = setInterval(() => {
  const now = new Date().toISOString();
  for (const one of people) {
    one.at = [one.at[0] + (random() - 0.5) * 2e-4, one.at[1] + (random() - 0.5) * 2e-4];
    one.fix_at = now;
    if (random() < 0.01) one.state = STATES[Math.floor(random() * STATES.length)];
  }
  const frame = `event: live\ndata: ${JSON.stringify({ people })}\n\n`;
  for (const stream of streams) stream.write(frame);
}, 1000);

try {
  for (const [n, m] of [[20, 100], [PEOPLE, CUSTOMERS]]) await measure(n, m);
} finally {
  clearInterval(move);
  for (const stream of streams) stream.end();
  proxy.close();
  await server.stop();
}

async function measure(n, m) {
  [people, customers] = [many(n, person), many(m, customer)];
  const context = await browser({ profile: folder() });
  try {
    const page = context.pages()[0];
    await page.addInitScript(() => localStorage.setItem('tashi.live.layers', JSON.stringify({ plan: true, fence: true, driven: true, customers: 'all' })));
    await page.goto(`${base}/login`);
    await page.locator('.demo-accounts button').first().click();
    await page.waitForURL((url) => url.pathname !== '/login');
    await page.goto(`${base}/live`);
    await page.locator('.live-person').first().waitFor();
    await page.waitForTimeout(4000);
    await page.evaluate(() => {
      const seen = { tasks: [], frames: [] };
      globalThis.seen = seen;
      new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'longtask' });
      let last = performance.now();
      const frame = (now) => { seen.frames.push(now - last); last = now; requestAnimationFrame(frame); };
      requestAnimationFrame(frame);
    });
    const begin = Date.now();
    const waits = [];
    // Somebody works with it all the while: filters, picks a person, drags the map.
    while (Date.now() - begin < SECONDS * 1000) {
      for (const press of [
        () => page.locator('.live-counts button').nth(waits.length % 8).click(),
        () => page.locator('.live-counts button.on').click(),
        () => page.locator('.live-person').nth(waits.length % 5).click(),
      ]) {
        await press();
        // From the input to the next painted frame, inside the page.
        waits.push(await page.evaluate(() => new Promise((done) => { const t = performance.now(); requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - t))); })));
      }
      const map = await page.locator('.live-map').boundingBox();
      await page.mouse.move(map.x + 400, map.y + 300);
      await page.mouse.down();
      for (let i = 0; i < 10; i++) await page.mouse.move(map.x + 400 - i * 12, map.y + 300 + i * 6);
      await page.mouse.up();
    }
    const seconds = (Date.now() - begin) / 1000;
    const { tasks, frames } = await page.evaluate(() => globalThis.seen);
    for (const list of [tasks, frames, waits]) list.sort((a, b) => a - b);
    const at = (list, share) => (list.length ? list[Math.min(list.length - 1, Math.floor(list.length * share))] : 0);
    const sum = tasks.reduce((a, b) => a + b, 0);
    console.log(`live map, ${n} people moving each second, ${m} customers, ${seconds.toFixed(0)} s of filtering, picking and dragging`);
    console.log(`  frames              ${(frames.length / seconds).toFixed(1)} a second   between two: median ${at(frames, 0.5).toFixed(0)} ms   p95 ${at(frames, 0.95).toFixed(0)} ms   worst ${at(frames, 1).toFixed(0)} ms`);
    console.log(`  click to painted    median ${at(waits, 0.5).toFixed(0)} ms   p95 ${at(waits, 0.95).toFixed(0)} ms   (${waits.length} clicks)`);
    console.log(`  long tasks          ${tasks.length}, ${(sum / seconds / 10).toFixed(1)} % of the time   p95 ${at(tasks, 0.95).toFixed(0)} ms   worst ${at(tasks, 1).toFixed(0)} ms`);
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT.replace('.png', `-${n}.png`) });
  } finally {
    await context.close();
  }
}
