import { api, toProblem } from '@tashi/shared/api';
import { currentLanguage, format, translate } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { queryClient } from '../app/queryClient';
import { LEFT, keptKind, type Job } from './jobs';
import { keepProgress, keptProgress } from './kept';
import { passes, patience } from './patience';
import { kitText } from './text';

/** One row to change: its properties as they shall be and as they were. */
export interface BatchItem {
  id: string;
  name: string;
  /** Of the row as it was seen; absent where the operation itself says what it was seen as, and bears being sent twice. */
  version?: number;
  change: Record<string, unknown>;
  /** What takes it back; absent where nothing does. */
  before?: Record<string, unknown>;
}

/** Rows of one kind to change. Plain data, so that the browser can keep it. */
export interface Batch {
  /** What is done, in the person's language. */
  title: string;
  /** The change goes here, with the row's id for `{id}`. */
  path: string;
  /** `patch` where nothing is said. */
  method?: 'patch' | 'post';
  /** What the rows are called when they are counted. */
  unit: 'customers' | 'people' | 'tasks';
  /** Lists that show them, by the first part of their query key. */
  lists: string[];
  items: BatchItem[];
  /** True for a batch that takes another one back. */
  undoes?: boolean;
}

/** How far a batch is: the new version of each row in order, 0 where it was refused, and why. */
interface Progress {
  versions: number[];
  failed: [index: number, reason: string][];
}

const NAMED = 5;
const NOTED = 50;

/**
 * Changes rows one after the other as long work: with progress, to be stopped between two rows, every failure by its row,
 * and a toast that takes it back. What was changed before a stop stays. A lost network is waited for. After the page was
 * loaded anew it goes on behind the last row that was answered; each row is changed exactly once, because a change names
 * the version it is based on.
 */
const patchRows = keptKind<Batch>('batch', (batch, id) => ({
  quiet: true,
  async run({ signal, progress, note }) {
    const before = id ? keptProgress<Progress>(id) : null;
    const at: Progress = before ?? { versions: [], failed: [] };
    // The row behind the last answer may have been changed before the page went.
    let unsure = before !== null;
    if (id) keepProgress(id, at);
    try {
      while (at.versions.length < batch.items.length) {
        signal.throwIfAborted();
        const index = at.versions.length;
        const item = batch.items[index]!;
        let version = 0;
        try {
          version = await change(batch, item, unsure, signal);
        } catch (error) {
          const problem = toProblem(error);
          if (signal.aborted || problem.status === 401) throw error;
          at.failed.push([index, problem.title]);
        }
        unsure = false;
        at.versions.push(version);
        if (id) keepProgress(id, at);
        progress(at.versions.length / batch.items.length);
      }
    } finally {
      if (at.failed.length) note(names(batch, at, NOTED));
      // A batch that waits for a new sign-in has not ended.
      if (at.versions.length === batch.items.length || (signal.aborted && signal.reason !== LEFT)) tell(batch, at, signal.aborted);
      for (const list of batch.lists) void queryClient.invalidateQueries({ queryKey: [list] });
    }
    return undefined;
  },
}));

/** Starts it. */
export function runBatch(batch: Batch): Promise<Job> {
  return patchRows(batch.title, batch);
}

/** Changes one row; answers with its new version. `unsure` where the same change may have been sent before. */
async function change({ path, method = 'patch' }: Batch, item: BatchItem, unsure: boolean, signal: AbortSignal): Promise<number> {
  const params = { id: item.id };
  let sentBefore = unsure;
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return (await api[method]<Row>(path, item.change, { params, version: item.version })).version;
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'version.conflict' && sentBefore && item.version !== undefined) {
        const row = await api.get<Row>(path, { params }).catch(() => null);
        if (row && row.version === item.version + 1 && holds(row, item.change)) return row.version;
        if (row) throw error;
      } else if (!passes(problem)) throw error;
      sentBefore = true;
      await patience(tries, signal);
    }
  }
}

interface Row {
  version: number;
  [property: string]: unknown;
}

/** Whether the row already is what the change asks for; `owner_id` may be answered as `owner.id`. */
function holds(row: Row, change: Record<string, unknown>): boolean {
  return Object.entries(change).every(([key, value]) => {
    const named = key in row ? row[key] : row[key.replace(/_id$/, '')];
    const found = named && typeof named === 'object' && 'id' in named ? named.id : named;
    return (found ?? null) === value;
  });
}

function names(batch: Batch, at: Progress, most: number): string {
  const words = format();
  return words.names(at.failed.slice(0, most).map(([index, reason]) => words.aside(batch.items[index]?.name ?? '', reason)));
}

/** How it ended, with the way back. */
function tell(batch: Batch, at: Progress, stopped: boolean): void {
  const t = translate(kitText, currentLanguage());
  const { unit, items, title } = batch;
  const failed = at.failed.length;
  const done = at.versions.length - failed;
  const counts = { done, failed, rest: items.length - done, names: names(batch, at, NAMED), count: done };
  const end = failed ? 'partly' : stopped ? 'stopped' : 'done';
  if (batch.undoes) {
    toast(t(`batch.${unit}.${failed ? 'undonePartly' : 'undone'}`, counts));
    return;
  }
  const back = items.flatMap((item, index) => {
    const version = at.versions[index];
    return version && item.before ? [{ ...item, version: item.version === undefined ? undefined : version, change: item.before, before: item.change }] : [];
  });
  const undo = () => void runBatch({ ...batch, title: t('batch.undo', { title }), items: back, undoes: true });
  toast(t(`batch.${unit}.${end}`, counts), back.length > 0 ? undo : undefined);
}
