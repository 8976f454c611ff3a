/** Working hours. */
import type { Day, Id } from './common';

/** Minutes of the local day; 540 is 09:00. */
export interface Window {
  from_minute: number;
  to_minute: number;
}

export interface Shift extends Window {
  /** 1 = Monday … 7 = Sunday. */
  weekday: number;
}

export interface CalendarException {
  day: Day;
  name: string;
  /** Empty = a day off. */
  shifts: Window[];
}

export interface Calendar {
  id: Id;
  name: string;
  shifts: Shift[];
  exceptions: CalendarException[];
  /** Used by everybody without a calendar of their own. */
  is_default: boolean;
  version: number;
}
