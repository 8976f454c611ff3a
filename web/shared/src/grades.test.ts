import { afterEach, describe, expect, it } from 'vitest';
import { gradeRank, setGrades } from './grades';
import { customerFeatures } from './map/features';

afterEach(() => setGrades(['A', 'B', 'C']));

describe('grades', () => {
  it('rank by the place in the list, whatever they are called', () => {
    expect([gradeRank('A'), gradeRank('C'), gradeRank(null), gradeRank('KA')]).toEqual([0, 2, 3, 3]);
    setGrades(['KA', '普通']);
    expect([gradeRank('KA'), gradeRank('普通'), gradeRank('A')]).toEqual([0, 1, 2]);
    setGrades([]);
    expect(gradeRank('KA')).toBe(0);
  });

  it('are drawn by their place', () => {
    const shown = (grade: string | null) => customerFeatures([{ id: 'x', name: 'x', at: [118, 32], grade }], 'light', null).features[0]?.properties;
    const best = shown('A');
    setGrades(['KA', 'A']);
    expect(shown('KA')).toEqual(best);
    expect(shown('A')).not.toEqual(best);
  });
});
