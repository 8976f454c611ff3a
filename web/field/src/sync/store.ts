/**
 * The phone's database. Every write that a person was told is saved is one strict transaction: it is on the
 * disk before the promise resolves. Rows of several people who share the phone lie side by side, by `owner`.
 */
import Dexie, { type Table } from 'dexie';
import type { Customer, Contact, FieldSnapshot, Me, OpenArticle, Problem360, SyncBodies, SyncItem, SyncKind, TrackFix, VisitRow } from '@tashi/shared/api';
import type { LocalVisit } from '../work/visit.ts';
import type { KeptSeal } from './chain.ts';
import { type Change, type Entry, KEEP_DAYS, type Refusal, expired, merge } from './entry.ts';
import { ORIGIN, mono } from './mono.ts';

/** An entry with what it carries. */
export interface OutboxRow extends Entry {
  kind: SyncKind | 'photo' | 'audio' | 'file' | 'fixes';
  /** Device wall clock, RFC 3339. */
  at: string;
  /** Monotonic ms since this page last heard the server's time; absent when it has not yet. */
  mono_ms?: number;
  body: SyncBodies[SyncKind] | { mime: string; sha256: string; name?: string } | { fixes: TrackFix[] };
  visit_id: string | null;
  /** Customer's name, for the sync centre. */
  about: string;
  /** Local day of recording in the company's zone, for today's counts. */
  day: string;
  app: string;
  offline: boolean;
  /** Epoch of the receipt, '' without one: an index key. */
  receipt_epoch: string;
  /** 1 once it has been in a request. */
  sent: 0 | 1;
  /** By the clock nobody can set, in which start of the app it was made. */
  made?: { origin: string; mono: number };
  /** Number of the seal it lies under; absent until it is signed. */
  sealed?: number;
}

/** A seal of one person on this phone: written and signed once. */
export interface SealRow extends KeptSeal {
  owner: string;
  statement: string;
  signature: string;
  /** Server time of the receipt, ms; 0 without one. */
  at: number;
}

export interface PhotoRow {
  id: string;
  owner: string;
  bytes: ArrayBuffer;
  mime: string;
}

/** A customer with everything the phone knows about him offline. */
export interface CustomerRow {
  owner: string;
  id: string;
  customer: Customer;
  contacts: Contact[];
  problems: Problem360[];
  visits: VisitRow[];
}

/** An article kept for the time without a network. */
export interface ArticleRow {
  owner: string;
  id: string;
  article: OpenArticle;
  /** The person pinned it; else it is here because it must be read. */
  pinned: boolean;
}

/** A picture or file of an article or guide. */
export interface FileRow {
  owner: string;
  id: string;
  bytes: ArrayBuffer;
  mime: string;
  size: number;
}

/** The last snapshot without what lies in tables of its own. */
export type SnapshotRow = Omit<FieldSnapshot, 'customers' | 'contacts' | 'problems' | 'visits'> & {
  owner: string;
  /** Device ms when it arrived. */
  fetched: number;
};

export interface Session {
  token: string;
  owner: string;
  me: Me;
  /** The server no longer takes the token; everything stays, the person signs in again. */
  expired: boolean;
}

interface Keys {
  session: Session;
  device: string;
  epoch: { epoch: string; serverNow: number };
  /** Policy text the person has accepted, by employee. */
  consent: Record<string, string>;
  /** Device ms since when there has been no network. */
  offline_since: number;
  /** Days whose start the person has pressed, `owner/day`. */
  started: string;
}

class FieldDb extends Dexie {
  outbox!: Table<OutboxRow, string>;
  photos!: Table<PhotoRow, string>;
  visits!: Table<LocalVisit, string>;
  customers!: Table<CustomerRow, [string, string]>;
  snapshots!: Table<SnapshotRow, string>;
  kv!: Table<{ key: string; value: unknown }, string>;
  articles!: Table<ArticleRow, [string, string]>;
  files!: Table<FileRow, [string, string]>;
  seals!: Table<SealRow, [string, number]>;

