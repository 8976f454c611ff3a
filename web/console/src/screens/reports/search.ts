import { compact, day, text, type RawSearch } from '../../kit/search';

const SUMS = ['stay', 'driven'] as const;
/** A total that is opened into the people it adds up. */
export type SumKey = (typeof SUMS)[number];

const PARTS = ['visits', 'trips'] as const;
/** The rows of a person's day a number is made of. */
export type DayPart = (typeof PARTS)[number];

export interface ReportsSearch {
  day?: string;
  department?: string;
  person?: string;
  sum?: SumKey;
  rows?: DayPart;
}

export function parseReportsSearch(raw: RawSearch): ReportsSearch {
  return compact({
    day: day(raw.day),
    department: text(raw.department),
    person: text(raw.person),
    sum: SUMS.find((one) => one === raw.sum),
    rows: PARTS.find((one) => one === raw.rows),
  });
}
