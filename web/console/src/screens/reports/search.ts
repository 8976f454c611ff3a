import { compact, day, text, type RawSearch } from '../../kit/search';

export interface ReportsSearch {
  day?: string;
  department?: string;
  person?: string;
}

export function parseReportsSearch(raw: RawSearch): ReportsSearch {
  return compact({ day: day(raw.day), department: text(raw.department), person: text(raw.person) });
}
