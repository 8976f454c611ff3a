import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Head, isSame, nextSeal, sealsToSend } from './chain.ts';
import { dice } from './simulation.ts';

const hash = async (text: string) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))].map((b) => b.toString(16).padStart(2, '0')).join('');

describe('the chain as pure functions', () => {
  it('begins at nothing and goes on from its head', async () => {
    const now = { wall: 1, mono: 2, origin: 'a' };
    const first = nextSeal(null, 'k', 'u', now, null, [{ id: 'i', sha256: 's', made: { origin: 'b', mono: 9 } }]);
    expect(JSON.parse(first.text)).toEqual({ v: 1, key: 'k', owner: 'u', seq: 0, prev: '0'.repeat(64), wall: 1, mono: 2, origin: 'a', heard: null, items: [{ id: 'i', sha256: 's', mono: null }] });
    const head: Head = { seq: 0, digest: await hash(first.text) };
    const second = nextSeal(head, 'k', 'u', now, { nonce: 'n', wall: 1, mono: 1 }, [{ id: 'j', sha256: 't', made: { origin: 'a', mono: 2 } }]);
    expect(JSON.parse(second.text)).toMatchObject({ seq: 1, prev: head.digest, heard: { nonce: 'n' }, items: [{ id: 'j', mono: 2 }] });
    expect(isSame(head, { ...head }) && isSame(null, null)).toBe(true);
    expect(isSame(head, null) || isSame(head, { ...head, seq: 2 })).toBe(false);
  });

  it('sends what the server may not hold from the oldest on, and the seals of the batch', () => {
    const kept = [3, 0, 2, 1].map((seq) => ({ seq, receipt_epoch: seq < 2 ? 'A' : '' }));
    const seqs = (epoch: string | null, batch: number[]) => sealsToSend(kept, epoch, new Set(batch)).map((s) => s.seq);
    expect(seqs('A', [])).toEqual([2, 3]);
    expect(seqs('A', [0, 3])).toEqual([0, 2, 3]);
    expect(seqs('B', [])).toEqual([0, 1, 2, 3]);
    expect(seqs(null, [])).toEqual([0, 1, 2, 3]);
    // More than fits: no seal goes before one that the server lacks.
    const many = Array.from({ length: 500 }, (_, seq) => ({ seq, receipt_epoch: '' }));
    expect(sealsToSend(many, 'A', new Set([450])).map((s) => s.seq)).toEqual(Array.from({ length: 300 }, (_, seq) => seq));
  });
});

const open: { close: () => void; delete: () => Promise<void> }[] = [];
async function phone() {
  // A fresh import is a restarted app: memory gone, database kept.
  vi.resetModules();
  const store = await import('./store.ts');
  const { seal } = await import('./seal.ts');
  open.push(store.db);
  return { ...store, seal };
}
type Phone = Awaited<ReturnType<typeof phone>>;
let made = 0;
const record = (p: Phone, owner: string) => {
  const id = `r${++made}`;
  return p.db.transaction('rw', p.db.outbox, () => p.append([{
    id, owner, lane: 'item', needs: [], size: 0, restarts: 0, status: 'queued', receipt: null, refusal: null, kind: 'notice.read', at: new Date().toISOString(),
    body: { notice_id: id }, visit_id: null, about: '', day: '2026-11-30', app: 't', offline: true, receipt_epoch: '', sent: 0,
  }]));
};

/** Every record under exactly one seal, every seal signed, no number missing, each going on from the one before. */
async function check(p: Phone, owner: string) {
  const seals = await p.db.seals.where('owner').equals(owner).sortBy('seq');
  const { pair } = (await p.db.kv.get('signing_key'))?.value as { pair: CryptoKeyPair };
  expect(pair.privateKey.extractable).toBe(false);
  let prev = '0'.repeat(64);
  const named: string[] = [];
  for (const [k, one] of seals.entries()) {
    const said = JSON.parse(one.statement) as { seq: number; prev: string; items: { id: string; sha256: string }[] };
    expect([one.seq, said.seq, said.prev]).toEqual([k, k, prev]);
    const signature = Uint8Array.from(atob(one.signature.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    expect(signature.length).toBe(64);
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, signature, new TextEncoder().encode(one.statement))).toBe(true);
    prev = await hash(one.statement);
    for (const item of said.items) {
      named.push(item.id);
      const row = await p.db.outbox.get(item.id);
      expect(item.sha256).toBe(await hash(JSON.stringify(p.itemOf(row as never))));
      expect(row?.sealed).toBe(k);
    }
  }
  const all = await p.db.outbox.filter((row) => row.owner === owner && row.lane === 'item').primaryKeys();
  expect(named.sort()).toEqual(all.sort());
}

describe('sealing on a real database', () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const db of open.splice(0)) {
      db.close();
      await db.delete().catch(() => undefined);
    }
  });

  it('seals offline, in order, also for two people on one phone', async () => {
    const p = await phone();
    for (const owner of ['u1', 'u2', 'u1']) {
      await record(p, owner);
      await p.seal(owner);
    }
    await record(p, 'u1');
    await record(p, 'u1');
    await p.seal('u1');
    await check(p, 'u1');
    await check(p, 'u2');
    expect((await p.db.seals.where('owner').equals('u1').toArray()).length).toBe(3);
  });

  it('leaves no gap wherever it is killed, and two tabs make one chain', async () => {
    const roll = dice(7);
    let p = await phone();
    for (let round = 0; round < 40; round++) {
      for (let k = Math.floor(roll() * 3); k >= 0; k--) await record(p, 'u1');
      const subtle = crypto.subtle;
      // Killed: nothing after this await ever happens.
      const dead = () => new Promise<never>(() => undefined);
      const die = Math.floor(roll() * 6);
      if (die === 0) vi.spyOn(subtle, 'sign').mockImplementationOnce(dead);
      if (die === 1) vi.spyOn(subtle, 'digest').mockImplementationOnce(dead);
      if (die === 2) vi.spyOn(p.db.seals, 'add').mockImplementationOnce(() => { throw new Error('killed while writing'); });
      const tabs = die === 3 ? 2 : 1;
      const running = Promise.allSettled(Array.from({ length: tabs }, () => p.seal('u1')));
      await Promise.race([running, new Promise((done) => { setTimeout(done, die <= 1 ? 5 : 2_000); })]);
      vi.restoreAllMocks();
      if (die <= 2) {
        p.db.close();
        p = await phone();
      }
    }
    await p.seal('u1');
    await check(p, 'u1');
  });
});