  constructor() {
    super('tashi-field', { chromeTransactionDurability: 'strict' });
    this.version(1).stores({
      outbox: 'id, seq, [owner+status], [owner+status+receipt_epoch], [owner+day], visit_id',
      photos: 'id, owner',
      visits: 'id, owner, [owner+status], task_id',
      customers: '[owner+id], owner',
      snapshots: 'owner',
      kv: 'key',
    });
    this.version(2).stores({ articles: '[owner+id], owner', files: '[owner+id], owner' });
    this.version(3).stores({ outbox: 'id, seq, [owner+status], [owner+status+receipt_epoch], [owner+day], [owner+kind], visit_id' });
    this.version(4).stores({ seals: '[owner+seq], owner' });
  }
}

export const db = new FieldDb();

export async function getKey<K extends keyof Keys>(key: K): Promise<Keys[K] | undefined> {
  return (await db.kv.get(key))?.value as Keys[K] | undefined;
}

export async function setKey<K extends keyof Keys>(key: K, value: Keys[K]): Promise<void> {
  await db.kv.put({ key, value });
}

/** The disk refused. Nothing of the write is stored, and the person must hear it now. */
export class DiskFull extends Error {
  constructor() {
    super('The phone has no room for this record');
    this.name = 'DiskFull';
  }
}

/** Turns the browser's ways of saying "no room" into {@link DiskFull}. */
export async function orDiskFull<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const names = [error, (error as { inner?: unknown }).inner].map((e) => (e as { name?: string } | undefined)?.name);
    if (names.includes('QuotaExceededError')) throw new DiskFull();
    throw error;
  }
}

/** Adds rows behind everything recorded before. Call inside a transaction that includes `db.outbox`. */
export async function append(rows: readonly Omit<OutboxRow, 'seq'>[]): Promise<void> {
  const last = await db.outbox.orderBy('seq').last();
  let seq = last?.seq ?? 0;
  const made = { origin: ORIGIN, mono: mono() };
  await db.outbox.bulkAdd(rows.map((row) => ({ ...row, made, seq: ++seq })));
}

/** What is sent of a record, and signed: the same text every time. */
export function itemOf(row: OutboxRow): SyncItem {
  const { id, kind, at, mono_ms, body } = row;
  return { id, kind, at, ...(mono_ms === undefined ? {} : { mono_ms }), body } as SyncItem;
}

/** What the machine must see of one person's outbox: all that wants to go, and what that builds on. */
export async function loadDue(owner: string, epoch: string | null): Promise<OutboxRow[]> {
  const due = await db.outbox.where('[owner+status]').equals([owner, 'queued']).toArray();
  if (epoch !== null) {
    const receipted = (from: string | typeof Dexie.minKey, to: string | typeof Dexie.maxKey, upper: boolean) =>
      db.outbox.where('[owner+status+receipt_epoch]').between([owner, 'receipted', from], [owner, 'receipted', to], !upper, upper).toArray();
    due.push(...(await receipted(Dexie.minKey, epoch, false)), ...(await receipted(epoch, Dexie.maxKey, true)));
  }
  const have = new Set(due.map((row) => row.id));
  const missing = [...new Set(due.flatMap((row) => row.needs))].filter((id) => !have.has(id));
  const needed = await db.outbox.bulkGet(missing);
  return [...due, ...needed.filter((row): row is OutboxRow => row !== undefined)];
}

/** Applies changes to the rows as they are now, whoever changed them meanwhile. */
export async function save(changes: readonly (readonly [id: string, change: Change])[]): Promise<void> {
  await db.transaction('rw', db.outbox, async () => {
    const rows = await db.outbox.bulkGet(changes.map(([id]) => id));
    const merged = changes.flatMap(([, change], i) => {
      const row = rows[i];
      if (!row) return [];
      const next = merge(row, change);
      return [{ ...next, receipt_epoch: next.receipt?.epoch ?? '' }];
    });
    await db.outbox.bulkPut(merged);
  });
}

