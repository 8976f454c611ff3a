import { createContext } from 'react';
import type { Density } from './DataTable';

/** Columns and row height of the table of a page, and what sets them. */
export interface Shape {
  columns: readonly string[];
  density: Density;
  /** True when they are not as the product has them. */
  changed: boolean;
  /** Takes over what a view kept; names of columns that are gone are passed over. */
  apply(search: Record<string, string>): void;
}

/** The table a view belongs to; null where there is none whose columns can be chosen. */
export const TableShape = createContext<Shape | null>(null);

/** Columns and row height as a view keeps them, in the words of a list's link. */
export function shapeOf({ columns, density }: Pick<Shape, 'columns' | 'density'>): { cols: string; rows: string } {
  return { cols: columns.join('~'), rows: density };
}

export function sameShape(search: Record<string, string>, table: Shape): boolean {
  const { cols, rows } = shapeOf(table);
  return search.cols === cols && (search.rows ?? rows) === rows;
}
