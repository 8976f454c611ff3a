import { compact, oneOf, text, type RawSearch } from '../../kit/search';
import { fieldsSaid } from '../objects/search';

export const CUSTOMER_SORTS = ['name', '-name', 'last_visit', '-last_visit'] as const;
export const CUSTOMER_LAYOUTS = ['list', 'both', 'map'] as const;

export interface CustomersSearch {
  q?: string;
  /** Grades joined by commas. */
  grade?: string;
  tag?: string;
  class?: string;
  owner?: string;
  department?: string;
  territory?: string;
  status?: 'active' | 'prospect' | 'archived';
  sort?: (typeof CUSTOMER_SORTS)[number];
  layout?: (typeof CUSTOMER_LAYOUTS)[number];
  /** Open form: `new`, or the id of the customer that is edited. */
  edit?: string;
  /** Tab of the drawer. */
  tab?: 'overview' | 'visits' | 'contacts' | 'problems' | 'records';
  import?: string;
  /** Conditions on the company's own fields: `f.shelf_metres=3~`. */
  [field: `f.${string}`]: string | undefined;
}

export function parseCustomersSearch(raw: RawSearch): CustomersSearch {
  return compact({
    q: text(raw.q),
    grade: text(raw.grade),
    tag: text(raw.tag),
    class: text(raw.class),
    owner: text(raw.owner),
    department: text(raw.department),
    territory: text(raw.territory),
    status: oneOf(raw.status, ['active', 'prospect', 'archived']),
    sort: oneOf(raw.sort, CUSTOMER_SORTS),
    layout: oneOf(raw.layout, CUSTOMER_LAYOUTS),
    edit: text(raw.edit),
    tab: oneOf(raw.tab, ['overview', 'visits', 'contacts', 'problems', 'records']),
    import: text(raw.import),
    ...fieldsSaid(raw),
  }) as CustomersSearch;
}
