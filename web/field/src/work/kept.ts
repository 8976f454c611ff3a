/** Where a record is: only on this phone, on its way, with the company, or in need of its owner. Read off the outbox. */
import type { RecordState } from '@tashi/shared/ui';
import type { OutboxRow } from '../sync/store.ts';

export type Kept = Pick<OutboxRow, 'id' | 'seq' | 'kind' | 'lane' | 'status' | 'needs' | 'body'>;

const stepOf = (row: Kept): string | undefined => (row.body as { step_id?: string }).step_id;

/** State of what these entries carry together: the least safe of them speaks. What has no entry any more, the company has had for long. */
export function keptState(rows: readonly Kept[], flying: readonly string[]): RecordState {
  const counted = rows.filter((row) => !isReplaced(row, rows));
  if (counted.some((row) => row.status === 'refused')) return 'problem';
  const waiting = counted.filter((row) => row.status === 'queued' || row.status === 'open');
  if (waiting.length > 0) return waiting.some((row) => flying.includes(row.id)) ? 'uploading' : 'local';
  // What its owner let rest never left.
  return counted.some((row) => row.status === 'set_aside') ? 'local' : 'synced';
}

/** A refused answer that a newer one of the same step took the place of. */
function isReplaced(row: Kept, rows: readonly Kept[]): boolean {
  return row.status === 'set_aside' && row.kind === 'visit.step'
    && rows.some((other) => other.kind === 'visit.step' && other.status !== 'set_aside' && other.seq > row.seq && stepOf(other) === stepOf(row));
}

/** Those of a visit's entries that carry one step: its answer, its photos and recordings, and their files. */
export function ofStep(rows: readonly Kept[], stepId: string): Kept[] {
  const own = rows.filter((row) => stepOf(row) === stepId);
  const ids = new Set(own.map((row) => row.id));
  // A file is written like the record it belongs to, and needs it.
  return [...own, ...rows.filter((row) => row.lane === 'upload' && row.needs.some((id) => ids.has(id)))];
}

/** Those that carry one photo: its record and its file. */
export function ofPhoto(rows: readonly Kept[], photoId: string): Kept[] {
  return rows.filter((row) => row.id === photoId || (row.body as { photo_id?: string }).photo_id === photoId);
}
