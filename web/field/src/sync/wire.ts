/** Performs the machine's requests over HTTP and turns whatever happens into events. */
import { ApiClient } from '@tashi/shared/api/client.ts';
import { ApiProblem } from '@tashi/shared/api/problem.ts';
import type { SyncAnswer, TrackFix, UploadState } from '@tashi/shared/api/schema/index.ts';
import { COMPACT_TYPE, encodeFixes } from '../location/compact.ts';
import type { Cause, Effect, Event } from './machine.ts';
import { chainAnswered, chainFor, type enrol, sealed } from './seal.ts';
import { type OutboxRow, db, itemOf } from './store.ts';

/** Longest time for one batch or chunk, ms. */
const TIMEOUT_MS = 60_000;

export type Request = Extract<Effect, { no: number }>;

export interface Sender {
  client: ApiClient;
  device: string;
  owner: string;
  /** This phone's key for this person; null goes without signatures. */
  enrolment: Awaited<ReturnType<typeof enrol>>;
}

/** Sends one request; never throws. */
export async function perform(request: Request, sender: Sender): Promise<Event> {
  try {
    return await send(request, sender);
  } catch (error) {
    const offset = error instanceof ApiProblem && error.code === 'upload.offset' ? error.params.offset : undefined;
    // The server stands elsewhere in the file and says where: go on from there.
    if (typeof offset === 'number') return uploaded(request.no, { offset, complete: false }, 0);
    return landing(request, causeOf(error));
  }
}

async function send(request: Request, { client, device, owner, enrolment }: Sender): Promise<Event> {
  const { no } = request;
  switch (request.do) {
    case 'send_items': {
      // What was recorded since the queue was looked at, and what is sent again from before there were seals.
      await sealed(owner, request.ids);
      const rows = (await db.outbox.bulkGet([...request.ids])).filter((row): row is OutboxRow => row !== undefined);
      const batch = { device_id: device, ...(request.epoch === null ? {} : { epoch: request.epoch }), items: rows.map(itemOf) };
      let signed = await chainFor(owner, enrolment, request.epoch, rows);
      const post = () => json<SyncAnswer>(client, 'POST', '/field/sync', { ...batch, ...(signed ? { chain: signed.chain } : {}) });
      const { answer, at } = await post().catch((error: unknown) => {
        // A server set back to a version that knows no seals takes the records as ever.
        if (!signed || !(error instanceof ApiProblem) || error.status !== 422) throw error;
        signed = null;
        return post();
      });
      if (signed) await chainAnswered(owner, signed.seals, answer.chain, answer.epoch, at);
      const receipts = answer.receipts.map((r) => ({
        id: r.id, status: r.status, at: Date.parse(r.received_at),
        refusal: r.status === 'rejected' ? { code: r.code ?? 'rejected', title: r.title ?? '', detail: r.detail ?? '' } : null,
      }));
      return { is: 'items_answered', no, epoch: answer.epoch, receipts, now: Date.now(), dice: Math.random() };
    }
    case 'send_fixes': {
      const row = await db.outbox.get(request.id);
      if (!row) return gone(request);
      const batch = encodeFixes(device, (row.body as { fixes: TrackFix[] }).fixes);
      const { at } = await json(client, 'POST', '/field/fixes.bin', batch, { 'Content-Type': COMPACT_TYPE });
      return { is: 'fixes_answered', no, at, now: Date.now() };
    }
    case 'open_upload': {
      const row = await db.outbox.get(request.id);
      if (!row) return gone(request);
      const { mime, sha256, name } = row.body as { mime: string; sha256: string; name?: string };
      const { answer, at } = await json<UploadState>(client, 'POST', '/uploads', { id: request.id, size: row.size, sha256, mime, ...(name === undefined ? {} : { name }) });
      return uploaded(no, answer, at);
    }
    case 'send_chunk': {
      const photo = await db.photos.get(request.id);
      if (!photo) return landing(request, { is: 'file_gone' });
      const { answer, at } = await json<UploadState>(client, 'PATCH', `/uploads/${request.id}`, new Uint8Array(photo.bytes, request.from, request.to - request.from), {
        'Upload-Offset': String(request.from),
      });
      return uploaded(no, answer, at);
    }
  }
}

/** Another tab has confirmed and dropped the entry meanwhile: the next look into the store shows that. */
function gone(request: Request): Event {
  return landing(request, { is: 'unreachable' });
}

function uploaded(no: number, answer: { offset: number; complete: boolean }, at: number): Event {
  return { is: 'upload_answered', no, offset: answer.offset, complete: answer.complete, at, now: Date.now(), dice: Math.random() };
}

/** What a failure of this request means for the machine. */
function landing(request: Request, cause: Cause): Event {
  const common = { no: request.no, now: Date.now(), dice: Math.random() };
  if (cause.is === 'malformed' && cause.refusal.code === 'upload.hash_mismatch') return { is: 'upload_wrong', ...common };
  return { is: 'failed', ...common, cause };
}

async function json<T>(client: ApiClient, method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<{ answer: T; at: number }> {
  // A cell that neither answers nor fails would hold the queue, and the lock, for good.
  const response = await client.fetch(method, path, body, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const said = Date.parse(response.headers.get('date') ?? '');
  // Without the server's clock a copy is kept for good rather than dropped early.
  return { answer: (await response.json()) as T, at: Number.isFinite(said) ? said : Number.MAX_SAFE_INTEGER };
}

/** Sorts failures: what passes by itself, what the person must do, what one entry has done. */
export function causeOf(error: unknown): Cause {
  if (!(error instanceof ApiProblem) || error.status === 0) return { is: 'unreachable' };
  if (error.status === 401) return { is: 'unauthorized' };
  if (error.status === 403) return { is: 'forbidden' };
  if (error.retryable) {
    const seconds = Number(error.params.retry_after_s ?? Number.NaN);
    return { is: 'busy', retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null };
  }
  return { is: 'malformed', refusal: { code: error.code, title: error.title, detail: error.detail, request_id: error.request_id } };
}
