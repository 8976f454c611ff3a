import { compact, day, text, type RawSearch } from '../../kit/search';

const BY = ['territory', 'grade', 'tag'] as const;
/** What customers are grouped by. */
export type GroupBy = (typeof BY)[number];

export interface GroupsSearch {
  from?: string;
  to?: string;
  by?: GroupBy;
  department?: string;
}

export function parseGroupsSearch(raw: RawSearch): GroupsSearch {
  return compact({ from: day(raw.from), to: day(raw.to), by: BY.find((one) => one === raw.by), department: text(raw.department) });
}
