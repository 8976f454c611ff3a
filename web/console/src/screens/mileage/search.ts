import { compact, day, text, type RawSearch } from '../../kit/search';

export interface MileageSearch {
  /** `yyyy-mm`; this month when absent. */
  month?: string;
  department?: string;
  person?: string;
}

export function parseMileageSearch(raw: RawSearch): MileageSearch {
  const month = text(raw.month);
  return compact({
    month: month && day(`${month}-01`) ? month : undefined,
    department: text(raw.department),
    person: text(raw.person),
  });
}
