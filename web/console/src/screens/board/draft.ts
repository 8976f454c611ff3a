import type { Board, BoardDraftRow, BoardPerson, BoardProposal, BoardPublish, BoardTask, Day, Id } from '@tashi/shared/api';

/** Whose day holds which tasks, in order; what has begun is not in it. Never changed in place: an untouched row stays the same list. */
export interface Draft {
  rows: Readonly<Record<Id, readonly Id[]>>;
  /** Tasks in nobody's row. */
  pool: readonly Id[];
  /** Tasks moved to another day. */
  moved: Readonly<Record<Id, Day>>;
  /** Rows whose order a search has found: it may be found anew when a task is added later. */
  found: Readonly<Record<Id, true>>;
}

const BEGUN = new Set(['on_the_way', 'on_site', 'done']);

/** Has its person set out, or is he there, or was he? */
export const begun = (task: Pick<BoardTask, 'status'>): boolean => BEGUN.has(task.status);

/** Is it no task yet: a visit a rule asks for, or a request? It becomes one when the draft is published. */
export const wished = (task: Pick<BoardTask, 'place'>): boolean => task.place === 'due' || task.place === 'urgent';

/** Can a task be moved about on the board? */
export const movable = (task: BoardTask): boolean => !begun(task) && (task.status !== 'skipped' || task.place === 'missed');

/** The board as it is published. */
export function published(board: Board): Draft {
  const rows: Record<Id, Id[]> = Object.fromEntries(board.people.map((one) => [one.id, []]));
  const pool: Id[] = [];
  for (const task of [...board.tasks].sort((a, b) => a.seq - b.seq)) {
    if (!movable(task)) continue;
    const row = task.place === 'planned' ? rows[task.employee.id] : undefined;
    if (row) row.push(task.id);
    else pool.push(task.id);
  }
  return { rows, pool, moved: {}, found: {} };
}

function without(draft: Draft, ids: ReadonlySet<Id>): Draft {
  const rows = Object.fromEntries(
    Object.entries(draft.rows).map(([person, row]) => [person, row.some((id) => ids.has(id)) ? row.filter((id) => !ids.has(id)) : row]),
  );
  const moved = Object.fromEntries(Object.entries(draft.moved).filter(([id]) => !ids.has(id)));
  return { ...draft, rows, pool: draft.pool.filter((id) => !ids.has(id)), moved };
}

/** Puts tasks into a person's row; `position` counts the row as it is on the screen, the tasks themselves included. */
export function placed(draft: Draft, ids: readonly Id[], person: Id, position: number): Draft {
  const before = draft.rows[person] ?? [];
  const taken = new Set(ids);
  const at = before.slice(0, position).filter((id) => !taken.has(id)).length;
  const rest = without(draft, taken);
  const row = rest.rows[person] ?? [];
  const next = [...row.slice(0, at), ...ids, ...row.slice(at)];
  if (next.length === before.length && next.every((id, k) => id === before[k])) return draft;
  const { [person]: _, ...found } = draft.found;
  return { ...rest, rows: { ...rest.rows, [person]: next }, found };
}

/** Takes tasks out of every row. */
export function pooled(draft: Draft, ids: readonly Id[]): Draft {
  const taken = ids.filter((id) => !draft.pool.includes(id));
  if (!taken.length) return draft;
  const rest = without(draft, new Set(taken));
  return { ...rest, pool: [...taken, ...rest.pool] };
}

/** Moves tasks to another day, to wait there. */
export function postponed(draft: Draft, ids: readonly Id[], day: Day): Draft {
  const rest = without(draft, new Set(ids));
  return { ...rest, moved: { ...rest.moved, ...Object.fromEntries(ids.map((id) => [id, day])) } };
}

/** Takes a proposal over. What it has no place for waits. */
export function proposed(draft: Draft, rows: readonly BoardDraftRow[], pool: readonly Id[]): Draft {
  const named = new Set(rows.flatMap((row) => row.tasks));
  const lost = [...rows.flatMap((row) => draft.rows[row.employee_id] ?? []), ...pool].filter((id) => !named.has(id));
  const rest = without(draft, new Set([...named, ...lost]));
  return {
    ...rest,
    rows: { ...rest.rows, ...Object.fromEntries(rows.map((row) => [row.employee_id, row.tasks])) },
    pool: [...new Set(lost), ...rest.pool],
    found: { ...rest.found, ...Object.fromEntries(rows.map((row) => [row.employee_id, true as const])) },
  };
}

