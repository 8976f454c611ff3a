/** What the live stream tells. */
import type { Day, Id } from './common';
import type { LivePerson } from './days';
import type { UrgentStatus } from './dispatch';
import type { OrderStatus } from './service';
import type { FindingStatus } from './truth';
import type { VisitRow } from './visits';
import type { Task } from './work';

/** Events of `GET /stream` by name. */
export interface StreamEvents {
  hello: unknown;
  live: { people: LivePerson[] };
  visit: VisitRow;
  plan: { id: Id; employee_id: Id };
  /** A task, how an urgent request stands now, a task that somebody else has now, or one whose crew has changed. */
  task: Task | { urgent: Id; status: UrgentStatus } | { order: Id; status: OrderStatus } | { id: Id; gone: true } | { id: Id; crew: Id };
  fence: { employee_id: Id; day: Day };
  notice: { id: Id; kind: string };
  finding: { id: Id; employee_id: Id; visit_id: Id | null; code: string; status: FindingStatus };
  gone: unknown;
}
