import { describe, expect, it } from 'vitest';
import { bodyOf, draftOf, emptyDraft, radiusOf, shapeOf, withCustomer } from './draft';

describe('a fence being drawn', () => {
  it('is no shape until it is one', () => {
    const draft = emptyDraft();
    expect(shapeOf(draft)).toBeNull();
    expect(shapeOf({ ...draft, at: [118.78, 32.04] })).toEqual({ circle: { at: [118.78, 32.04], radius_m: 150 } });
    expect(shapeOf({ ...draft, kind: 'polygon', corners: [[0, 0], [0, 1]] })).toBeNull();
  });
  it('takes place, radius and name of its customer', () => {
    const customer = { id: 'c', name: '苏福便利', at: [118.78, 32.04], radius_m: 250 } as Parameters<typeof withCustomer>[1];
    const draft = withCustomer(emptyDraft(), customer);
    expect([draft.name, draft.radiusM, draft.customer?.id]).toEqual(['苏福便利', 250, 'c']);
    expect(bodyOf(draft)).toMatchObject({ customer_id: 'c', dwell_s: 300, active: true, shape: { circle: { radius_m: 250 } } });
  });
  it('goes to the server and comes back the same', () => {
    const fence = {
      id: 'f', name: '后院', customer: null, department_id: 'd', shape: { polygon: [[0, 0], [0.01, 0], [0.01, 0.01]] as [number, number][] }, dwell_s: 600,
      tell: { enter: ['leader' as const], exit: [], dwell: [] }, active: true, version: 3,
    };
    const body = bodyOf(draftOf(fence));
    expect(body).toMatchObject({ name: '后院', department_id: 'd', shape: fence.shape, dwell_s: 600, tell: fence.tell });
    expect(body).not.toHaveProperty('id');
  });
  it('judges a polygon by its area', () => {
    const [w, h] = [200 / (111_320 * Math.cos((32 * Math.PI) / 180)), 200 / 110_574];
    const square: [number, number][] = [[118, 32], [118 + w, 32], [118 + w, 32 + h], [118, 32 + h]];
    expect(radiusOf(square)).toBeCloseTo(Math.sqrt(40_000 / Math.PI), 0);
    expect(radiusOf([])).toBe(0);
  });
});
