import { describe, expect, it } from 'vitest';
import { type Entry, KEEP_DAYS, expired, isUnsent, merge } from './entry.ts';
import { CHUNK, type Event, MAX_PAUSE, type Outbox, emptyOutbox, step } from './machine.ts';
import { World } from './simulation.ts';

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  id, owner: 'u1', lane: 'item', seq: Number(id.slice(1)), needs: [], size: 0, restarts: 0, status: 'queued', receipt: null, refusal: null, ...more,
});

function play(entries: Entry[], ...events: Event[]) {
  let state: Outbox = { ...emptyOutbox(), epoch: 'A' };
  let effects = step(state, { is: 'signed_in', owner: 'u1' })[1];
  [state, effects] = step(step(state, { is: 'signed_in', owner: 'u1' })[0], { is: 'loaded', entries });
  for (const event of events) [state, effects] = step(state, event);
  return { state, effects };
}
const wake: Event = { is: 'woken', now: 1000, impatient: false };

describe('the outbox', () => {
  it('survives thousands of bad days with one or two tabs, with and without a lock', () => {
    const total = { sent: 0, killed: 0, cut: 0, doubled: 0, restored: 0, quota: 0, dropped: 0, switched: 0, records: 0 };
    for (let seed = 1; seed <= 4000; seed++) {
      const world = new World({ seed, runners: 1 + (seed % 3), locked: seed % 2 === 0, steps: 220 }).run();
      expect(world.problems, `seed ${seed}`).toEqual([]);
      for (const [k, n] of Object.entries(world.counts)) total[k as keyof typeof world.counts] += n;
      total.records += world.acknowledged.length;
    }
    // The simulation is worth something only if every fault really happened.
    for (const [fault, n] of Object.entries(total)) expect(n, fault).toBeGreaterThan(500);
    console.info('simulated', total);
  }, 120_000);

  it('sends a check-in and its steps in one batch, in order', () => {
    const { effects } = play([entry('e2', { needs: ['e1'] }), entry('e1'), entry('e3', { owner: 'u2' })], wake);
    expect(effects).toEqual([{ do: 'send_items', no: 1, ids: ['e1', 'e2'], epoch: 'A' }]);
  });

  it('keeps one refused of many and confirms the rest', () => {
    const { state } = play([entry('e1'), entry('e2'), entry('e3')], wake, {
      is: 'items_answered', no: 1, epoch: 'A', now: 2000, dice: 0, receipts: [
        { id: 'e1', status: 'accepted', at: 5, refusal: null },
        { id: 'e2', status: 'rejected', at: 5, refusal: { code: 'visit.closed', title: 'T', detail: 'D' } },
        { id: 'e3', status: 'duplicate', at: 5, refusal: null },
      ],
    });
    expect([...state.entries.values()].map((e) => e.status)).toEqual(['receipted', 'refused', 'receipted']);
    expect(state.entries.get('e2')?.refusal?.code).toBe('visit.closed');
  });

  it('asks for one repair, not ten, when the check-in is refused', () => {
    const no = (id: string) => ({ id, status: 'rejected' as const, at: 5, refusal: { code: 'x', title: '', detail: '' } });
    const { state, effects } = play([entry('e1'), entry('e2', { needs: ['e1'] })], wake, {
      is: 'items_answered', no: 1, epoch: 'A', now: 2000, dice: 0, receipts: [no('e1'), no('e2')],
    });
    expect(state.entries.get('e2')?.status).toBe('queued');
    expect(effects.some((e) => e.do === 'send_items')).toBe(false);
  });

  it('offers again what an earlier life of the server confirmed', () => {
    const old = entry('e1', { status: 'receipted', receipt: { epoch: 'A', status: 'accepted', at: 1 } });
    expect(play([old], wake).effects).toEqual([]);
    const { effects } = play([old], { is: 'epoch_heard', epoch: 'B', serverNow: 9 }, wake);
    expect(effects).toEqual([{ do: 'send_items', no: 1, ids: ['e1'], epoch: 'B' }]);
  });

  it('pauses on 401 without losing anything and goes on after sign-in', () => {
    const refused: Event = { is: 'failed', no: 1, cause: { is: 'unauthorized' }, now: 2000, dice: 0 };
    const { state, effects } = play([entry('e1')], wake, refused, wake);
    expect(state.access).toBe('expired');
    expect(effects).toEqual([]);
    expect(step(step(state, { is: 'signed_in', owner: 'u1' })[0], wake)[1]).toHaveLength(1);
  });

  it('never sends one person\'s records under another\'s sign-in', () => {
    const { state } = play([entry('e1')]);
    expect(step(step(state, { is: 'signed_in', owner: 'u2' })[0], wake)[1]).toEqual([]);
  });

  it('halves an unreadable batch until the bad one stands alone', () => {
    let { state, effects } = play([entry('e1'), entry('e2'), entry('e3'), entry('e4')], wake);
    let requests = 0;
    for (; effects.some((e) => e.do === 'send_items') && requests < 20; requests++) {
      const sent = effects.find((e) => e.do === 'send_items');
      if (!sent) break;
      const bad = sent.ids.includes('e3');
      [state, effects] = step(state, bad
        ? { is: 'failed', no: sent.no, cause: { is: 'malformed', refusal: { code: 'invalid', title: '', detail: '' } }, now: 0, dice: 0 }
        : { is: 'items_answered', no: sent.no, epoch: 'A', now: 0, dice: 0, receipts: sent.ids.map((id) => ({ id, status: 'accepted', at: 1, refusal: null })) });
    }
    expect([...state.entries.values()].map((e) => e.status)).toEqual(['receipted', 'receipted', 'refused', 'receipted']);
    expect(requests).toBeLessThan(8);
  });

  it('sends a file in chunks after its record and continues where the server stands', () => {
    const file = entry('e2', { lane: 'upload', size: CHUNK + 10, needs: ['e1'] });
    const held = entry('e1', { status: 'receipted', receipt: { epoch: 'A', status: 'accepted', at: 1 } });
    expect(play([entry('e1'), file], wake).effects[0]).toMatchObject({ do: 'send_items', ids: ['e1'] });
    const at = (no: number, offset: number, complete: boolean): Event => ({ is: 'upload_answered', no, offset, complete, at: 1, now: 1, dice: 0 });
    expect(play([held, file], wake).effects).toEqual([{ do: 'open_upload', no: 1, id: 'e2' }]);
    expect(play([held, file], wake, at(1, CHUNK, false)).effects).toEqual([{ do: 'send_chunk', no: 2, id: 'e2', from: CHUNK, to: CHUNK + 10 }]);
    expect(play([held, file], wake, at(1, CHUNK, false), at(2, CHUNK + 10, true)).state.entries.get('e2')?.status).toBe('receipted');
  });

  it('backs off, and a clock set back by ten years does not freeze it', () => {
    const cut: Event = { is: 'failed', no: 1, cause: { is: 'unreachable' }, now: 1e12, dice: 1 };
    const { state, effects } = play([entry('e1')], wake, cut);
    expect(effects).toEqual([{ do: 'wait_until', at: 1e12 + 2000 }]);
    expect(step(state, { is: 'woken', now: 1e12 + 1000, impatient: false })[1]).toEqual([{ do: 'wait_until', at: 1e12 + 2000 }]);
    expect(step(state, { is: 'woken', now: 1e12 + 1000, impatient: true })[1]).toHaveLength(1);
    expect(step(state, { is: 'woken', now: 1e12 - 10 * 365 * 86_400_000, impatient: false })[1][0]).toMatchObject({ do: 'send_items' });
    expect(MAX_PAUSE).toBe(300_000);
  });
});

