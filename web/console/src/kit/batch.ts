import { toProblem } from '@tashi/shared/api';
import { startJob } from './jobs';

/** What became of the rows. */
export interface BatchOutcome<T, A> {
  changed: { row: T; after: A }[];
  failed: { row: T; reason: string }[];
  /** True when the person stopped it: the rest was not touched. */
  stopped: boolean;
}

/**
 * Changes rows one after the other as long work of the page: with progress, to be stopped between two rows, and with
 * every failure by its row. What was changed before a stop stays, and is in the answer.
 */
export async function runBatch<T, A>(title: string, rows: readonly T[], change: (row: T) => Promise<A>): Promise<BatchOutcome<T, A>> {
  const outcome: BatchOutcome<T, A> = { changed: [], failed: [], stopped: false };
  const job = await startJob({
    title,
    async run({ signal, progress }) {
      for (const row of rows) {
        signal.throwIfAborted();
        try {
          outcome.changed.push({ row, after: await change(row) });
        } catch (error) {
          outcome.failed.push({ row, reason: toProblem(error).title });
        }
        progress((outcome.changed.length + outcome.failed.length) / rows.length);
      }
      return undefined;
    },
  });
  outcome.stopped = job.state === 'stopped';
  return outcome;
}
