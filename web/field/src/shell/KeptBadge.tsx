import { useLiveQuery } from 'dexie-react-hooks';
import type { SyncBodies } from '@tashi/shared/api';
import { RecordBadge } from '@tashi/shared/ui';
import { useField, useFlying } from '../app/context.tsx';
import { type OutboxRow, db } from '../sync/store.ts';
import { type Kept, keptState, ofPhoto } from '../work/kept.ts';
import type { LocalVisit } from '../work/visit.ts';

/** Everything of a visit that this phone has sent or will send; undefined while it reads. */
export function useVisitRows(visitId: string): OutboxRow[] | undefined {
  return useLiveQuery(() => db.outbox.where('visit_id').equals(visitId).toArray(), [visitId]);
}

/** Saved on this phone, on its way, or with the company: said beside the record it speaks of. */
export function KeptBadge({ rows }: { rows: readonly Kept[] }) {
  const flying = useFlying();
  return <RecordBadge state={keptState(rows, flying.ids)} />;
}

/** Of a whole visit. A practice stays here and says so itself. */
export function VisitKept({ visit }: { visit: LocalVisit }) {
  const rows = useVisitRows(visit.id);
  return rows && !visit.practice ? <KeptBadge rows={rows} /> : null;
}

/** Of one photo of a visit, laid over it. */
export function PhotoKept({ visit, photoId }: { visit: LocalVisit; photoId: string }) {
  const rows = useVisitRows(visit.id);
  return rows && !visit.practice ? <KeptBadge rows={ofPhoto(rows, photoId)} /> : null;
}

/** Of a stop that was left out here; one the office left out has no record on this phone. */
export function SkipKept({ taskId }: { taskId: string }) {
  const { owner } = useField();
  const rows = useLiveQuery(() => db.outbox.where('[owner+kind]').equals([owner, 'task.skip']).filter((row) => (row.body as SyncBodies['task.skip']).task_id === taskId).toArray(), [owner, taskId]);
  return rows?.length ? <KeptBadge rows={rows} /> : null;
}
