import { compact, day, text, type RawSearch } from '../../kit/search';

export interface SopSearch {
  template?: string;
  from?: string;
  to?: string;
  department?: string;
  /** Whose way of working is shown beside all others. */
  person?: string;
  /** A visit that is to be the pattern. */
  visit?: string;
}

export function parseSopSearch(raw: RawSearch): SopSearch {
  return compact({ template: text(raw.template), from: day(raw.from), to: day(raw.to), department: text(raw.department), person: text(raw.person), visit: text(raw.visit) });
}