const same = (a: readonly Id[] = [], b: readonly Id[] = []): boolean => a.length === b.length && a.every((id, k) => id === b[k]);

/** People whose day the draft changes. */
export function changed(draft: Draft, base: Draft): Id[] {
  return Object.keys(draft.rows).filter((person) => !same(draft.rows[person], base.rows[person]));
}

/** Does the draft change anything? */
export const dirty = (draft: Draft, base: Draft): boolean => changed(draft, base).length > 0 || Object.keys(draft.moved).length > 0;

/** Versions of the plans a draft was made from, by person. */
export type Versions = Readonly<Record<Id, string>>;
export const versionOf = ({ plan }: Pick<BoardPerson, 'plan'>): string => (plan ? `${plan.id}/${plan.version}` : '');
export const versions = (board: Board): Versions => Object.fromEntries(board.people.map((one) => [one.id, versionOf(one)]));

/**
 * A draft over a board that has changed meanwhile: rows nobody else has touched keep what was drafted, the others are as they are
 * published now; what has gone is left out, and nothing is in two places.
 */
export function rebased(draft: Draft, from: Versions, board: Board): { draft: Draft; theirs: Id[] } {
  const base = published(board);
  const now = versions(board);
  const theirs = Object.keys(base.rows).filter((person) => now[person] !== from[person]);
  const known = new Map(board.tasks.filter(movable).map((task) => [task.id, task]));
  const used = new Set<Id>();
  const rows: Record<Id, readonly Id[]> = {};
  const take = (ids: readonly Id[]) => ids.filter((id) => known.has(id) && !used.has(id) && used.add(id));
  for (const person of theirs) rows[person] = take(base.rows[person] ?? []);
  const moved = Object.fromEntries(Object.entries(draft.moved).filter(([id]) => known.has(id) && !used.has(id) && used.add(id)));
  for (const person of Object.keys(base.rows)) if (!rows[person]) rows[person] = take(draft.rows[person] ?? base.rows[person] ?? []);
  const pool = [...known.keys()].filter((id) => !used.has(id));
  const ordered = [...draft.pool.filter((id) => pool.includes(id)), ...pool.filter((id) => !draft.pool.includes(id))];
  const keep = (person: Id) => same(rows[person], base.rows[person]);
  for (const person of Object.keys(rows)) if (keep(person)) rows[person] = base.rows[person] ?? [];
  return { draft: { rows, pool: ordered, moved, found: draft.found }, theirs };
}

/** What publishing asks of the server: the changed rows, and every row a task was taken from. */
export function toPublish(board: Board, draft: Draft, objective: 'distance' | 'time'): BoardPublish {
  const plan = new Map(board.people.map((one) => [one.id, one.plan]));
  const base = published(board);
  return {
    day: board.day,
    rows: changed(draft, base).map((person) => ({
      employee_id: person,
      plan_id: plan.get(person)?.id ?? null,
      version: plan.get(person)?.version ?? null,
      tasks: [...(draft.rows[person] ?? [])],
      objective,
      keep_order: !draft.found[person],
    })),
    moved: Object.entries(draft.moved).map(([task_id, day]) => ({ task_id, day })),
  };
}

/** Steps back and forth. */
export interface History {
  past: readonly Draft[];
  now: Draft;
  future: readonly Draft[];
}
const MOST_STEPS = 100;
export const begin = (now: Draft): History => ({ past: [], now, future: [] });
export const did = (history: History, next: Draft): History => (next === history.now ? history : { past: [...history.past.slice(1 - MOST_STEPS), history.now], now: next, future: [] });
export function undone({ past, now, future }: History): History {
  const last = past[past.length - 1];
  return last ? { past: past.slice(0, -1), now: last, future: [now, ...future] } : { past, now, future };
}
export function redone({ past, now, future }: History): History {
  const [next, ...rest] = future;
  return next ? { past: [...past, now], now: next, future: rest } : { past, now, future };
}

/** What could still be saved, beside the sums it speaks of: all rows that were searched, or the only one. */
export function gapOf(proposal: BoardProposal, person: Id | null): number | null {
  return person && proposal.rows.length > 1 ? null : proposal.gap_permille;
}
