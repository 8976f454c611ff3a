// The console's customer list with 10,000 customers: time of the API beside a request that touches no store, and time until a
// browser shows the first rows, beside the same page of an empty company.
//   TASHI_BIN=target/release/tashi node bench/console.mjs
import { signIn } from '../e2e/console.mjs';
import { PASSWORD, api, browser, folder, startServer } from '../e2e/lib.mjs';

const CUSTOMERS = Number(process.env.CUSTOMERS ?? 10_000);
const ASKED = 200;
const OPENED = 5;

const server = await startServer('sqlite');
try {
  const setup = { company: '万店', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD, goal: 'truth' };
  const { token } = await api(server.base).post('/api/v1/setup', setup);
  const admin = api(server.base, token);
  const empty = await firstRows(false);
  await fill();
  const bare = await timed(() => fetch(`${server.base}/healthz`).then((r) => r.text()));
  const lists = {
    'first page, counted': '/customers?limit=100&count=true',
    'searched by name': `/customers?limit=100&count=true&q=${encodeURIComponent('店 77')}`,
    'longest not visited': '/customers?limit=100&sort=last_visit',
    'all as points': '/customers/points',
  };
  console.log(`${CUSTOMERS} customers, SQLite, ${ASKED} requests one after the other (points: ${ASKED / 10})\n`);
  console.log(`${'a request that touches no store'.padEnd(34)} median ${ms(bare.median)}, p99 ${ms(bare.p99)}`);
  for (const [what, path] of Object.entries(lists)) {
    const url = `${server.base}/api/v1${path}`;
    const t = await timed(() => fetch(url, { headers: { authorization: `Bearer ${token}` } }).then((r) => r.text()), path.includes('points') ? ASKED / 10 : ASKED);
    console.log(`${what.padEnd(34)} median ${ms(t.median)}, p99 ${ms(t.p99)}, ${(t.median / bare.median).toFixed(1)} × that request`);
  }
  const full = await firstRows(true);
  console.log(`\nbrowser, from opening /customers to its first rows, median of ${OPENED}: ${full.toFixed(0)} ms; the page of an empty company ${empty.toFixed(0)} ms (${(full / empty).toFixed(2)} ×)`);

  /** Customers come as they do for everybody: by import. */
  async function fill() {
    const lines = ['客户名称,客户编号,等级,经度,纬度,标签,地址'];
    for (let i = 0; i < CUSTOMERS; i++) {
      const [lng, lat] = [118.6 + ((i * 7919) % 10_000) / 25_000, 31.9 + ((i * 104_729) % 10_000) / 25_000];
      lines.push(`店 ${i},K${i},${'ABC'[i % 3]},${lng.toFixed(6)},${lat.toFixed(6)},${i % 5 ? '连锁' : '冰柜'},中山路 ${i} 号`);
    }
    const body = Buffer.from(lines.join('\n'));
    const sent = await fetch(`${server.base}/api/v1/imports?kind=customers&filename=a.csv`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }, body,
    });
    const preview = await sent.json();
    const done = await admin.post(`/api/v1/imports/${preview.id}/commit`, {});
    if (done.created !== CUSTOMERS) throw new Error(`imported ${JSON.stringify(done)}`);
  }

  async function firstRows(filled) {
    const desk = await browser({ profile: folder() });
    try {
      const page = desk.pages()[0];
      await signIn(page, server.base, 'zhoumin');
      const times = [];
      for (let i = 0; i <= OPENED; i++) {
        const begin = performance.now();
        await page.goto(`${server.base}/customers?layout=list`, { waitUntil: 'commit' });
        await page.getByText(filled ? /^店 \d+$/ : /导入/).first().waitFor();
        // The first time fills the browser's cache, as on any day but the first.
        if (i > 0) times.push(performance.now() - begin);
        await page.goto('about:blank');
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
    } finally {
      await desk.close();
    }
  }
} finally {
  await server.stop();
}

async function timed(ask, n = ASKED) {
  const times = [];
  for (let i = 0; i < n + 5; i++) {
    const begin = performance.now();
    await ask();
    if (i >= 5) times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  return { median: times[Math.floor(n / 2)], p99: times[Math.ceil(n * 0.99) - 1] };
}

function ms(v) {
  return `${v.toFixed(1)} ms`;
}
