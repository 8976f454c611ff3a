// A company under mixed load, and what it was told is kept: for tests that kill servers.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PASSWORD, api, until } from './lib.mjs';

const DEVICE = '00000000-0000-7000-8000-000000000001';
const PLACE = [118.79, 32.05];

export function uuid7() {
  const b = randomBytes(16);
  b.writeUIntBE(Date.now(), 0, 6);
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** A new company whose one rep, 张伟, is on duty around the clock, and a customer he may visit. */
export async function foundCompany(server) {
  await api(server.base).post('/api/v1/setup', { company: '甲', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await api(server.base).as('zhoumin');
  const department = (await admin.get('/api/v1/departments')).items[0].id;
  const role = (await admin.get('/api/v1/roles')).items.find((r) => r.key === 'rep').id;
  const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
  await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: role, department_id: department, calendar_id: calendar.id });
  const rep = await api(server.base).as('zhangwei');
  const shop = await admin.post('/api/v1/customers', { name: '起点', at: PLACE, owner_id: (await rep.get('/api/v1/me')).employee.id });
  return { shop: shop.id };
}

/** What servers have said is kept. */
export const nothingYet = () => ({ customers: new Set(), visits: new Set(), fixes: new Set() });

/**
 * Five senders without pause: three make customers, one visits, one sends positions. `admin()` and `rep()` give the API of each
 * request. What was sent without an answer is sent again, the same, until it is answered: a server that was killed in between
 * may have kept it already. `sound()` throws what a sender has met; `stop()` ends them, what has no answer then is left.
 */
export function mixedLoad(acknowledged, { shop, admin, rep }) {
  let running = true;
  let fault = null;
  // An answer that says no is a fault; none at all, or one of a server that has just begun, is what the test is about.
  const answered = async (send) => {
    while (running) {
      try {
        return await send();
      } catch (error) {
        if (error.status && error.status !== 503) throw error;
        await new Promise((r) => setTimeout(r, 20));
      }
    }
    return null;
  };
  const customers = async () => {
    const id = uuid7();
    if (await answered(async () => admin().post('/api/v1/customers', { id, name: `店 ${id}` }))) acknowledged.customers.add(id);
  };
  const visit = async () => {
    const id = uuid7();
    const at = new Date().toISOString();
    const items = [
      { id: uuid7(), kind: 'visit.check_in', at, body: { visit_id: id, customer_id: shop, task_id: null, fix: { at: PLACE, accuracy_m: 8, t: at }, offline: false } },
      { id: uuid7(), kind: 'visit.check_out', at, body: { visit_id: id, fix: null } },
    ];
    const answer = await answered(async () => rep().post('/api/v1/field/sync', { device_id: DEVICE, items }));
    if (!answer) return;
    for (const receipt of answer.receipts) assert.ok(['accepted', 'duplicate'].includes(receipt.status), JSON.stringify(receipt));
    acknowledged.visits.add(id);
  };
  let last = 0;
  const positions = async () => {
    // Never twice the same moment: each position is one that must be there once.
    const from = Math.max(Date.now() - 20, last + 1);
    last = from + 19;
    const fixes = Array.from({ length: 20 }, (_, i) => ({ t: new Date(from + i).toISOString(), at: [PLACE[0] + i * 1e-5, PLACE[1]], accuracy_m: 5 }));
    const answer = await answered(async () => rep().post('/api/v1/field/fixes', { device_id: DEVICE, fixes }));
    if (!answer) return;
    assert.equal(answer.accepted + answer.duplicate, 20, JSON.stringify(answer));
    fixes.forEach((f) => acknowledged.fixes.add(Date.parse(f.t)));
  };
  const forever = async (body) => {
    try {
      while (running) await body();
    } catch (error) {
      fault ??= error;
    }
  };
  const all = [customers, customers, customers, visit, positions].map(forever);
  const sound = () => {
    if (fault) throw fault;
    return true;
  };
  return {
    sound,
    stop: async () => {
      running = false;
      await Promise.all(all);
      sound();
    },
  };
}

/** Waits until something of every kind was acknowledged from now on. */
export async function somethingOfEveryKind(acknowledged, load) {
  const had = Object.fromEntries(Object.entries(acknowledged).map(([what, ids]) => [what, ids.size]));
  await until(() => load.sound() && Object.entries(acknowledged).every(([what, ids]) => ids.size > had[what]), 'something of every kind', 30_000);
}

/** Nothing that was acknowledged is missing, nothing is there twice. */
export async function nothingLostOrDouble(base, acknowledged) {
  const admin = await api(base).as('zhoumin');
  const all = async (path) => {
    const rows = [];
    for (let cursor = ''; ;) {
      const page = await admin.get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`);
      rows.push(...page.items);
      if (!page.next_cursor) return rows;
      cursor = `&cursor=${page.next_cursor}`;
    }
  };
  const stored = {
    customers: (await all('/api/v1/customers')).map((r) => r.id),
    visits: (await all('/api/v1/visits?day_from=2020-01-01')).map((r) => r.id),
    fixes: (await (await api(base).as('zhangwei')).get('/api/v1/me/everything')).days.flatMap((d) => d.positions.map((p) => Date.parse(p.t))),
  };
  for (const [what, rows] of Object.entries(stored)) {
    const there = new Set(rows);
    assert.equal(there.size, rows.length, `${what} twice`);
    const missing = [...acknowledged[what]].filter((id) => !there.has(id));
    assert.deepEqual(missing, [], `${what} lost of ${acknowledged[what].size}`);
  }
}
