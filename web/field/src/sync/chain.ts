/**
 * The chain of what this phone signs, as pure functions. A seal names a few records by id and hash and the seal before it;
 * it is written and signed once, and sent as it is until the server holds it. See docs/truth.md, "Signatures of phones".
 */
import type { Heard } from './mono.ts';

/** Records of one seal. */
export const SEALED_AT_ONCE = 100;
/** Seals of one request. */
export const SENT_AT_ONCE = 300;
const NOTHING_BEFORE = '0'.repeat(64);

/** The newest seal of a person's chain on this phone. */
export interface Head {
  seq: number;
  /** SHA-256 of its text. */
  digest: string;
}

/** A record to be sealed: the exact text that will be sent, hashed, and when it was made by which start of the app. */
export interface Sealable {
  id: string;
  sha256: string;
  made: { origin: string; mono: number } | null;
}

export interface Moment {
  wall: number;
  mono: number;
  origin: string;
}

/** The next seal's number and text. The text is what is signed: it is never written anew. */
export function nextSeal(head: Head | null, key: string, owner: string, now: Moment, heard: Heard | null, records: readonly Sealable[]): { seq: number; text: string } {
  const seq = head ? head.seq + 1 : 0;
  const items = records.map(({ id, sha256, made }) => ({ id, sha256, mono: made?.origin === now.origin ? made.mono : null }));
  return { seq, text: JSON.stringify({ v: 1, key, owner, seq, prev: head?.digest ?? NOTHING_BEFORE, ...now, heard, items }) };
}

/** A seal as the phone keeps it. */
export interface KeptSeal {
  seq: number;
  /** Life of the server's data in which it said that it holds the seal; '' before. */
  receipt_epoch: string;
}

/**
 * What goes with a batch: everything the server may not hold, from the oldest on, so that it never sees a gap; and the seals of the
 * batch's own records, held or not, so that it can tell what they say.
 */
export function sealsToSend<S extends KeptSeal>(kept: readonly S[], epoch: string | null, ofBatch: ReadonlySet<number>): S[] {
  const ordered = [...kept].sort((a, b) => a.seq - b.seq);
  const missing = ordered.filter((seal) => epoch === null || seal.receipt_epoch !== epoch).slice(0, SENT_AT_ONCE);
  const sent = new Set(missing.map((seal) => seal.seq));
  // One that lies behind what fits would look like a gap: its record goes again with the next batch's seals known.
  const upTo = missing.length < SENT_AT_ONCE ? Number.POSITIVE_INFINITY : (missing.at(-1)?.seq ?? -1);
  return ordered.filter((seal) => sent.has(seal.seq) || (ofBatch.has(seal.seq) && seal.seq <= upTo));
}

/** Same head: nobody else has sealed meanwhile. */
export function isSame(a: Head | null, b: Head | null): boolean {
  return a?.seq === b?.seq && a?.digest === b?.digest;
}
