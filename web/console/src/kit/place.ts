import type { Datum, Point } from '@tashi/shared/api';

/** A place as a person entered it: the server converts other datums to WGS-84. */
export interface Place {
  at: Point;
  datum: Datum;
}

/** Reads `118.78, 32.05` in either order: a first number that can only be a latitude is swapped with the second. */
export function parsePoint(text: string): Point | null {
  const numbers = text.trim().split(/[\s,，;；]+/).map(Number);
  const [a, b] = numbers;
  if (numbers.length !== 2 || a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b)) return null;
  const [lng, lat] = Math.abs(a) <= 90 && Math.abs(b) > 90 ? [b, a] : [a, b];
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? [lng, lat] : null;
}

/** Six decimals: 0.1 m. */
export function pointText(at: Point): string {
  return `${at[0].toFixed(6)}, ${at[1].toFixed(6)}`;
}
