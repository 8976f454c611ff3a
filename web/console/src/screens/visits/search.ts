import { compact, day, text, type RawSearch } from '../../kit/search';

export interface VisitsSearch {
  from?: string;
  to?: string;
  person?: string;
  customer?: string;
  department?: string;
  status?: string;
  effective?: string;
  verdict?: string;
  /** Of one group of customers, as reports count them: grade:A. */
  group?: string;
}

export function parseVisitsSearch(raw: RawSearch): VisitsSearch {
  return compact({
    from: day(raw.from),
    to: day(raw.to),
    person: text(raw.person),
    customer: text(raw.customer),
    department: text(raw.department),
    status: text(raw.status),
    effective: text(raw.effective),
    verdict: text(raw.verdict),
    group: text(raw.group),
  });
}
