import { compact, day, text, type RawSearch } from '../../kit/search';

export interface HealthSearch {
  day?: string;
  department?: string;
  /** Only people with this advice. */
  advice?: string;
  /** Open drawer: an employee's id. */
  person?: string;
}

export function parseHealthSearch(raw: RawSearch): HealthSearch {
  return compact({ day: day(raw.day), department: text(raw.department), advice: text(raw.advice), person: text(raw.person) });
}
