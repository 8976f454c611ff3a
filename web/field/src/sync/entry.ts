/**
 * What waits on this phone for the server. An entry leaves the phone only after its own receipt, and then
 * seven days later: a server restored from a backup is offered everything it may have forgotten.
 */

/** How an entry travels: with others in one batch, as a file in chunks, or as positions. */
export type Lane = 'item' | 'upload' | 'fixes';

/** `open` still grows, `queued` wants to go, `refused` needs its owner, `set_aside` was seen by him. */
export type Status = 'open' | 'queued' | 'receipted' | 'refused' | 'set_aside';

/** The server's word that it holds the entry durably. */
export interface Receipt {
  /** Life of the server's data in which the word was given; a restored backup starts another one. */
  epoch: string;
  status: 'accepted' | 'duplicate';
  /** Server time in ms; the phone's clock decides nothing about deletion. */
  at: number;
}

/** Why the server will not take it, in its words. */
export interface Refusal {
  code: string;
  title: string;
  detail: string;
  /** Of the request that was refused as a whole; records refused one by one are named by their own id. */
  request_id?: string | null;
}

/** The part of a stored entry the machine decides on; body and file stay in the store. */
export interface Entry {
  id: string;
  /** Employee who recorded it. Travels only under his own sign-in. */
  owner: string;
  lane: Lane;
  /** Order of recording on this phone. */
  seq: number;
  /** Entries the server must hold first, e.g. the check-in before its steps. */
  needs: readonly string[];
  /** Bytes of the file, 0 for the other lanes. */
  size: number;
  /** Times a finished upload did not have the promised hash. */
  restarts: number;
  status: Status;
  receipt: Receipt | null;
  refusal: Refusal | null;
}

/** One durable change of one entry. Changes merge in any order, so two tabs cannot undo each other. */
export type Change =
  | { to: 'receipted'; receipt: Receipt }
  | { to: 'refused'; refusal: Refusal; epoch: string | null }
  | { to: 'queued' }
  | { to: 'set_aside' }
  | { to: 'restarted' };

/** Applies a change to the row as it is now in the store. A receipt is never taken back within its epoch. */
export function merge<E extends Entry>(entry: E, change: Change): E {
  switch (change.to) {
    case 'receipted':
      return { ...entry, status: 'receipted', receipt: change.receipt, refusal: null };
    case 'refused':
      // Only a server that has forgotten it may refuse what an earlier life of it accepted.
      if (entry.status === 'receipted' && entry.receipt?.epoch === change.epoch) return entry;
      return { ...entry, status: 'refused', refusal: change.refusal };
    case 'queued':
      return entry.status === 'receipted' ? entry : { ...entry, status: 'queued', refusal: null, restarts: 0 };
    case 'set_aside':
      return entry.status === 'refused' ? { ...entry, status: 'set_aside' } : entry;
    case 'restarted':
      return { ...entry, restarts: entry.restarts + 1 };
  }
}

/** True while the server, as it is in this epoch, may not hold the entry. */
export function isDue(entry: Entry, epoch: string | null): boolean {
  if (entry.status === 'queued') return true;
  return entry.status === 'receipted' && epoch !== null && entry.receipt?.epoch !== epoch;
}

/** True for what would be lost with the phone: not sealed, not sent, or refused and not yet looked at. */
export function isUnsent(entry: Pick<Entry, 'status'>): boolean {
  return entry.status === 'open' || entry.status === 'queued' || entry.status === 'refused';
}

/** Days a copy stays after its receipt. */
export const KEEP_DAYS = 7;

/**
 * Entries whose copy may go: receipted in the epoch the server confirmed just now, older than
 * {@link KEEP_DAYS} by the server's own clock, and needed by nothing that stays.
 */
export function expired(entries: readonly Entry[], epoch: string, serverNow: number): string[] {
  const old = (e: Entry) =>
    e.status === 'receipted' && e.receipt?.epoch === epoch && serverNow - e.receipt.at > KEEP_DAYS * 86_400_000;
  const kept = new Set(entries.filter((e) => !old(e)).flatMap((e) => e.needs));
  return entries.filter((e) => old(e) && !kept.has(e.id)).map((e) => e.id);
}
