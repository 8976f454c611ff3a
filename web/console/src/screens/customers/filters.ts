import type { Query } from '@tashi/shared/api';
import type { Field } from '@tashi/shared/forms/index.ts';
import { conditionsOf } from '../objects/conditions';
import type { CustomersSearch } from './search';

/** The filters of the address as the API wants them; what only opens drawers is left out. */
export function customerQuery(search: CustomersSearch, own: readonly Field[]): Query {
  return {
    q: search.q,
    grade: search.grade,
    tag: search.tag,
    class_id: search.class,
    owner_id: search.owner,
    department_id: search.department,
    territory_id: search.territory,
    status: search.status,
    custom: conditionsOf(search, own),
  };
}

/** What a saved view remembers: filters and order, not the open drawer or the layout. */
export function viewOf(search: CustomersSearch): Record<string, string> {
  const { layout: _layout, edit: _edit, tab: _tab, import: _import, ...rest } = search;
  return rest as Record<string, string>;
}
