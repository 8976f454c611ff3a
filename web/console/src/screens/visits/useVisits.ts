import type { Day, Query, VisitRow } from '@tashi/shared/api';
import { addDays, useFormat } from '@tashi/shared/i18n';
import { useList } from '../../kit/useList';
import type { VisitsSearch } from './search';

/** Days of the list: the last week unless the address says otherwise. */
export function visitDays(search: VisitsSearch, today: Day): { from: Day; to: Day } {
  const to = search.to ?? today;
  return { from: search.from ?? addDays(to, -6), to };
}

/** The filters of the address as the API wants them. */
export function visitsQuery(search: VisitsSearch, today: Day): Query {
  const days = visitDays(search, today);
  return {
    day_from: days.from,
    day_to: days.to,
    employee_id: search.person,
    customer_id: search.customer,
    department_id: search.department,
    status: search.status,
    effective: search.effective,
    verdict: search.verdict,
    group: search.group,
  };
}

/** The visits of these filters, newest first. */
export function useVisits(search: VisitsSearch) {
  return useList<VisitRow>(['visits', 'list'], '/visits', visitsQuery(search, useFormat().today()));
}
