import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';

export const STATUSES = ['pending', 'answered', 'second', 'upheld', 'cleared'] as const;

export interface TruthSearch {
  /** Absent: what waits for a decision. */
  status?: (typeof STATUSES)[number] | 'all';
  code?: string;
  person?: string;
  department?: string;
  from?: string;
  to?: string;
  /** The finding on the screen. */
  finding?: string;
  view?: 'rules' | 'numbers' | 'phones' | 'try';
}

export function parseTruthSearch(raw: RawSearch): TruthSearch {
  return compact({
    status: oneOf(raw.status, [...STATUSES, 'all']),
    code: text(raw.code),
    person: text(raw.person),
    department: text(raw.department),
    from: day(raw.from),
    to: day(raw.to),
    finding: text(raw.finding),
    view: oneOf(raw.view, ['rules', 'numbers', 'phones', 'try']),
  });
}
