import type { Board, BoardTask, BoardWeekProposal, Day, Id } from '@tashi/shared/api';
import { addDays } from '@tashi/shared/i18n';
import { changed, movable, proposed, versionOf, type Draft, type Versions } from './draft';

/** Monday 1 to Sunday 7. */
export const weekday = (day: Day): number => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
/** The seven days of a day's week, Monday first. */
export const weekOf = (day: Day): Day[] => Array.from({ length: 7 }, (_, k) => addDays(day, k + 1 - weekday(day)));

/** A person's day: a row of the week's draft. */
export type Cell = `${Day}/${Id}`;
export const cellOf = (day: Day, person: Id): Cell => `${day}/${person}`;
export function partsOf(cell: string): { day: Day; person: Id } {
  const at = cell.indexOf('/');
  return { day: cell.slice(0, at), person: cell.slice(at + 1) };
}

/** The week as it is published: one row for each person's day; what waits on its day is in the pool. */
export function weekPublished(boards: readonly Board[]): Draft {
  const rows: Record<string, Id[]> = {};
  const pool: Id[] = [];
  for (const board of boards) {
    for (const person of board.people) rows[cellOf(board.day, person.id)] = [];
    for (const task of [...board.tasks].sort((a, b) => a.seq - b.seq)) {
      if (!movable(task)) continue;
      const row = task.place === 'planned' ? rows[cellOf(board.day, task.employee.id)] : undefined;
      if (row) row.push(task.id);
      else pool.push(task.id);
    }
  }
  return { rows, pool, moved: {}, found: {} };
}

/** What publishing asks of the server: the changed rows of each day, with the plans they were made from. */
export function weekToPublish(boards: readonly Board[], draft: Draft) {
  const base = weekPublished(boards);
  const days = new Map<Day, Id[]>();
  for (const cell of changed(draft, base)) {
    const { day, person } = partsOf(cell);
    days.set(day, [...(days.get(day) ?? []), person]);
  }
  return {
    days: boards.filter((board) => days.has(board.day)).map((board) => ({
      day: board.day,
      rows: (days.get(board.day) ?? []).map((person) => {
        const plan = board.people.find((one) => one.id === person)?.plan ?? null;
        return {
          employee_id: person,
          plan_id: plan?.id ?? null,
          version: plan?.version ?? null,
          tasks: [...(draft.rows[cellOf(board.day, person)] ?? [])],
          objective: plan?.objective ?? ('distance' as const),
          keep_order: plan?.keep_order ?? false,
        };
      }),
      moved: [],
    })),
  };
}

/** Versions of the plans of a week, by cell. */
export const weekVersions = (boards: readonly Board[]): Versions =>
  Object.fromEntries(boards.flatMap((board) => board.people.map((one) => [cellOf(board.day, one.id), versionOf(one)] as const)));

/** A draft over boards that were read anew: rows others have not touched keep what was drafted. */
export function weekRebased(draft: Draft, from: Versions, boards: readonly Board[]): { draft: Draft; theirs: string[] } {
  const base = weekPublished(boards);
  const now = weekVersions(boards);
  const theirs = Object.keys(base.rows).filter((cell) => cell in from && from[cell] !== now[cell]);
  const known = new Set(boards.flatMap((board) => board.tasks.filter(movable).map((task) => task.id)));
  const used = new Set<Id>();
  const take = (ids: readonly Id[]) => ids.filter((id) => known.has(id) && !used.has(id) && used.add(id));
  const rows: Record<string, readonly Id[]> = {};
  for (const cell of theirs) rows[cell] = take(base.rows[cell] ?? []);
  for (const cell of Object.keys(base.rows)) rows[cell] ??= take(draft.rows[cell] ?? base.rows[cell] ?? []);
  const same = (cell: string) => { const [a, b] = [rows[cell] ?? [], base.rows[cell] ?? []]; return a.length === b.length && a.every((id, k) => id === b[k]); };
  for (const cell of Object.keys(rows)) if (same(cell)) rows[cell] = base.rows[cell] ?? [];
  return { draft: { rows, pool: [...known].filter((id) => !used.has(id)), moved: {}, found: {} }, theirs };
}

/** Tasks in no row, by the cell they wait in: their own day and person. */
export function waitingOf(draft: Draft, tasks: ReadonlyMap<Id, BoardTask>): Map<string, BoardTask[]> {
  const found = new Map<string, BoardTask[]>();
  for (const id of draft.pool) {
    const task = tasks.get(id);
    if (!task) continue;
    const cell = cellOf(task.day, task.employee.id);
    found.set(cell, [...(found.get(cell) ?? []), task]);
  }
  return found;
}

/** What optimising is asked: the days that are not over, of everybody or of one person, with what waits in the week. */
export function weekAsk(boards: readonly Board[], draft: Draft, today: Day, person: Id | null) {
  const open = boards.filter((board) => board.day >= today);
  return {
    days: open.map((board) => ({
      day: board.day,
      rows: board.people.filter((one) => !person || one.id === person).map((one) => ({ employee_id: one.id, tasks: [...(draft.rows[cellOf(board.day, one.id)] ?? [])] })),
    })).filter(({ rows }) => rows.length),
    pool: person ? [] : [...draft.pool],
  };
}

/** Takes a proposal for a week over. What it has no place for waits on its own day. */
export function weekProposed(draft: Draft, days: BoardWeekProposal['days'], pool: readonly Id[]): Draft {
  const rows = days.flatMap(({ day, rows: all }) => all.map((row) => ({ employee_id: cellOf(day, row.employee_id), tasks: row.tasks })));
  return proposed(draft, rows, pool);
}
