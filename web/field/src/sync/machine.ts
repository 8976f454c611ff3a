/**
 * The outbox as a pure state machine: what to send next, what an answer means, when to try again. It does
 * no I/O, has no clock and no dice of its own, so that every crash and cut can be replayed from a seed.
 *
 * The state is a view of the store. A kill at any point loses only the view: entries stay `queued` in the
 * store until a receipt is saved, and the server knows every entry by its id, so sending twice is harmless.
 */
import { type Change, type Entry, type Receipt, type Refusal, isDue, merge } from './entry.ts';

/** Most entries in one batch. */
export const BATCH = 100;
/** Bytes of a file in one request; small enough to get through a weak cell. */
export const CHUNK = 256 * 1024;
/** Longest pause between two attempts, ms. */
export const MAX_PAUSE = 5 * 60_000;
/** Uploads whose bytes arrive wrong this often are shown to the person. */
const MAX_RESTARTS = 3;

/** What stands between the entries and the server, apart from the network. */
export type Access = 'open' | 'signed_out' | 'expired' | 'forbidden';

/** The one request that is on its way. */
export type Flight = { no: number; epoch: string | null } & (
  | { lane: 'item'; ids: readonly string[] }
  | { lane: 'fixes'; id: string }
  | { lane: 'upload'; id: string; from: number | null }
);

export interface Outbox {
  /** Signed-in employee; entries of others rest. */
  owner: string | null;
  access: Access;
  /** Life of the server's data as last heard. */
  epoch: string | null;
  /** Latest server time heard, ms. */
  serverNow: number;
  entries: ReadonlyMap<string, Entry>;
  flight: Flight | null;
  /** File whose offset the server told us in this run. */
  opened: { id: string; offset: number } | null;
  flights: number;
  batch: number;
  /** Failures in a row. */
  failures: number;
  /** No attempt before this device time, ms. */
  retryAt: number;
}

/** Why a request had no usable answer. */
export type Cause =
  | { is: 'unreachable' }
  | { is: 'busy'; retryAfterMs: number | null }
  | { is: 'unauthorized' }
  | { is: 'forbidden' }
  | { is: 'malformed'; refusal: Refusal }
  | { is: 'file_gone' };

export interface ItemReceipt {
  id: string;
  status: 'accepted' | 'duplicate' | 'rejected';
  /** Server time, ms. */
  at: number;
  refusal: Refusal | null;
}

/** `now` is the phone's clock in ms, `at` the server's, `dice` a random number in [0, 1). */
export type Event =
  | { is: 'loaded'; entries: readonly Entry[] }
  | { is: 'signed_in'; owner: string }
  | { is: 'signed_out' }
  | { is: 'epoch_heard'; epoch: string; serverNow: number }
  | { is: 'woken'; now: number; impatient: boolean }
  | { is: 'items_answered'; no: number; epoch: string; receipts: readonly ItemReceipt[]; now: number; dice: number }
  | { is: 'fixes_answered'; no: number; at: number; now: number }
  | { is: 'upload_answered'; no: number; offset: number; complete: boolean; at: number; now: number; dice: number }
  | { is: 'upload_wrong'; no: number; now: number; dice: number }
  | { is: 'failed'; no: number; cause: Cause; now: number; dice: number };

export type Effect =
  | { do: 'save'; changes: readonly (readonly [id: string, change: Change])[] }
  | { do: 'save_epoch'; epoch: string; serverNow: number }
  /** The server has just named its epoch: copies with an old enough receipt of it may go. */
  | { do: 'sweep'; epoch: string; serverNow: number }
  | { do: 'send_items'; no: number; ids: readonly string[]; epoch: string | null }
  | { do: 'send_fixes'; no: number; id: string }
  | { do: 'open_upload'; no: number; id: string }
  | { do: 'send_chunk'; no: number; id: string; from: number; to: number }
  | { do: 'wait_until'; at: number }
  | { do: 'ask_sign_in'; access: Access };

export type Step = readonly [state: Outbox, effects: readonly Effect[]];

export function emptyOutbox(): Outbox {
  return {
    owner: null, access: 'signed_out', epoch: null, serverNow: 0, entries: new Map(), flight: null, opened: null,
    flights: 0, batch: BATCH, failures: 0, retryAt: 0,
  };
}

/** One step. Effects are to be performed in their order: a receipt is on disk before the next request leaves. */
export function step(state: Outbox, event: Event): Step {
  switch (event.is) {
    case 'loaded':
      return [{ ...state, entries: new Map(event.entries.map((e) => [e.id, e])) }, []];
    case 'signed_in':
      // An answer to the former person's request must not be read as one to this person's.
      return [{ ...state, owner: event.owner, access: 'open', flight: null, opened: null, failures: 0, retryAt: 0 }, []];
    case 'signed_out':
      return [{ ...state, owner: null, access: 'signed_out', flight: null, opened: null }, []];
    case 'epoch_heard':
      return heard(state, event.epoch, event.serverNow);
    case 'woken':
      return next(event.impatient ? { ...state, retryAt: 0 } : state, event.now);
    case 'items_answered':
    case 'fixes_answered':
    case 'upload_answered':
    case 'upload_wrong':
    case 'failed':
      // An answer nobody waits for any more: what it confirmed will be asked again, harmlessly.
      return state.flight?.no === event.no ? landed(state, state.flight, event) : [state, []];
  }
}

