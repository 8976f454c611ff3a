import type { BoardTask, BoardViolation, Id } from '@tashi/shared/api';
import { begun } from './draft';

/**
 * Customers who are visited twice on a day, by person. The server sees the rows it is asked about; this sees all of them.
 * `rows` are those of one day, by person.
 */
export function twiceOf(rows: Readonly<Record<Id, readonly Id[]>>, tasks: ReadonlyMap<Id, BoardTask>, all: readonly BoardTask[], names: ReadonlyMap<Id, string>) {
  const at = new Map<Id, { person: Id; task: Id }[]>();
  const note = (person: Id, task: BoardTask) => at.set(task.customer.id, [...(at.get(task.customer.id) ?? []), { person, task: task.id }]);
  for (const one of all) if (begun(one)) note(one.employee.id, one);
  for (const [person, row] of Object.entries(rows)) for (const id of row) { const one = tasks.get(id); if (one) note(person, one); }
  const found = new Map<Id, BoardViolation[]>();
  for (const visits of at.values()) {
    if (visits.length < 2) continue;
    const mates = (a: Id, b: Id) => tasks.get(a)?.crew.some((one) => one.task_id === b) ?? false;
    for (const [k, { person, task }] of visits.entries()) {
      // Who comes along with somebody is meant to be there, in a row of his own.
      if (!visits.slice(0, k).some((one) => one.person === person || !mates(task, one.task))) continue;
      const words = visits.filter((one) => one.task !== task && (one.person === person || !mates(task, one.task))).map((one) => names.get(one.person) ?? '');
      found.set(person, [...(found.get(person) ?? []), { task_id: task, kind: 'twice', seconds: null, words: [...new Set(words)] }]);
    }
  }
  return found;
}
