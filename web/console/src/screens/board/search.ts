import { compact, text, type RawSearch } from '../../kit/search';

export interface BoardSearch {
  /** Tomorrow when absent. */
  day?: string;
  department?: string;
  /** The person whose day is beside the board. */
  person?: string;
  /** Only work that asks for it, and people who have it. */
  skill?: string;
  /** Conditions on the company's own fields of customers and tasks: what waits is narrowed to them. */
  [field: `f.${string}`]: string | undefined;
}

export interface WeekSearch {
  /** A day of the week; the next working week's when absent. */
  week?: string;
  department?: string;
}

export function parseWeekSearch(raw: RawSearch): WeekSearch {
  return compact({ week: text(raw.week), department: text(raw.department) });
}

export function parseBoardSearch(raw: RawSearch): BoardSearch {
  return compact({ day: text(raw.day), department: text(raw.department), person: text(raw.person), skill: text(raw.skill), ...fieldsSaid(raw) }) as BoardSearch;
}

/** `f.chain=own` of customers, `f.task.budget=10~` of tasks: both nouns may have a field of one name. */
function fieldsSaid(raw: RawSearch): { [field: `f.${string}`]: string | undefined } {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => /^f\.(task\.)?[a-z][a-z0-9_]*$/.test(key)).map(([key, value]) => [key, text(value)]));
}
