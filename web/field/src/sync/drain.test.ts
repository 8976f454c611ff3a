import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Customer, Step, Task } from '@tashi/shared/api';

interface Seen { owner: string; path: string; ids: string[] }

/** A server in memory behind `fetch`; each test sets what goes wrong. */
function server() {
  const state = {
    seen: [] as Seen[], items: new Map<string, string>(), files: new Map<string, number[]>(), epoch: 'A', cutAfterCommit: 0, unauthorized: false, reject: '' as string,
  };
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', date: new Date().toUTCString() } });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const owner = new Headers(init.headers).get('authorization')?.replace('Bearer token-of-', '') ?? '';
    const path = String(url).replace('/api/v1', '');
    if (state.unauthorized) return answer(401, { code: 'auth.expired', title: 'x' });
    if (path === '/field/sync') {
      const { items } = JSON.parse(String(init.body)) as { items: { id: string; kind: string }[] };
      state.seen.push({ owner, path, ids: items.map((i) => i.id) });
      const receipts = items.map((i) => {
        // Without its check-in nothing of a visit can be taken.
        if (i.kind === state.reject || (state.reject === 'visit.check_in' && i.kind.startsWith('visit.'))) return { id: i.id, status: 'rejected', code: 'no', title: 'No', detail: '', received_at: new Date().toISOString() };
        const status = state.items.has(i.id) ? 'duplicate' : 'accepted';
        state.items.set(i.id, i.kind);
        return { id: i.id, status, received_at: new Date().toISOString() };
      });
      if (state.cutAfterCommit-- > 0) throw new TypeError('network');
      return answer(200, { epoch: state.epoch, receipts });
    }
    if (path === '/uploads') {
      const { id, size } = JSON.parse(String(init.body)) as { id: string; size: number };
      const have = state.files.get(id) ?? [];
      state.files.set(id, have);
      return answer(200, { id, offset: have.length, complete: have.length === size });
    }
    const id = path.replace('/uploads/', '');
    const have = state.files.get(id) ?? [];
    const from = Number(new Headers(init.headers).get('upload-offset'));
    if (from !== have.length) return answer(409, { code: 'upload.offset', title: 'x', offset: have.length });
    for (const byte of init.body as Uint8Array) have.push(byte);
    if (state.cutAfterCommit-- > 0) throw new TypeError('network');
    return answer(200, { offset: have.length, complete: have.length === 600_000 });
  });
  return state;
}

const customer = { id: 'c', name: '苏福便利', grade: 'A', address: null, at: [118.78, 32.04], radius_m: 150 } as unknown as Customer;
const step: Step = { id: 's1', title: 'x', title_en: null, kind: 'photo', mandatory: true, min: 1, max: 2, options: null, hint: null, form_id: null, form_version: null, guide_id: null, guide_required: false, guide_version: null };

const phones: { drain: (impatient: boolean) => Promise<void>; db: { delete: () => Promise<void>; close: () => void } }[] = [];

async function phone() {
  // A fresh import is a restarted app: memory gone, database kept.
  vi.resetModules();
  const store = await import('./store.ts');
  const { drain } = await import('./drain.ts');
  const record = await import('../work/record.ts');
  const signIn = (owner: string) => store.setKey('session', { token: `token-of-${owner}`, owner, me: {} as never, expired: false });
  if (!(await store.getKey('device'))) await store.setKey('device', 'd');
  const made = { ...store, drain, ...record, signIn };
  phones.push(made);
  return made;
}
type Phone = Awaited<ReturnType<typeof phone>>;
const visitOf = async (p: Phone) => {
  const id = await p.checkIn({ owner: 'u1', customer, task: null, fix: null, fence: null, nonce: null });
  await p.addPhoto(id, step, { bytes: new Uint8Array(600_000).fill(7).buffer, sha256: 'h', width: 1, height: 1, taken_at: new Date().toISOString(), thumb: '', fix: null });
  await p.finishStep(id, step, null);
  await p.saveVisit(id, { summary: '小结' });
  await p.checkOut(id, null);
  return id;
};
const settle = async (p: Phone) => {
  for (let i = 0; i < 40 && (await p.unsent('u1')) > 0; i++) await p.drain(true);
};
const statuses = async (p: Phone) => (await p.db.outbox.orderBy('seq').toArray()).map((row) => `${row.kind} ${row.status}`);

