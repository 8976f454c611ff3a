// A company under mixed load, and what it was told is kept: for tests that kill servers.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
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

/** A small grey picture. */
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCgBD//2Q==', 'base64');
const PIECE = 256 * 1024;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A picture like no other, of several pieces: the grey one with noise in its comments. */
function picture() {
  const comments = Array.from({ length: 9 }, () => Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), randomBytes(0xffff - 2)]));
  return Buffer.concat([JPEG.subarray(0, 2), ...comments, JPEG.subarray(2)]);
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
  const person = (await rep.get('/api/v1/me')).employee.id;
  const shop = await admin.post('/api/v1/customers', { name: '起点', at: PLACE, owner_id: person });
  return { shop: shop.id, person };
}

/** What servers have said is kept. */
export const nothingYet = (photos = false) => ({ customers: new Set(), visits: new Set(), fixes: new Set(), ...(photos ? { photos: new Set() } : {}) });

/**
 * Five senders without pause: three make customers, one visits, one sends positions; a sixth, where photos are kept, sends
 * photos of visits in pieces and resumes. `admin()` and `rep()` give the API of each
 * request. What was sent without an answer is sent again, the same, until it is answered: a server that was killed in between
 * may have kept it already. `sound()` throws what a sender has met; `stop()` ends them, what has no answer then is left.
 */
export function mixedLoad(acknowledged, { shop, person, admin, rep }) {
  let running = true;
  let fault = null;
  let refused = null;
  // An answer that says no is a fault; none at all, or one of a server that has just begun, is what the test is about.
  const answered = async (send) => {
    while (running) {
      try {
        return await send();
      } catch (error) {
        if (error.status && error.status !== 503) throw error;
        refused = error;
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
  const photo = async () => {
    const [visit_id, photo_id, bytes] = [uuid7(), uuid7(), picture()];
    const [at, sha] = [new Date().toISOString(), sha256(bytes)];
    const day = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date());
    const wish = { id: uuid7(), employee_id: person, customer_id: shop, day, window: { from_minute: 0, to_minute: 1439 }, steps: [{ title: '门头照片', kind: 'photo' }] };
    const task = await answered(async () => admin().post('/api/v1/tasks', wish));
    if (!task) return;
    const items = [
      { id: uuid7(), kind: 'visit.check_in', at, body: { visit_id, customer_id: shop, task_id: task.id, fix: { at: PLACE, accuracy_m: 8, t: at }, offline: false } },
      { id: uuid7(), kind: 'visit.photo', at, body: { visit_id, step_id: task.steps[0].id, photo_id, sha256: sha, size: bytes.length, mime: 'image/jpeg', width: 16, height: 16, taken_at: at, live: true } },
      { id: uuid7(), kind: 'visit.check_out', at, body: { visit_id, fix: null } },
    ];
    const receipts = await answered(async () => rep().post('/api/v1/field/sync', { device_id: DEVICE, items }));
    if (!receipts) return;
    for (const receipt of receipts.receipts) assert.ok(['accepted', 'duplicate'].includes(receipt.status), JSON.stringify(receipt));
    acknowledged.visits.add(visit_id);
    const open = () => answered(async () => rep().post('/api/v1/uploads', { id: photo_id, size: bytes.length, sha256: sha, mime: 'image/jpeg' }));
    let state = await open();
    while (running && state && !state.complete) {
      const from = state.offset;
      // A piece that was kept without an answer is known by its offset: the upload goes on behind it.
      state = await answered(async () => rep().piece(`/api/v1/uploads/${photo_id}`, from, bytes.subarray(from, from + PIECE)).catch((error) => (error.status === 409 ? open() : Promise.reject(error))));
    }
    if (state?.complete) acknowledged.photos.add(`${photo_id} ${sha}`);
    // Photos are for being among the others, not for filling the disk.
    await new Promise((r) => setTimeout(r, 100));
  };
  const forever = async (body) => {
    try {
      while (running) await body();
    } catch (error) {
      fault ??= error;
    }
  };
  const all = [customers, customers, customers, visit, positions, ...(acknowledged.photos ? [photo] : [])].map(forever);
  const sound = () => {
    if (fault) throw fault;
    return true;
  };
  return {
    sound,
    /** What stood in the way last. */
    refused: () => refused,
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
  const waiting = () => Object.entries(acknowledged).filter(([what, ids]) => ids.size <= had[what]).map(([what]) => what);
  try {
    await until(() => load.sound() && waiting().length === 0, 'something of every kind', 30_000);
  } catch (error) {
    throw new Error(`${error.message}: no ${waiting().join(', ')} after ${JSON.stringify(had)}; last ${load.refused()?.stack ?? 'nothing'}`, { cause: error });
  }
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
  if (acknowledged.photos) {
    stored.photos = [];
    for (const one of acknowledged.photos) {
      const [id] = one.split(' ');
      stored.photos.push(`${id} ${sha256(await admin.bytes(`/api/v1/photos/${id}/original`))}`);
    }
  }
  for (const [what, rows] of Object.entries(stored)) {
    const there = new Set(rows);
    assert.equal(there.size, rows.length, `${what} twice`);
    const missing = [...acknowledged[what]].filter((id) => !there.has(id));
    assert.deepEqual(missing, [], `${what} lost of ${acknowledged[what].size}`);
  }
}
