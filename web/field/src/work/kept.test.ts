import { describe, expect, it } from 'vitest';
import { type Kept, keptState, ofPhoto, ofStep } from './kept.ts';

let seq = 0;
const row = (id: string, status: Kept['status'], more: Partial<Kept> = {}): Kept => ({ id, seq: ++seq, kind: 'visit.check_in', lane: 'item', status, needs: [], body: { text: '' } as unknown as Kept['body'], ...more });
const answer = (id: string, step_id: string, status: Kept['status']) => row(id, status, { kind: 'visit.step', body: { step_id } as unknown as Kept['body'] });
const photo = (id: string, step_id: string, status: Kept['status']) => row(`${id}-record`, status, { kind: 'visit.photo', body: { step_id, photo_id: id } as unknown as Kept['body'] });
const file = (id: string, status: Kept['status']) => row(id, status, { kind: 'photo', lane: 'upload', needs: [`${id}-record`], body: { mime: 'image/jpeg', sha256: '' } });

describe('where a record is', () => {
  it('is said by the least safe of what carries it', () => {
    expect(keptState([row('a', 'receipted'), row('b', 'receipted')], [])).toBe('synced');
    expect(keptState([row('a', 'receipted'), row('b', 'queued')], [])).toBe('local');
    expect(keptState([row('a', 'receipted'), row('b', 'queued')], ['b'])).toBe('uploading');
    expect(keptState([row('a', 'refused'), row('b', 'queued')], ['b'])).toBe('problem');
  });
  it('takes what left the phone long ago for synced, and never what was put aside', () => {
    expect(keptState([], [])).toBe('synced');
    expect(keptState([row('a', 'receipted'), row('b', 'set_aside')], [])).toBe('local');
  });
  it('forgets a refused answer once another took its place', () => {
    const first = answer('a', 's1', 'set_aside');
    expect(keptState([first, answer('b', 's2', 'receipted')], [])).toBe('local');
    expect(keptState([first, answer('c', 's1', 'receipted')], [])).toBe('synced');
    expect(keptState([first, answer('d', 's1', 'queued')], [])).toBe('local');
  });
  it('knows the entries of a step and of a photo', () => {
    const rows = [row('in', 'receipted'), photo('p', 's1', 'receipted'), file('p', 'queued'), answer('a', 's1', 'receipted'), photo('q', 's2', 'receipted'), file('q', 'receipted')];
    expect(ofStep(rows, 's1').map((one) => one.id)).toEqual(['p-record', 'a', 'p']);
    expect(ofPhoto(rows, 'q').map((one) => one.id)).toEqual(['q-record', 'q']);
    expect(keptState(ofPhoto(rows, 'p'), [])).toBe('local');
    expect(keptState(ofStep(rows, 's2'), [])).toBe('synced');
  });
});
