import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';

export interface PlanningSearch {
  day?: string;
  person?: string;
  department?: string;
  /** Chosen customers in order, ids joined by commas. */
  customers?: string;
  /** The plan that is open on the right. */
  plan?: string;
  tab?: 'pool' | 'plans';
}

export function parsePlanningSearch(raw: RawSearch): PlanningSearch {
  return compact({
    day: day(raw.day),
    person: text(raw.person),
    department: text(raw.department),
    customers: text(raw.customers),
    plan: text(raw.plan),
    tab: oneOf(raw.tab, ['pool', 'plans']),
  });
}
