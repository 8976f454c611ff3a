/** Search parameters of a screen are plain strings; these readers turn an unknown value into a typed one or nothing. */
export type RawSearch = Record<string, unknown>;

/** A text of the URL; empty counts as absent. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One of the allowed words. */
export function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return typeof value === 'string' && (allowed as readonly string[]).includes(value) ? (value as T) : undefined;
}

/** A day `yyyy-mm-dd` that exists in the calendar. */
export function day(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const ms = Date.parse(`${value}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(value) ? value : undefined;
}

/** A finite number. */
export function number(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** Words joined by commas in the URL: `grade=A,B`. */
export function words(value: unknown): string[] {
  return typeof value === 'string' ? value.split(',').filter(Boolean) : [];
}

/** Drops absent values, so that the URL holds only what differs from the default. */
export function compact<T extends Record<string, unknown>>(search: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const key of Object.keys(search) as (keyof T)[]) {
    const value = search[key];
    if (value !== undefined && value !== null && value !== '') kept[key] = value;
  }
  return kept;
}

/** `?a=1&b=x` → `{a: '1', b: 'x'}`; every value stays a string. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The reverse of `parseSearch`; absent values disappear. Commas and colons stay readable. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    params.set(key, String(value));
  }
  const query = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return query ? `?${query}` : '';
}
