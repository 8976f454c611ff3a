import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';

export const TABS = ['sheet', 'today', 'roster', 'requests', 'balances', 'settings'] as const;
export type AttendanceTab = (typeof TABS)[number];
export const KINDS = ['leave', 'overtime', 'trip', 'correction'] as const;
export const STATUSES = ['running', 'returned', 'approved', 'rejected', 'withdrawn', 'cancelled'] as const;

export interface AttendanceSearch {
  /** The sheet when absent. */
  tab?: AttendanceTab;
  /** `yyyy-mm`; this month when absent. */
  month?: string;
  department?: string;
  /** Only people with something late, early, missing or absent. */
  marked?: '1';
  /** The open cell. */
  person?: string;
  day?: string;
  kind?: (typeof KINDS)[number];
  status?: (typeof STATUSES)[number];
  year?: string;
}

export function parseAttendanceSearch(raw: RawSearch): AttendanceSearch {
  const month = text(raw.month);
  const year = text(raw.year);
  return compact({
    tab: oneOf(raw.tab, TABS),
    month: month && day(`${month}-01`) ? month : undefined,
    department: text(raw.department),
    marked: oneOf(raw.marked, ['1'] as const),
    person: text(raw.person),
    day: day(raw.day),
    kind: oneOf(raw.kind, KINDS),
    status: oneOf(raw.status, STATUSES),
    year: year && /^\d{4}$/.test(year) ? year : undefined,
  });
}
