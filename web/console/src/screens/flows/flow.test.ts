import type { FlowDoc } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { addLane, changeLane, freeId, inUnit, insert, minutesOf, moveTo, newNode, nudge, nudgeLane, placeOf, remove, removeLane, walk } from './flow';

const begin = (): FlowDoc => ({ v: 1, nodes: [newNode('approve', 'a'), newNode('branch', 'b'), newNode('copy', 'c')] });
const order = (doc: FlowDoc) => walk(doc).map(({ node, place }) => `${place.lane}:${node.id}`).join(' ');

describe('a flow is edited', () => {
  it('inserts into lanes, removes, and finds free ids', () => {
    const doc = insert(begin(), { lane: 'b.1', index: 0 }, newNode('approve', freeId(begin())));
    expect(order(doc)).toBe(':a :b b.1:n4 :c');
    expect(order(remove(doc, 'b'))).toBe(':a :c');
    expect(freeId(doc)).toBe('n5');
  });
  it('moves by keys past, into and out of lanes', () => {
    let doc = nudge(begin(), 'a', 1);
    expect(order(doc)).toBe(':b b.0:a :c');
    doc = nudge(doc, 'a', 1);
    expect(order(doc)).toBe(':b :a :c');
    expect(order(nudge(doc, 'a', 1))).toBe(':b :c :a');
    expect(order(nudge(doc, 'a', -1))).toBe(':b b.0:a :c');
    expect(nudge(doc, 'b', -1)).toBe(doc);
  });
  it('drags anywhere but into itself', () => {
    const inner = insert(begin(), { lane: 'b.0', index: 0 }, newNode('parallel', 'p'));
    expect(moveTo(inner, 'b', { lane: 'p.1', index: 0 })).toBe(inner);
    expect(moveTo(inner, 'a', { lane: '', index: 1 })).toBe(inner);
    expect(order(moveTo(inner, 'a', { lane: '', index: 3 }))).toBe(':b b.0:p :c :a');
    expect(order(moveTo(inner, 'c', { lane: 'p.1', index: 0 }))).toBe(':a :b b.0:p p.1:c');
    expect(placeOf(inner, 'p')).toEqual({ lane: 'b.0', index: 0 });
  });
  it('keeps the lane that is taken else at the end', () => {
    const three = changeLane(addLane(begin(), 'b'), 'b', 1, { when: 'true' });
    const lanes = (doc: FlowDoc) => (doc.nodes[1] as { lanes: { when?: string }[] }).lanes.map((one) => one.when ?? '-').join(',');
    expect(lanes(three)).toBe(',true,-');
    expect(lanes(nudgeLane(three, 'b', 1, -1))).toBe('true,,-');
    expect(lanes(nudgeLane(three, 'b', 1, 1))).toBe(',true,-');
    expect(lanes(removeLane(three, 'b', 2))).toBe(',true,-');
    expect(lanes(removeLane(three, 'b', 0))).toBe('true,-');
    expect(lanes(removeLane(begin(), 'b', 0))).toBe(',-');
  });
  it('says minutes in whole units', () => {
    expect([inUnit(90), inUnit(120), inUnit(2880)]).toEqual([{ n: 90, unit: 'minute' }, { n: 2, unit: 'hour' }, { n: 2, unit: 'day' }]);
    expect(minutesOf(3, 'hour')).toBe(180);
  });
});