describe('the driver on a real database', () => {
  afterEach(async () => {
    for (const one of phones) await one.drain(false);
    for (const one of phones.slice(1)) one.db.close();
    await phones[0]?.db.delete();
    phones.length = 0;
  });

  it('stores a visit whole, sends it once, and survives cuts and a restart between them', async () => {
    const s = server();
    s.cutAfterCommit = 2;
    let p = await phone();
    await p.signIn('u1');
    const visit = await visitOf(p);
    p = await phone();
    await settle(p);
    expect(await statuses(p)).toEqual(['visit.check_in receipted', 'visit.photo receipted', 'photo receipted', 'visit.step receipted', 'visit.summary receipted', 'visit.check_out receipted']);
    expect([...s.items.values()]).toEqual(['visit.check_in', 'visit.photo', 'visit.step', 'visit.summary', 'visit.check_out']);
    expect([...s.files.values()].map((bytes) => bytes.length)).toEqual([600_000]);
    expect((await p.db.visits.get(visit))?.status).toBe('done');
    expect(await p.db.photos.count()).toBe(1);
  });

  it('sends files with the record that names them, and forgets those that were taken out again', async () => {
    const s = server();
    const p = await phone();
    await p.signIn('u1');
    const chosen = (name: string) => ({ name, mime: 'application/pdf', size: 600_000, sha256: name, bytes: new Uint8Array(600_000).fill(3).buffer });
    const kept = await p.keepFile('u1', chosen('合同.pdf'));
    const gone = await p.keepFile('u1', chosen('草稿.pdf'));
    await settle(p);
    expect([s.files.size, await p.db.photos.count()]).toEqual([0, 2]);
    await p.submitObject('u1', { key: 'promo', number: 1 }, { record_id: 'r1', answers: { doc: [kept.id] }, files: [kept, gone] }, '中秋');
    expect(await p.db.photos.count()).toBe(1);
    await settle(p);
    expect(await statuses(p)).toEqual(['object.create receipted', 'file receipted']);
    expect([...s.files.keys()]).toEqual([kept.id]);
  });

  it('keeps two people on one phone apart', async () => {
    const s = server();
    const p = await phone();
    await p.signIn('u1');
    s.unauthorized = true;
    await p.openProblem('u1', customer, 'a');
    await p.drain(true);
    expect((await p.getKey('session'))?.expired).toBe(true);
    s.unauthorized = false;
    await p.signIn('u2');
    await p.openProblem('u2', customer, 'b');
    await p.drain(true);
    expect(s.seen.every((one) => one.owner === 'u2' && one.ids.length <= 1)).toBe(true);
    expect(await p.unsent('u1')).toBe(1);
    await p.signIn('u1');
    await settle(p);
    expect(await p.unsent('u1')).toBe(0);
    expect(s.items.size).toBe(2);
  });

  it('shows one refused of many, sends it again when asked, and holds what builds on it', async () => {
    const s = server();
    s.reject = 'visit.check_in';
    const p = await phone();
    await p.signIn('u1');
    await visitOf(p);
    await p.drain(true);
    expect((await statuses(p)).filter((one) => one.endsWith('refused'))).toEqual(['visit.check_in refused']);
    expect(s.items.size).toBe(0);
    s.reject = '';
    const refused = await p.db.outbox.where('[owner+status]').equals(['u1', 'refused']).first();
    await p.retry(refused?.id ?? '');
    await settle(p);
    expect(await p.unsent('u1')).toBe(0);
    expect(s.items.size).toBe(5);
  });

  it('lets a mended step take the place of the refused one, with what waited for it', async () => {
    const s = server();
    const p = await phone();
    await p.signIn('u1');
    const steps: Step[] = [{ ...step, id: 's1', kind: 'number', max: null }, { ...step, id: 's2', kind: 'number', max: null }];
    const id = await p.checkIn({ owner: 'u1', customer, task: { id: 't', seq: 1, steps, min_stay_s: 0 } as unknown as Task, fix: null, fence: null, nonce: null });
    s.reject = 'visit.step';
    await p.saveAnswer(id, 's1', { value: 350 });
    await p.finishStep(id, steps[0] as Step, null);
    await p.drain(true);
    await p.saveAnswer(id, 's2', { value: 1 });
    await p.finishStep(id, steps[1] as Step, null);
    await p.checkOut(id, null);
    await p.drain(true);
    const rows = () => p.db.outbox.orderBy('seq').toArray();
    expect((await rows()).map((row) => row.status)).toEqual(['receipted', 'refused', 'queued', 'receipted']);
    s.reject = '';
    const out = (await rows())[3];
    await p.saveAnswer(id, 's1', { value: 35, status: 'todo' });
    await p.finishStep(id, steps[0] as Step, null);
    await settle(p);
    expect((await rows()).map((row) => row.status)).toEqual(['receipted', 'set_aside', 'receipted', 'receipted', 'receipted']);
    expect((await rows())[4]?.at).toBe((await rows())[1]?.at);
    expect(((await rows())[4]?.at ?? '') < (out?.at ?? '')).toBe(true);
  });

  it('counts an answer given just before 完成 was pressed, once, and says what is lacking', async () => {
    server();
    const p = await phone();
    await p.signIn('u1');
    const choice: Step = { ...step, kind: 'choice', options: ['有意向', '无意向'], min: null, max: 1 };
    const id = await p.checkIn({ owner: 'u1', customer, task: { id: 't', seq: 1, steps: [choice], min_stay_s: 0 } as unknown as Task, fix: null, fence: null, nonce: null });
    expect(await p.finishStep(id, choice, null)).toEqual({ code: 'choose', bound: 1 });
    expect((await p.db.visits.get(id))?.answers).toEqual({});
    // Nobody waits for the disk between the two presses, and the second is a double tap.
    const pressed = await Promise.all([p.saveAnswer(id, 's1', { value: '有意向' }), p.finishStep(id, choice, null), p.finishStep(id, choice, null)]);
    expect(pressed).toEqual([undefined, null, null]);
    expect((await p.db.visits.get(id))?.answers.s1).toMatchObject({ status: 'done', value: '有意向' });
    expect((await statuses(p)).map((one) => one.split(' ')[0])).toEqual(['visit.check_in', 'visit.step']);
  });

  it('offers everything again to a server that was restored', async () => {
    const s = server();
    const p = await phone();
    await p.signIn('u1');
    await visitOf(p);
    await settle(p);
    s.items.clear();
    s.files.clear();
    s.epoch = 'B';
    // The next snapshot names the new epoch.
    await p.setKey('epoch', { epoch: 'B', serverNow: Date.now() });
    await p.drain(true);
    expect(s.items.size).toBe(5);
    expect(s.files.size).toBe(1);
    expect((await p.db.outbox.toArray()).every((row) => row.receipt_epoch === 'B')).toBe(true);
  });

  it('drops copies after seven days of the server\'s time, with their photos and visits', async () => {
    server();
    const p = await phone();
    await p.signIn('u1');
    await visitOf(p);
    await settle(p);
    expect(await p.sweep('u1', 'A', Date.now() + 6 * 86_400_000)).toBe(0);
    expect(await p.sweep('u1', 'other epoch', Date.now() + 8 * 86_400_000)).toBe(0);
    expect(await p.sweep('u1', 'A', Date.now() + 8 * 86_400_000)).toBe(6);
    expect([await p.db.outbox.count(), await p.db.photos.count(), await p.db.visits.count()]).toEqual([0, 0, 0]);
  });

  it('says so when the disk is full, and stores nothing half', async () => {
    server();
    const p = await phone();
    await p.signIn('u1');
    const id = await p.checkIn({ owner: 'u1', customer, task: null, fix: null, fence: null, nonce: null });
    const full = vi.spyOn(p.db.visits, 'put').mockImplementation(() => { throw new DOMException('full', 'QuotaExceededError'); });
    const shot = { bytes: new ArrayBuffer(10), sha256: 'h', width: 1, height: 1, taken_at: new Date().toISOString(), thumb: '', fix: null };
    await expect(p.addPhoto(id, step, shot)).rejects.toBeInstanceOf(p.DiskFull);
    full.mockRestore();
    expect([await p.db.outbox.count(), await p.db.photos.count()]).toEqual([1, 0]);
  });

  it('exports everything that is on the phone', async () => {
    const s = server();
    s.unauthorized = true;
    const p = await phone();
    await p.signIn('u1');
    await visitOf(p);
    const file = JSON.parse(await (await p.exportFile('u1')).text()) as { entries: unknown[]; photos: { base64: string }[] };
    expect(file.entries).toHaveLength(6);
    expect(Buffer.from(file.photos[0]?.base64 ?? '', 'base64')).toHaveLength(600_000);
  });
});
