/**
 * Signing what was recorded. The key is made on this phone and cannot leave it. Records are sealed right after they are stored, also
 * without a network; a kill in between leaves them for the next seal. Where the browser has no keys (no HTTPS) nothing is
 * signed and everything else works as ever.
 */
import { newId } from '@tashi/shared/api/id.ts';
import type { ApiClient } from '@tashi/shared/api/client.ts';
import { ApiProblem } from '@tashi/shared/api/problem.ts';
import type { ChainSent, DeviceKey } from '@tashi/shared/api/schema/index.ts';
import { type Head, SEALED_AT_ONCE, isSame, nextSeal, sealsToSend } from './chain.ts';
import { ORIGIN, heard, mono } from './mono.ts';
import { type OutboxRow, type SealRow, db, itemOf } from './store.ts';

interface OwnKey {
  pair: CryptoKeyPair;
  /** The public key as the server wants it. */
  public_key: string;
  /** SHA-256 of it: the name of this installation. */
  sha256: string;
}

/** Of one person on this phone. */
interface Enrolment {
  id: string;
  epoch: string;
  sha256: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const hex = (buffer: ArrayBuffer): string => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const base64url = (buffer: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const digest = async (text: string): Promise<string> => hex(await crypto.subtle.digest('SHA-256', bytes(text)));

/** Reads a value of ours beside the app's own keys. */
async function kept<T>(key: string): Promise<T | null> {
  return ((await db.kv.get(key))?.value as T | undefined) ?? null;
}

/** This installation's key; made when first needed. */
async function ownKey(): Promise<OwnKey> {
  const known = await kept<OwnKey>('signing_key');
  if (known) return known;
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  const made: OwnKey = { pair, public_key: base64url(raw), sha256: hex(await crypto.subtle.digest('SHA-256', raw)) };
  // Two tabs at once: the first one's key stays.
  return db.transaction('rw', db.kv, async () => {
    const first = await kept<OwnKey>('signing_key');
    if (!first) await db.kv.put({ key: 'signing_key', value: made });
    return first ?? made;
  });
}

/**
 * Seals everything of a person that waits and is not sealed, and of `also` what was taken before and is sent again. Rejects only for
 * reasons the person must hear of: the disk is full.
 */
export async function seal(owner: string, also: readonly string[] = []): Promise<void> {
  if (!globalThis.crypto?.subtle) return;
  for (;;) {
    const rows = await unsealed(owner, also);
    if (rows.length === 0) return;
    const key = await ownKey();
    const records = await Promise.all(rows.map(async (row) => ({ id: row.id, sha256: await digest(JSON.stringify(itemOf(row))), made: row.made ?? null })));
    const head = await kept<Head>(`chain/${owner}`);
    const { seq, text } = nextSeal(head, key.sha256, owner, { wall: Date.now(), mono: mono(), origin: ORIGIN }, await lastWord(owner), records);
    const signature = base64url(await crypto.subtle.sign(ALGORITHM, key.pair.privateKey, bytes(text)));
    const next: Head = { seq, digest: await digest(text) };
    await db.transaction('rw', db.kv, db.seals, db.outbox, async () => {
      // Another tab was faster: these records may be under its seal already.
      if (!isSame(head, await kept<Head>(`chain/${owner}`))) return;
      await db.seals.add({ owner, seq, statement: text, signature, receipt_epoch: '', at: 0 });
      await db.kv.put({ key: `chain/${owner}`, value: next });
      for (const row of rows) await db.outbox.where('id').equals(row.id).modify({ sealed: seq });
    });
  }
}

/** Seals likewise. A phone that cannot (no room, no keys, a broken store) records and sends as ever. */
export async function sealed(owner: string, also: readonly string[] = []): Promise<void> {
  try {
    await seal(owner, also);
  } catch (error) {
    if ((error as Error).name === 'DatabaseClosedError') throw error;
    console.warn('records go unsigned', error);
  }
}

async function unsealed(owner: string, also: readonly string[]): Promise<OutboxRow[]> {
  const open = (row: OutboxRow) => row.owner === owner && row.lane === 'item' && row.sealed === undefined;
  const rows = await db.outbox.where('[owner+status]').equals([owner, 'queued']).filter(open).toArray();
  if (also.length > 0) rows.push(...(await db.outbox.where('id').anyOf(also).filter((row) => open(row) && row.status !== 'queued').toArray()));
  return rows.sort((a, b) => a.seq - b.seq).slice(0, SEALED_AT_ONCE);
}

/** The last random word of the server: of this start of the app, or of the day on the phone. */
async function lastWord(owner: string) {
  const now = heard(owner);
  if (now) return now;
  const snapshot = await db.snapshots.get(owner);
  return snapshot?.nonce ? { nonce: snapshot.nonce, wall: snapshot.fetched, mono: null } : null;
}

/** Enrolments the server would not take in this start of the app. */
const refused = new Set<string>();

/** The enrolment this phone has, without asking anybody: the browser may say "no network" and be wrong. */
export async function enrolled(owner: string): Promise<Enrolment | null> {
  return refused.has(owner) ? null : kept<Enrolment>(`enrolled/${owner}`);
}

/** Makes this phone known to the server for the person who is signed in. Null: it goes on without signatures. */
export async function enrol(client: ApiClient, owner: string, device: string, epoch: string | null): Promise<Enrolment | null> {
  if (!globalThis.crypto?.subtle || refused.has(owner)) return null;
  const known = await kept<Enrolment>(`enrolled/${owner}`);
  if (known && (epoch === null || known.epoch === epoch)) return known;
  try {
    const key = await ownKey();
    const made = await client.post<DeviceKey>('/me/device-keys', { id: known?.id ?? newId(), public_key: key.public_key, device_id: device, name: deviceName() });
    const enrolment: Enrolment = { id: made.id, epoch: epoch ?? '', sha256: key.sha256 };
    await db.kv.put({ key: `enrolled/${owner}`, value: enrolment });
    return enrolment;
  } catch (error) {
    // An older server, or one that will not have this key: everything else goes on. What has no network is tried again.
    if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429) {
      refused.add(owner);
      return null;
    }
    return known;
  }
}

/** What goes with these records, and what to note when the server has said that it holds it. */
export async function chainFor(owner: string, enrolment: Enrolment | null, epoch: string | null, rows: readonly OutboxRow[]): Promise<{ chain: ChainSent; seals: SealRow[] } | null> {
  if (!enrolment) return null;
  const ofBatch = new Set(rows.flatMap((row) => (row.sealed === undefined ? [] : [row.sealed])));
  const seals = sealsToSend(await db.seals.where('owner').equals(owner).toArray(), epoch, ofBatch);
  const chain: ChainSent = { key_id: enrolment.id, origin: ORIGIN, mono_ms: mono(), seals: seals.map(({ statement, signature }) => ({ statement, signature })) };
  return { chain, seals };
}

/** The server's word about seals it was sent. */
export async function chainAnswered(owner: string, seals: readonly SealRow[], answer: 'held' | 'unknown_key' | undefined, epoch: string, at: number): Promise<void> {
  if (answer === 'held') await db.seals.bulkPut(seals.map((one) => ({ ...one, receipt_epoch: epoch, at })));
  else if (answer === 'unknown_key') {
    // Restored from before this phone was enrolled: the next run enrols it again under the same id.
    const known = await kept<Enrolment>(`enrolled/${owner}`);
    if (known) await db.kv.put({ key: `enrolled/${owner}`, value: { ...known, epoch: '' } });
  }
}

/** A name the person and his manager recognise. */
function deviceName(): string {
  const agent = globalThis.navigator?.userAgent ?? '';
  const phone = /iPhone|iPad/.exec(agent)?.[0] ?? /Android[^;)]*;\s*([^;)]+?)(?:\s+Build|[;)])/.exec(agent)?.[1] ?? /Android|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? 'Browser';
  const browser = /(?:MicroMessenger|HuaweiBrowser|MiuiBrowser|UCBrowser|QQBrowser|Edg|Firefox|CriOS|Chrome|Safari)/.exec(agent)?.[0] ?? '';
  return `${phone} ${browser}`.trim().slice(0, 60);
}
