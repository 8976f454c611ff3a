import { describe, expect, it } from 'vitest';
import { isTileUrl } from '../screens/settings/BasemapPanel';
import { weeklyCounts } from '../screens/customers/Rhythm';
import { parsePoint, pointText } from './place';
import { departmentTree, flattenTree } from './refs';
import { keyName } from './shortcuts';
import { parseMinute } from './TimeInput';

describe('parsePoint', () => {
  it('reads both orders when only one can be meant', () => {
    expect(parsePoint('118.778, 32.045')).toEqual([118.778, 32.045]);
    expect(parsePoint('32.045，118.778')).toEqual([118.778, 32.045]);
    expect(parsePoint(' -0.12 51.5 ')).toEqual([-0.12, 51.5]);
  });
  it('refuses what is no place', () => {
    for (const text of ['', '118.778', '118.778, x', '190, 32', '118, 95', '1,2,3']) expect(parsePoint(text)).toBeNull();
  });
  it('shows a tenth of a metre', () => {
    expect(pointText([118.7781234, 32])).toBe('118.778123, 32.000000');
  });
});

it('parseMinute reads the ways people write a time', () => {
  expect(['9', '930', '9:30', '09：30', '0930', '24:00', '17.00'].map(parseMinute)).toEqual([540, 570, 570, 570, 570, 1440, 1020]);
  expect(['', '25', '24:01', '9:60', 'noon', '9:3'].map(parseMinute)).toEqual([null, null, null, null, null, null]);
});

it('a tile address must be https and name z, x and y', () => {
  expect(isTileUrl('https://tile.example/{z}/{x}/{y}.png')).toBe(true);
  expect(isTileUrl('http://tile.example/{z}/{x}/{y}.png')).toBe(false);
  expect(isTileUrl('https://tile.example/{z}/{x}.png')).toBe(false);
});

it('weeklyCounts puts effective visits into their weeks, the present one last', () => {
  const counts = weeklyCounts(
    [
      { day: '2026-11-20', effective: true },
      { day: '2026-11-16', effective: true },
      { day: '2026-11-15', effective: true },
      { day: '2026-11-17', effective: false },
      { day: '2026-05-25', effective: true },
      { day: '2026-05-24', effective: true },
    ],
    '2026-11-16',
  );
  expect(counts).toHaveLength(26);
  expect([counts[25], counts[24], counts[0]]).toEqual([2, 1, 1]);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(4);
});

it('keyName names a key with its modifiers', () => {
  const press = (key: string, more = {}) => keyName({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  expect(press('K', { metaKey: true })).toBe('mod+k');
  expect(press('k', { ctrlKey: true })).toBe('mod+k');
  expect(press('?')).toBe('?');
  expect(press('Escape')).toBe('Escape');
});

describe('departmentTree', () => {
  const department = (id: string, name: string, parent_id: string | null) => ({ id, name, parent_id, manager_ids: [], employee_count: 0, version: 1 });
  it('orders parents before children and makes a root of one whose parent is out of reach', () => {
    const lines = flattenTree(departmentTree([department('b', '二区', 'a'), department('a', '大区', null), department('c', '组', 'b'), department('x', '外地', 'hidden')]));
    expect(lines.map((one) => [one.department.id, one.depth])).toEqual([['a', 0], ['b', 1], ['c', 2], ['x', 0]]);
  });
});
