import type { Readiness } from '@tashi/shared/api';

const DAY_MS = 24 * 3600 * 1000;
/** A backup older than this is as good as none. */
const BACKUP_DAYS = 8;

export type ReadyKey = 'zone' | 'calendar' | 'people' | 'phones' | 'customers' | 'https' | 'basemap' | 'backup';

export interface ReadyLine {
  key: ReadyKey;
  done: boolean;
  /** Where it is seen to; absent where that is no page of the console. */
  to?: '/people' | '/customers' | '/settings/$section';
  section?: string;
}

/** What a company needs before its people go out, in the order one sees to it. `https`: how this very page was opened. */
export function readyLines(told: Readiness, now: number, https: boolean): ReadyLine[] {
  const backup = told.backup_at === null ? null : now - Date.parse(told.backup_at);
  return [
    { key: 'zone', done: true, to: '/settings/$section', section: 'company' },
    { key: 'calendar', done: told.calendar_set, to: '/settings/$section', section: 'calendars' },
    { key: 'people', done: told.people > 0, to: '/people' },
    { key: 'phones', done: told.people > 0 && told.on_phones >= told.people, to: '/people' },
    { key: 'customers', done: told.customers > 0 && told.customers_placed >= told.customers, to: '/customers' },
    { key: 'basemap', done: told.basemap, to: '/settings/$section', section: 'basemap' },
    { key: 'https', done: https },
    { key: 'backup', done: backup !== null && backup < BACKUP_DAYS * DAY_MS },
  ];
}