type Landing = Extract<Event, { no: number }>;

function landed(before: Outbox, flight: Flight, event: Landing): Step {
  const state = { ...before, flight: null };
  if (event.is === 'failed') return failed(state, flight, event.cause, event.now, event.dice);
  if (event.is === 'items_answered' && flight.lane === 'item') {
    const [heardState, effects] = heard(state, event.epoch, Math.max(0, ...event.receipts.map((r) => r.at)));
    const changes = answerOf(heardState, flight, event.epoch, event.receipts);
    const after = withChanges(heardState, changes);
    const saved: Effect[] = changes.length > 0 ? [...effects, { do: 'save', changes }] : [...effects];
    saved.push({ do: 'sweep', epoch: event.epoch, serverNow: after.serverNow });
    const answered = new Set(event.receipts.map((r) => r.id));
    // A server that leaves entries unanswered must not be asked in a hot loop.
    if (!flight.ids.every((id) => answered.has(id))) return then(saved, pause(after, event.now, event.dice, null));
    return then(saved, next({ ...calm(after), batch: Math.min(BATCH, after.batch * 2) }, event.now));
  }
  if (event.is === 'fixes_answered' && flight.lane === 'fixes') {
    return receipted(state, flight.id, flight.epoch, event.at, event.now);
  }
  if (flight.lane === 'upload' && event.is === 'upload_answered') {
    if (event.complete) return receipted({ ...state, opened: null }, flight.id, flight.epoch, event.at, event.now);
    const moved = { ...state, opened: { id: flight.id, offset: event.offset } };
    const stuck = flight.from !== null && event.offset === flight.from;
    return stuck ? pause(moved, event.now, event.dice, null) : next(calm(moved), event.now);
  }
  if (flight.lane === 'upload' && event.is === 'upload_wrong') {
    return wrongBytes({ ...state, opened: null }, flight.id, event.now, event.dice);
  }
  return [state, []];
}

/** Chooses the next request: records first, then positions, then files, each only when its needs are held. */
function next(state: Outbox, now: number): Step {
  if (state.flight !== null || state.owner === null || state.access !== 'open') return [state, []];
  const due = [...state.entries.values()].filter((e) => e.owner === state.owner && isDue(e, state.epoch)).sort((a, b) => a.seq - b.seq);
  if (due.length === 0) return [state, []];
  // A clock that was set back must not freeze the queue: no pause is ever longer than MAX_PAUSE.
  if (now < state.retryAt && state.retryAt - now <= MAX_PAUSE) return [state, [{ do: 'wait_until', at: state.retryAt }]];

  const no = state.flights + 1;
  const { epoch } = state;
  const fly = (flight: Flight, effect: Effect): Step => [{ ...state, flights: no, flight }, [effect]];
  const ids = batchOf(state, due);
  // Receipts of files and positions carry no epoch of their own, so it must be known before they leave.
  if (ids.length > 0 || epoch === null) return fly({ no, epoch, lane: 'item', ids }, { do: 'send_items', no, ids, epoch });
  const ready = due.filter((e) => e.needs.every((id) => isHeld(state, id)));
  const fixes = ready.find((e) => e.lane === 'fixes');
  if (fixes) return fly({ no, epoch, lane: 'fixes', id: fixes.id }, { do: 'send_fixes', no, id: fixes.id });
  const file = ready.find((e) => e.lane === 'upload' && e.id === state.opened?.id) ?? ready.find((e) => e.lane === 'upload');
  if (!file) return [state, []];
  const from = state.opened?.id === file.id ? state.opened.offset : null;
  return from === null
    ? fly({ no, epoch, lane: 'upload', id: file.id, from }, { do: 'open_upload', no, id: file.id })
    : fly({ no, epoch, lane: 'upload', id: file.id, from }, { do: 'send_chunk', no, id: file.id, from, to: Math.min(from + CHUNK, file.size) });
}

/** Items in order of recording; one may travel with what it needs, behind it. */
function batchOf(state: Outbox, due: readonly Entry[]): string[] {
  const ids: string[] = [];
  const taken = new Set<string>();
  for (const entry of due) {
    if (ids.length === state.batch) break;
    if (entry.lane !== 'item' || !entry.needs.every((id) => taken.has(id) || isHeld(state, id))) continue;
    ids.push(entry.id);
    taken.add(entry.id);
  }
  return ids;
}

/** The server holds it in this epoch. What is no longer on the phone was receipted and has had its seven days. */
function isHeld(state: Outbox, id: string): boolean {
  const entry = state.entries.get(id);
  return entry === undefined || (entry.status === 'receipted' && !isDue(entry, state.epoch));
}

