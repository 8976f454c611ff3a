import { compact, day, text, type RawSearch } from '../../kit/search';

export interface PlanningSearch {
  day?: string;
  person?: string;
  department?: string;
  customers?: string;
}

export function parsePlanningSearch(raw: RawSearch): PlanningSearch {
  return compact({ day: day(raw.day), person: text(raw.person), department: text(raw.department), customers: text(raw.customers) });
}
