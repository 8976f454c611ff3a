import { compact, day, text, type RawSearch } from '../../kit/search';

const BY = ['customer', 'territory', 'department'] as const;
/** What scores are summed by. */
export type ScoresBy = (typeof BY)[number];

export interface ChecksSearch {
  from?: string;
  to?: string;
  by?: ScoresBy;
  department?: string;
  /** The customer whose failed items are shown. */
  customer?: string;
}

export function parseChecksSearch(raw: RawSearch): ChecksSearch {
  return compact({ from: day(raw.from), to: day(raw.to), by: BY.find((one) => one === raw.by), department: text(raw.department), customer: text(raw.customer) });
}
