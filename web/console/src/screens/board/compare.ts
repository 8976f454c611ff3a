import type { Board, BoardTask, BoardVisit, Id } from '@tashi/shared/api';

/** How a planned visit went. */
export type Outcome = 'done' | 'now' | 'missed' | 'open';

export interface Compared {
  /** By task. */
  outcome: Map<Id, Outcome>;
  /** Tasks made in another order than planned. */
  turned: Set<Id>;
  /** Visits nobody had planned, by person. */
  extra: Map<Id, BoardVisit[]>;
}

/** Longest run of visits that kept the planned order; what is not in it was made out of order. */
function inOrder(seqs: readonly number[]): Set<number> {
  const best = seqs.map(() => 1);
  const before = seqs.map(() => -1);
  for (let k = 0; k < seqs.length; k += 1) {
    for (let j = 0; j < k; j += 1) {
      if (seqs[j]! < seqs[k]! && best[j]! + 1 > best[k]!) {
        best[k] = best[j]! + 1;
        before[k] = j;
      }
    }
  }
  const kept = new Set<number>();
  for (let k = best.length ? best.indexOf(Math.max(...best)) : -1; k >= 0; k = before[k]!) kept.add(k);
  return kept;
}

/** The plan beside what was done: missed, extra, out of order. */
export function compare(board: Board): Compared {
  const past = board.day < board.today;
  const tasks = new Map(board.tasks.filter((task) => task.place === 'planned').map((task) => [task.id, task]));
  const outcome = new Map<Id, Outcome>();
  for (const task of tasks.values()) {
    const over = past || task.status === 'overdue' || task.status === 'skipped';
    outcome.set(task.id, task.status === 'done' ? 'done' : task.status === 'on_site' ? 'now' : over ? 'missed' : 'open');
  }
  const extra = new Map<Id, BoardVisit[]>();
  const made = new Map<Id, BoardTask[]>();
  for (const visit of [...board.visits].sort((a, b) => a.check_in_s - b.check_in_s)) {
    const task = visit.task_id ? tasks.get(visit.task_id) : undefined;
    const person = visit.employee_id;
    if (task) made.set(person, [...(made.get(person) ?? []), task]);
    else extra.set(person, [...(extra.get(person) ?? []), visit]);
  }
  const turned = new Set<Id>();
  for (const row of made.values()) {
    const kept = inOrder(row.map((task) => task.seq));
    row.forEach((task, k) => {
      if (!kept.has(k)) turned.add(task.id);
    });
  }
  return { outcome, turned, extra };
}
