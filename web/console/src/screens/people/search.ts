import { compact, oneOf, text, type RawSearch } from '../../kit/search';
import { fieldsSaid } from '../objects/search';

export interface PeopleSearch {
  tab?: 'employees' | 'roles';
  q?: string;
  department?: string;
  role?: string;
  status?: 'active' | 'left' | 'all';
  /** Open drawer: an employee's id, or `new`. */
  person?: string;
  /** Open import: `start` or an import's id. */
  import?: string;
  /** Conditions on the company's own fields. */
  [field: `f.${string}`]: string | undefined;
}

export function parsePeopleSearch(raw: RawSearch): PeopleSearch {
  return compact({
    tab: oneOf(raw.tab, ['employees', 'roles']),
    q: text(raw.q),
    department: text(raw.department),
    role: text(raw.role),
    status: oneOf(raw.status, ['active', 'left', 'all']),
    person: text(raw.person),
    import: text(raw.import),
    ...fieldsSaid(raw),
  }) as PeopleSearch;
}