export async function markSent(ids: readonly string[]): Promise<void> {
  await db.outbox.where('id').anyOf(ids).modify({ sent: 1 });
}

/** Drops copies whose receipt is old enough, and finished visits whose every record is gone. */
export async function sweep(owner: string, epoch: string, serverNow: number): Promise<number> {
  return db.transaction('rw', db.outbox, db.photos, db.visits, db.seals, async () => {
    const rows = await db.outbox.where('[owner+status]').equals([owner, 'receipted']).toArray();
    const waiting = await db.outbox.where('[owner+status]').anyOf([[owner, 'queued'], [owner, 'refused'], [owner, 'set_aside'], [owner, 'open']]).toArray();
    const gone = expired([...rows, ...waiting], epoch, serverNow);
    await db.outbox.bulkDelete(gone);
    await db.photos.bulkDelete(gone);
    // A seal is held as long as a record under it may have to be offered again.
    await db.seals.where('owner').equals(owner).filter((seal) => seal.receipt_epoch === epoch && serverNow - seal.at > (KEEP_DAYS + 1) * 86_400_000).delete();
    const done = await db.visits.where('[owner+status]').equals([owner, 'done']).toArray();
    for (const visit of done) {
      if ((await db.outbox.where('visit_id').equals(visit.id).count()) === 0) await db.visits.delete(visit.id);
    }
    return gone.length;
  });
}

/** Sends a refused entry again as it is, for example after the office has put things right. */
export async function retry(id: string): Promise<void> {
  await save([[id, { to: 'queued' }]]);
}

/** The person has seen it and lets it rest. It stays on the phone and in the export file. */
export async function setAside(id: string): Promise<void> {
  const rows = await db.outbox.toArray();
  const all = [id];
  for (const at of all) all.push(...rows.filter((row) => row.needs.includes(at) && !all.includes(row.id)).map((row) => row.id));
  await db.transaction('rw', db.outbox, async () => {
    for (const one of all) await db.outbox.where('id').equals(one).and((row) => row.status !== 'receipted').modify({ status: 'set_aside' });
  });
}

/** How many things of one person would be lost with the phone now. */
export function unsent(owner: string): Promise<number> {
  return db.outbox.where('[owner+status]').anyOf([[owner, 'queued'], [owner, 'refused'], [owner, 'open']]).count();
}

/** Reason shown for a refusal made on this phone; the server's own words come with the refusal. */
export function isLocal(refusal: Refusal): boolean {
  return refusal.code === 'local.file_gone' || refusal.code === 'upload.hash_mismatch';
}

/** Everything of one person as one file: the last resort when a phone cannot send. */
export async function exportFile(owner: string): Promise<Blob> {
  const rows = await db.outbox.where('[owner+status]').between([owner, Dexie.minKey], [owner, Dexie.maxKey]).toArray();
  const photos = await db.photos.where('owner').equals(owner).toArray();
  const visits = await db.visits.where('owner').equals(owner).toArray();
  const parts: BlobPart[] = [`{"format":"tashi-field-export/1","exported_at":${JSON.stringify(new Date().toISOString())},"entries":${JSON.stringify(rows)},"visits":${JSON.stringify(visits)},"photos":[`];
  photos.forEach((photo, i) => parts.push(i > 0 ? ',' : '', `{"id":"${photo.id}","mime":"${photo.mime}","base64":"`, base64(photo.bytes), '"}'));
  parts.push(']}');
  return new Blob(parts, { type: 'application/json' });
}

function base64(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = '';
  // In slices, because the spread of a whole photo would overflow the stack; 0x8001 is divisible by three.
  for (let i = 0; i < view.length; i += 0x8001) text += btoa(String.fromCharCode(...view.subarray(i, i + 0x8001)));
  return text;
}
