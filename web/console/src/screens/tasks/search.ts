import { compact, day, text, type RawSearch } from '../../kit/search';
import { fieldsSaid } from '../objects/search';

export interface TasksSearch {
  from?: string;
  to?: string;
  person?: string;
  customer?: string;
  department?: string;
  status?: string;
  /** Of one group of customers, as reports count them: grade:A. */
  group?: string;
  q?: string;
  task?: string;
  tab?: string;
  create?: string;
  /** Conditions on the company's own fields. */
  [field: `f.${string}`]: string | undefined;
}

export function parseTasksSearch(raw: RawSearch): TasksSearch {
  return compact({
    from: day(raw.from),
    to: day(raw.to),
    person: text(raw.person),
    customer: text(raw.customer),
    department: text(raw.department),
    status: text(raw.status),
    group: text(raw.group),
    q: text(raw.q),
    task: text(raw.task),
    tab: text(raw.tab),
    create: text(raw.create),
    ...fieldsSaid(raw),
  }) as TasksSearch;
}
