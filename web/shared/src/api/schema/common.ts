/** Words all answers share. */
export type Id = string;
export type Instant = string;
export type Day = string;
export type Point = [number, number];
export type Datum = 'wgs84' | 'gcj02' | 'bd09';
export interface Ref {
  id: Id;
  name: string;
}

/** A page of a list; `next_cursor` is absent on the last page, `total` present when `count=true` was asked. */
export interface Page<T> {
  items: T[];
  next_cursor?: string;
  total?: number;
}
