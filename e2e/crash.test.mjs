// Kills the server in the middle of mixed load, again and again: nothing acknowledged may be missing, nothing
// may be there twice, and it must be back within five seconds. ROUNDS=50 for the long run.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { PASSWORD, api, startServer, until } from './lib.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 6);
const uuid7 = () => {
  const b = randomBytes(16);
  b.writeUIntBE(Date.now(), 0, 6);
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`kill -9 on ${engine}, ${ROUNDS} rounds`, { timeout: 120_000 + ROUNDS * 40_000 }, async (t) => {
    const server = await startServer(engine);
    t.after(() => server.stop());
    await api(server.base).post('/api/v1/setup', { company: '甲', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    let admin = await api(server.base).as('zhoumin');
    const department = (await admin.get('/api/v1/departments')).items[0].id;
    const role = (await admin.get('/api/v1/roles')).items.find((r) => r.key === 'rep').id;
    const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
    await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: role, department_id: department, calendar_id: calendar.id });
    const acknowledged = { customers: new Set(), visits: new Set(), fixes: new Set() };
    const place = await admin.post('/api/v1/customers', { name: '起点', at: [118.79, 32.05], owner_id: (await (await api(server.base).as('zhangwei')).get('/api/v1/me')).employee.id });
    let slowest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      admin = await api(server.base).as('zhoumin');
      const rep = await api(server.base).as('zhangwei');
      let running = true;
      const worker = async (body) => {
        while (running) await body().catch((e) => { if (running && e.status) throw e; });
      };
      const load = [
        ...[0, 1, 2].map(() => worker(async () => {
          const id = uuid7();
          await admin.post('/api/v1/customers', { id, name: `店 ${id}` });
          acknowledged.customers.add(id);
        })),
        worker(async () => {
          const visit = uuid7();
          const item = { id: uuid7(), kind: 'visit.check_in', at: new Date().toISOString(), body: { visit_id: visit, customer_id: place.id, task_id: null, fix: { at: [118.79, 32.05], accuracy_m: 8, t: new Date().toISOString() }, offline: false } };
          const out = { id: uuid7(), kind: 'visit.check_out', at: new Date().toISOString(), body: { visit_id: visit, fix: null } };
          const { receipts } = await rep.post('/api/v1/field/sync', { device_id: '00000000-0000-7000-8000-000000000001', items: [item, out] });
          if (receipts[0].status === 'accepted') acknowledged.visits.add(visit);
        }),
        worker(async () => {
          const now = Date.now();
          const fixes = Array.from({ length: 20 }, (_, i) => ({ t: new Date(now - 20_000 + i * 1000).toISOString(), at: [118.79 + i * 1e-4, 32.05], accuracy_m: 5 }));
          const answer = await rep.post('/api/v1/field/fixes', { device_id: '00000000-0000-7000-8000-000000000001', fixes });
          assert.equal(answer.accepted + answer.duplicate, 20);
          fixes.forEach((f) => acknowledged.fixes.add(Math.floor(Date.parse(f.t))));
        }),
      ];
      // Killed at any moment once something of every kind was acknowledged in this round.
      const had = Object.fromEntries(Object.entries(acknowledged).map(([what, ids]) => [what, ids.size]));
      await until(() => Object.entries(acknowledged).every(([what, ids]) => ids.size > had[what]), 'something of every kind', 30_000);
      await new Promise((r) => setTimeout(r, Math.random() * 900));
      running = false;
      await server.kill();
      await Promise.all(load);
      const begun = Date.now();
      await server.again();
      slowest = Math.max(slowest, Date.now() - begun);
    }
    assert.ok(slowest < 5000, `back within 5 s: ${slowest} ms`);
    admin = await api(server.base).as('zhoumin');
    const all = async (path) => {
      const rows = [];
      for (let cursor = ''; ;) {
        const page = await admin.get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`);
        rows.push(...page.items);
        if (!page.next_cursor) return rows;
        cursor = `&cursor=${page.next_cursor}`;
      }
    };
    for (const [what, path] of [['customers', '/api/v1/customers'], ['visits', '/api/v1/visits?day_from=2020-01-01']]) {
      const ids = (await all(path)).map((r) => r.id);
      assert.equal(new Set(ids).size, ids.length, `${what} twice`);
      const missing = [...acknowledged[what]].filter((id) => !ids.includes(id));
      assert.deepEqual(missing, [], `${what} lost of ${acknowledged[what].size}`);
    }
    t.diagnostic(`${acknowledged.customers.size} customers, ${acknowledged.visits.size} visits, ${acknowledged.fixes.size} fixes acknowledged; slowest restart ${slowest} ms`);
  });
}
