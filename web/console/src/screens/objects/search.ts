import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';

export const OBJECT_TABS = ['fields', 'list', 'numbers', 'grants', 'versions'] as const;
export type ObjectTab = (typeof OBJECT_TABS)[number];

/** What the address says of one object's design. */
export interface ObjectSearch {
  tab?: ObjectTab;
}

export function parseObjectSearch(raw: RawSearch): ObjectSearch {
  return compact({ tab: oneOf(raw.tab, OBJECT_TABS) });
}

/** What the address says of a list of records. Conditions on fields stand as `f.budget=10~20`, `f.kind=a,b`. */
export interface RecordsSearch {
  q?: string;
  owner?: string;
  department?: string;
  from?: string;
  to?: string;
  sort?: string;
  /** The opened record. */
  record?: string;
  /** `new`, or `1` while the opened record is changed. */
  edit?: string;
  /** `start`, or an import that was begun. */
  import?: string;
  /** `1` while the records are summed up. */
  report?: string;
  [field: `f.${string}`]: string | undefined;
}

/** What an address says of fields: `f.budget=10~20`. */
export function fieldsSaid(raw: RawSearch): { [field: `f.${string}`]: string | undefined } {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => /^f\.[a-z][a-z0-9_]*$/.test(key)).map(([key, value]) => [key, text(value)]));
}

export function parseRecordsSearch(raw: RawSearch): RecordsSearch {
  return compact({
    q: text(raw.q), owner: text(raw.owner), department: text(raw.department), from: day(raw.from), to: day(raw.to), sort: text(raw.sort),
    record: text(raw.record), edit: text(raw.edit), import: text(raw.import), report: text(raw.report), ...fieldsSaid(raw),
  }) as RecordsSearch;
}
