import type { BoardTask, BoardViolation, Id } from '@tashi/shared/api';

/** Which tasks of a draft make which others wait: those of one piece of work, by task. */
export function matesOf(tasks: Iterable<BoardTask>): ReadonlyMap<Id, readonly Id[]> {
  const found = new Map<Id, readonly Id[]>();
  for (const one of tasks) if (one.crew.length) found.set(one.id, one.crew.map((mate) => mate.task_id));
  return found;
}

/** For each row those whose times depend on one another, itself among them, because people of them make something together. */
export function togetherOf(rows: Readonly<Record<string, readonly Id[]>>, mates: ReadonlyMap<Id, readonly Id[]>): ReadonlyMap<string, readonly string[]> {
  const of = new Map<Id, string>();
  if (mates.size) for (const [row, tasks] of Object.entries(rows)) for (const id of tasks) if (mates.has(id)) of.set(id, row);
  const found = new Map<string, readonly string[]>();
  for (const row of Object.keys(rows)) {
    if (found.has(row)) continue;
    const whole = [row];
    for (let k = 0; k < whole.length; k += 1) {
      for (const id of rows[whole[k] ?? ''] ?? []) for (const mate of mates.get(id) ?? []) {
        const other = of.get(mate);
        if (other !== undefined && !whole.includes(other)) whole.push(other);
      }
    }
    for (const one of whole) found.set(one, whole);
  }
  return found;
}

/** Work of several people of whom one is not planned: his task waits in the pool, which the server is not told of. By row. */
export function waitingMates(rows: Readonly<Record<string, readonly Id[]>>, tasks: ReadonlyMap<Id, BoardTask>, pool: ReadonlySet<Id>): ReadonlyMap<string, readonly BoardViolation[]> {
  const found = new Map<string, BoardViolation[]>();
  for (const [row, ids] of Object.entries(rows)) {
    for (const id of ids) {
      const mate = tasks.get(id)?.crew.find((one) => pool.has(one.task_id));
      if (mate) found.set(row, [...(found.get(row) ?? []), { task_id: id, kind: 'crew', seconds: null, words: [mate.employee.name] }]);
    }
  }
  return found;
}
