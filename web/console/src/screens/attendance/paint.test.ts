import { describe, expect, it } from 'vitest';
import { area, cellsIn, inside, moved } from './paint';

describe('painting the duty table', () => {
  it('covers the rectangle between both ends, whichever way it was drawn', () => {
    expect(cellsIn({ from: [2, 3], to: [1, 2] }, 5, 5)).toEqual([[1, 2], [1, 3], [2, 2], [2, 3]]);
    expect(inside({ from: [2, 3], to: [1, 2] }, 0, 2)).toBe(false);
  });
  it('moves by arrows and grows with Shift, never out of the table', () => {
    expect(moved(area(0, 0), 'ArrowLeft', false, 3, 3)).toEqual(area(0, 0));
    expect(moved(area(0, 0), 'ArrowDown', true, 3, 3)).toEqual({ from: [0, 0], to: [1, 0] });
    expect(moved(area(0, 0), 'x', false, 3, 3)).toBeNull();
  });
});
