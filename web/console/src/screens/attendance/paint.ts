/** A rectangle of cells in the duty table: where it began, and where the hand is. Pure. */
export interface Area {
  from: [number, number];
  to: [number, number];
}

export const area = (row: number, column: number): Area => ({ from: [row, column], to: [row, column] });

export function inside({ from, to }: Area, row: number, column: number): boolean {
  const between = (a: number, b: number, x: number) => Math.min(a, b) <= x && x <= Math.max(a, b);
  return between(from[0], to[0], row) && between(from[1], to[1], column);
}

/** All cells of a rectangle that are in the table. */
export function cellsIn(one: Area, rows: number, columns: number): [number, number][] {
  const all: [number, number][] = [];
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) if (inside(one, r, c)) all.push([r, c]);
  return all;
}

const STEPS: Record<string, [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** After an arrow key: one cell on, or with Shift the rectangle grown; null for other keys. */
export function moved({ from, to }: Area, key: string, shift: boolean, rows: number, columns: number): Area | null {
  const step = STEPS[key];
  if (!step) return null;
  const next: [number, number] = [Math.min(rows - 1, Math.max(0, to[0] + step[0])), Math.min(columns - 1, Math.max(0, to[1] + step[1]))];
  return shift ? { from, to: next } : { from: next, to: next };
}
