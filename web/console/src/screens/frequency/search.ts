import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';

export const SPANS = ['1', '2', '4', '8'] as const;

export interface FrequencySearch {
  /** First day of the weeks. */
  from?: string;
  /** How many weeks. */
  weeks?: (typeof SPANS)[number];
  department?: string;
  /** The rule that is open; `new` makes one. */
  rule?: string;
}

export function parseFrequencySearch(raw: RawSearch): FrequencySearch {
  return compact({ from: day(raw.from), weeks: oneOf(raw.weeks, SPANS), department: text(raw.department), rule: text(raw.rule) });
}
