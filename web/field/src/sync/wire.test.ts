import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';

interface Body { items: { id: string }[]; chain?: { seals: { statement: string }[] } }

/** A server behind `fetch`; `old`: it knows no seals. */
function server() {
  const state = { old: false, enrol: 200, bodies: [] as Body[] };
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', date: new Date().toUTCString() } });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (String(url).endsWith('/me/device-keys')) return answer(state.enrol, state.enrol < 400 ? { id: 'k' } : { code: 'no', title: 'No' });
    const body = JSON.parse(String(init.body)) as Body;
    state.bodies.push(body);
    if (state.old && body.chain) return answer(422, { code: 'invalid', title: 'x' });
    return answer(200, { epoch: 'A', chain: body.chain ? 'held' : undefined, receipts: body.items.map(({ id }) => ({ id, status: 'accepted', received_at: new Date().toISOString() })) });
  });
  return state;
}

const open: { close: () => void; delete: () => Promise<void> }[] = [];
async function phone() {
  vi.resetModules();
  const store = await import('./store.ts');
  const seals = await import('./seal.ts');
  const { perform } = await import('./wire.ts');
  const { drain } = await import('./drain.ts');
  const { ApiClient } = await import('@tashi/shared/api/client.ts');
  open.push(store.db);
  const record = (id: string, status: 'queued' | 'receipted' = 'queued') => store.db.transaction('rw', store.db.outbox, () => store.append([{
    id, owner: 'u1', lane: 'item', needs: [], size: 0, restarts: 0, status, receipt: null, refusal: null, kind: 'notice.read', at: new Date().toISOString(),
    body: { notice_id: id }, visit_id: null, about: '', day: '2026-11-30', app: 't', offline: true, receipt_epoch: '', sent: 0,
  }]));
  const enrolment = { id: 'k', epoch: 'A', sha256: 'x' };
  const client = new ApiClient({ token: () => 't', language: () => 'zh-CN' });
  const send = (ids: string[]) => perform({ do: 'send_items', no: 1, ids, epoch: 'A' }, { client, device: 'd', owner: 'u1', enrolment });
  return { ...store, ...seals, drain, record, send, client, enrolment };
}
const named = (body: Body | undefined) => body?.chain?.seals.flatMap(({ statement }) => (JSON.parse(statement) as Body).items.map(({ id }) => id)) ?? null;

describe('what goes out is signed', () => {
  afterEach(async () => {
    vi.unstubAllGlobals();
    for (const db of open.splice(0)) {
      db.close();
      await db.delete().catch(() => undefined);
    }
  });

  it('also what was recorded since the queue was looked at, and what was taken before there were seals', async () => {
    const s = server();
    const p = await phone();
    await p.record('old', 'receipted');
    await p.record('new');
    await p.send(['old', 'new']);
    expect(named(s.bodies[0])?.sort()).toEqual(['new', 'old']);
  });

  it('when the browser is wrong about the network', async () => {
    const s = server();
    const p = await phone();
    await p.setKey('session', { token: 't', owner: 'u1', me: {} as never, expired: false });
    await p.setKey('device', 'd');
    await p.db.kv.put({ key: 'enrolled/u1', value: p.enrolment });
    vi.stubGlobal('navigator', { onLine: false });
    await p.record('a');
    await p.drain(true);
    expect(named(s.bodies[0])).toEqual(['a']);
  });

  it('and a server that knows no seals still takes the records', async () => {
    const s = server();
    s.old = true;
    const p = await phone();
    await p.record('a');
    expect(await p.send(['a'])).toMatchObject({ is: 'items_answered', receipts: [{ id: 'a', status: 'accepted' }] });
    expect(s.bodies.map((body) => body.chain !== undefined)).toEqual([true, false]);
    // One that will not have the key is sent none.
    s.enrol = 404;
    await p.db.kv.put({ key: 'enrolled/u1', value: p.enrolment });
    expect(await p.enrol(p.client, 'u1', 'd', 'B')).toBeNull();
    expect(await p.enrolled('u1')).toBeNull();
  });
});
