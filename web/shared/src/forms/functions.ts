/** The functions of formulas, `ff.sum(…)` and the rest. Port of `crates/forms/src/functions.rs`. */
import { distanceM } from '../geo/measure.ts';

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

class Refusal extends Error {}
const refuse = (why: string): never => {
  throw new Refusal(why);
};

/** A number of the engine: whole ones may arrive as bigint. */
const number = (v: unknown): number => (typeof v === 'number' ? v : typeof v === 'bigint' ? Number(v) : refuse('number'));
const finite = (n: number): number => (Number.isFinite(n) ? n + 0 : refuse('no number'));
const items = (args: unknown[]): unknown[] => (args.length === 1 && Array.isArray(args[0]) ? args[0] : args);
const numbers = (args: unknown[]): number[] => items(args).filter((v) => v !== null).map(number);

/** Rounds half away from zero as a person would on paper: 2.675 to 2 places is 2.68. */
export function roundTo(n: number, places: number): number {
  const scale = 10 ** places;
  const scaled = Math.abs(n) * scale;
  const nudged = scaled + scaled * 4 * Number.EPSILON;
  const rounded = Math.floor(nudged + 0.5) / scale;
  return n < 0 ? 0 - rounded : rounded;
}

/** `2027-11-19`, also at the head of `2027-11-19T10:05`, as days since 1970. */
export function parseDay(text: unknown): number | undefined {
  if (typeof text !== 'string' || !(text.length === 10 || text[10] === 'T')) return undefined;
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.slice(0, 10));
  if (!parts) return undefined;
  const [y, m, d] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(0);
  date.setUTCFullYear(y, m - 1, d);
  const same = date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  return same ? Math.round(date.getTime() / 86_400_000) : undefined;
}
const day = (v: unknown): number => parseDay(v) ?? refuse('a date');

const isEmpty = (v: unknown): boolean => v === null || v === '' || (Array.isArray(v) && v.length === 0);

/** A number as people write it: no trailing zeros, at most 6 places. */
export const shown = (n: number): string => {
  const text = roundTo(n, 6).toFixed(6).replace(/0+$/, '').replace(/\.$/, '');
  return text === '' ? '0' : text;
};
const written = (v: unknown): string =>
  v === null ? '' : typeof v === 'string' ? v : typeof v === 'boolean' ? String(v) : shown(number(v));

/** Digits with at most one sign before and one point between or after them. */
const parseNumber = (text: string): number | null =>
  text.length <= 20 && /^-?[0-9]+(\.[0-9]*)?$/.test(text) ? Number(text) : null;

/** A place in a text, counted from 0. */
function placeIn(v: unknown): number {
  const n = number(v);
  return Number.isInteger(n) && n >= 0 && n <= 10_000 ? n : refuse('a place in the text');
}

function place(v: unknown): [number, number] {
  if (typeof v !== 'object' || v === null) return refuse('a place');
  const { lng, lat } = v as Record<string, unknown>;
  const good = typeof lng === 'number' && typeof lat === 'number' && Math.abs(lng) <= 180 && Math.abs(lat) <= 90;
  return good ? [lng, lat] : refuse('a place');
}

/** Each function by name, with the fewest and most arguments it takes. */
export const functions: Record<string, { least: number; most: number; run: (args: unknown[]) => unknown }> = {
  sum: { least: 1, most: 20, run: (a) => finite(numbers(a).reduce((x, y) => x + y, 0)) },
  avg: {
    least: 1,
    most: 20,
    run: (a) => {
      const all = numbers(a);
      return all.length === 0 ? null : finite(all.reduce((x, y) => x + y, 0) / all.length);
    },
  },
  min: { least: 1, most: 20, run: (a) => (numbers(a).length === 0 ? null : Math.min(...numbers(a))) },
  max: { least: 1, most: 20, run: (a) => (numbers(a).length === 0 ? null : Math.max(...numbers(a))) },
  count: {
    least: 1,
    most: 1,
    run: ([v]) => (v === null ? 0 : Array.isArray(v) ? v.length : typeof v === 'string' ? [...v].length : refuse('list')),
  },
  round: {
    least: 1,
    most: 2,
    run: ([n, places = 0]) => {
      const p = number(places);
      return Number.isInteger(p) && p >= 0 && p <= 6 ? finite(roundTo(number(n), p)) : refuse('places from 0 to 6');
    },
  },
  mod: {
    least: 2,
    most: 2,
    run: ([a, b]) => (number(b) > 0 ? finite(number(a) - number(b) * Math.floor(number(a) / number(b))) : refuse('zero')),
  },
  abs: { least: 1, most: 1, run: ([n]) => Math.abs(number(n)) },
  days_between: { least: 2, most: 2, run: ([from, to]) => day(to) - day(from) },
  weekday: { least: 1, most: 1, run: ([d]) => ((((day(d) + 3) % 7) + 7) % 7) + 1 },
  coalesce: { least: 1, most: 20, run: (a) => a.find((v) => !isEmpty(v)) ?? null },
  empty: { least: 1, most: 1, run: ([v]) => isEmpty(v) },
  text: { least: 1, most: 1, run: ([v]) => written(v) },
  join: {
    least: 2,
    most: 2,
    run: ([list, between]) =>
      Array.isArray(list) && typeof between === 'string'
        ? list.filter((v) => !isEmpty(v)).map(written).join(between)
        : refuse('a list and a text'),
  },
  number: {
    least: 1,
    most: 1,
    run: ([v]) => (v === null ? null : typeof v === 'string' ? parseNumber(v.trim()) : number(v)),
  },
  whole: { least: 1, most: 1, run: ([n]) => finite(Math.trunc(number(n))) },
  sub: {
    least: 2,
    most: 3,
    run: ([text, from, to = 10_000]) =>
      typeof text === 'string' ? [...text].slice(placeIn(from), placeIn(to)).join('') : refuse('a text'),
  },
  distance_m: { least: 2, most: 2, run: ([a, b]) => Math.round(distanceM(place(a), place(b))) },
};