describe('an entry', () => {
  const receipt = { epoch: 'A', status: 'accepted' as const, at: 0 };
  it('is dropped only with its own receipt of this epoch, after seven days, and not before what needs it', () => {
    const week = KEEP_DAYS * 86_400_000 + 1;
    const done = entry('e1', { status: 'receipted', receipt });
    expect(expired([done], 'A', week)).toEqual(['e1']);
    expect(expired([done], 'A', week - 2)).toEqual([]);
    expect(expired([done], 'B', week)).toEqual([]);
    expect(expired([done, entry('e2', { needs: ['e1'] })], 'A', week)).toEqual([]);
    expect(expired([entry('e3'), entry('e4', { status: 'refused' })], 'A', week)).toEqual([]);
  });
  it('keeps its receipt against a late refusal, but not against a server that forgot it', () => {
    const done = entry('e1', { status: 'receipted', receipt });
    const refusal = { code: 'x', title: '', detail: '' };
    expect(merge(done, { to: 'refused', refusal, epoch: 'A' }).status).toBe('receipted');
    expect(merge(done, { to: 'refused', refusal, epoch: 'B' }).status).toBe('refused');
    expect(isUnsent(done)).toBe(false);
    expect(isUnsent(entry('e2', { status: 'refused' }))).toBe(true);
  });
});