function answerOf(state: Outbox, flight: Flight, epoch: string, receipts: readonly ItemReceipt[]): (readonly [string, Change])[] {
  const flown = new Set(flight.lane === 'item' ? flight.ids : []);
  const mine = receipts.filter((r) => flown.has(r.id));
  const taken = mine.flatMap((r): (readonly [string, Change])[] =>
    r.status === 'rejected' ? [] : [[r.id, { to: 'receipted', receipt: { epoch, status: r.status, at: r.at } }]]);
  const after = withChanges(state, taken);
  const refused = mine.flatMap((r): (readonly [string, Change])[] => {
    const needs = state.entries.get(r.id)?.needs ?? [];
    // It may have failed only because what it builds on was refused too, or was forgotten by a server restored
    // in between: it waits for that one, and the person has one thing to mend or none.
    const inconclusive = needs.length > 0 && (flight.epoch !== epoch || needs.some((id) => !isHeld(after, id)));
    if (r.status !== 'rejected' || inconclusive) return [];
    return [[r.id, { to: 'refused', epoch, refusal: r.refusal ?? { code: 'rejected', title: '', detail: '' } }]];
  });
  return [...taken, ...refused];
}

function receipted(state: Outbox, id: string, epoch: string | null, at: number, now: number): Step {
  // The epoch known when the request left is the safe one: a newer server will simply be offered it again.
  const receipt: Receipt = { epoch: epoch ?? '', status: 'accepted', at };
  const changes = [[id, { to: 'receipted', receipt }]] as const;
  return then([{ do: 'save', changes }], next(calm(withChanges(state, changes)), now));
}

function wrongBytes(state: Outbox, id: string, now: number, dice: number): Step {
  const again = (state.entries.get(id)?.restarts ?? 0) + 1 < MAX_RESTARTS;
  const refusal: Refusal = { code: 'upload.hash_mismatch', title: '', detail: '' };
  const change: Change = again ? { to: 'restarted' } : { to: 'refused', refusal, epoch: state.epoch };
  const changes = [[id, change]] as const;
  const after = withChanges(state, changes);
  return then([{ do: 'save', changes }], again ? pause(after, now, dice, null) : next(after, now));
}

function failed(state: Outbox, flight: Flight, cause: Cause, now: number, dice: number): Step {
  switch (cause.is) {
    case 'unreachable':
      return pause({ ...state, opened: null }, now, dice, null);
    case 'busy':
      return pause(state, now, dice, cause.retryAfterMs);
    case 'unauthorized':
      return [{ ...state, access: 'expired', opened: null }, [{ do: 'ask_sign_in', access: 'expired' }]];
    case 'forbidden':
      return [{ ...state, access: 'forbidden', opened: null }, [{ do: 'ask_sign_in', access: 'forbidden' }]];
    case 'file_gone':
      return refused(state, flight, { code: 'local.file_gone', title: '', detail: '' }, now, dice);
    case 'malformed':
      return refused(state, flight, cause.refusal, now, dice);
  }
}

/** The server could not read the request: halve the batch until the one bad entry stands alone, then show it. */
function refused(state: Outbox, flight: Flight, refusal: Refusal, now: number, dice: number): Step {
  if (flight.lane === 'item' && flight.ids.length !== 1) {
    if (flight.ids.length === 0) return pause(state, now, dice, null);
    return next({ ...state, batch: Math.floor(flight.ids.length / 2) }, now);
  }
  const id = flight.lane === 'item' ? flight.ids[0] : flight.id;
  if (id === undefined) return [state, []];
  const changes = [[id, { to: 'refused', refusal, epoch: state.epoch }]] as const;
  return then([{ do: 'save', changes }], next({ ...withChanges(state, changes), opened: null }, now));
}

function heard(state: Outbox, epoch: string, serverNow: number): Step {
  const at = Math.max(state.serverNow, serverNow);
  if (epoch === state.epoch && at === state.serverNow) return [state, []];
  return [{ ...state, epoch, serverNow: at }, [{ do: 'save_epoch', epoch, serverNow: at }]];
}

function calm(state: Outbox): Outbox {
  return { ...state, failures: 0, retryAt: 0 };
}

/** Exponential pause with jitter, so that a thousand phones do not come back in the same second. */
function pause(state: Outbox, now: number, dice: number, retryAfterMs: number | null): Step {
  const failures = state.failures + 1;
  const ms = retryAfterMs ?? Math.min(MAX_PAUSE, 1000 * 2 ** Math.min(failures, 10)) * (0.5 + dice / 2);
  const retryAt = now + Math.min(ms, MAX_PAUSE);
  return [{ ...state, failures, retryAt }, [{ do: 'wait_until', at: retryAt }]];
}

function withChanges(state: Outbox, changes: readonly (readonly [string, Change])[]): Outbox {
  const entries = new Map(state.entries);
  for (const [id, change] of changes) {
    const entry = entries.get(id);
    if (entry) entries.set(id, merge(entry, change));
  }
  return { ...state, entries };
}

function then(effects: readonly Effect[], [state, more]: Step): Step {
  return [state, [...effects, ...more]];
}
