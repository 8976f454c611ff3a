import type { Board, BoardRow } from '@tashi/shared/api';

/** The hours of the board, seconds after midnight. */
export interface Scale {
  from: number;
  to: number;
}

const HOUR = 3600;

/** From the first shift to an hour after the last, wider where visits need it; whole hours. */
export function scaleOf(board: Board, rows: Iterable<BoardRow>): Scale {
  const windows = board.people.flatMap((one) => one.working);
  let from = Math.min(9 * HOUR, ...windows.map((one) => one.from_minute * 60), ...board.visits.map((one) => one.check_in_s));
  let to = Math.max(17 * HOUR, ...windows.map((one) => one.to_minute * 60)) + HOUR / 2;
  for (const row of rows) {
    if (row.finish_s !== null) to = Math.max(to, row.finish_s);
    for (const stop of row.stops) if (stop.begin_s !== null) from = Math.min(from, stop.begin_s);
  }
  return { from: Math.max(0, Math.floor(from / HOUR) * HOUR), to: Math.min(24 * HOUR, Math.ceil(to / HOUR) * HOUR) };
}

export const share = (scale: Scale, second: number): number => ((second - scale.from) / (scale.to - scale.from)) * 100;

/** When most people of the board begin; what a board of night and day is opened at. */
export function opening(board: Board): number {
  const begins = new Map<number, number>();
  for (const one of board.people) {
    const first = one.working[0]?.from_minute;
    if (first !== undefined) begins.set(first, (begins.get(first) ?? 0) + 1);
  }
  const [most] = [...begins].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return (most?.[0] ?? 9 * 60) * 60;
}

/** The hours that are drawn. */
export const hours = ({ from, to }: Scale): number[] => Array.from({ length: (to - from) / HOUR }, (_, k) => from / HOUR + k);

/** Stretches outside `working`, to be hatched. */
export function gaps(scale: Scale, working: readonly { from_minute: number; to_minute: number }[]): [number, number][] {
  const found: [number, number][] = [];
  let at = scale.from;
  for (const one of working) {
    if (one.from_minute * 60 > at) found.push([at, one.from_minute * 60]);
    at = Math.max(at, one.to_minute * 60);
  }
  if (at < scale.to) found.push([at, scale.to]);
  return found;
}
