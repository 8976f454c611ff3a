import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { FieldOrder } from '@tashi/shared/api';
import type { OutboxRow } from '../sync/store.ts';
import { charges, needsOf, resultOf, standing, vanLines } from './orders.ts';

const order = (status: string, signature = true) => ({ order: { id: 'o', task_id: 't', status, signature }, parts: [], requests: [] }) as unknown as FieldOrder;
const row = (kind: string, body: object, status = 'queued', at = 0) => ({ id: kind, kind, status, body: { order_id: 'o', ...body }, receipt: status === 'receipted' ? { at } : null }) as unknown as OutboxRow;

test('what is recorded here counts before it has arrived', () => {
  expect(standing(order('assigned'), [row('order.accept', {})], null, 0).status).toBe('accepted');
  expect(standing(order('accepted'), [], { id: 'v', status: 'open' }, 0).status).toBe('on_site');
  expect(standing(order('accepted'), [], { id: 'v', status: 'done' }, 0).status).toBe('paused');
  expect(standing(order('on_site'), [row('order.finish', {})], null, 0).status).toBe('finished');
  expect(standing(order('on_site', false), [row('order.finish', {})], null, 0).status).toBe('closed');
  expect(standing(order('on_site'), [row('order.finish', {}), row('order.sign', {})], null, 0).status).toBe('closed');
});

test('what the server has taken is not counted twice', () => {
  const part = (status: string, at: number) => row('order.part', { part_id: 'p', quantity: 2 }, status, at);
  expect(standing(order('on_site'), [part('queued', 0)], null, 100).used).toEqual([{ part: 'p', quantity: 2 }]);
  expect(standing(order('on_site'), [part('receipted', 200)], null, 100).used).toHaveLength(1);
  expect(standing(order('on_site'), [part('receipted', 50)], null, 100).used).toHaveLength(0);
});

test('the van holds what is left, never less than nothing', () => {
  const line = { part: { id: 'p', name: '风扇' }, code: 'F', unit: '个', quantity: 3, reserved: 0 };
  const used = (quantity: number) => [standing(order('on_site'), [row('order.part', { part_id: 'p', quantity })], null, 0)];
  expect(vanLines([line], used(2))[0]?.left).toBe(1);
  expect(vanLines([line], used(5))[0]?.left).toBe(0);
});

test('an answer that may be refused holds back nothing of the work after it', () => {
  const visit = [row('visit.check_in', {}), row('visit.step', {})];
  const queued = [row('order.accept', {}), ...visit, row('order.part', {}), row('order.finish', {})];
  expect(needsOf('order.part', 'o', queued, visit)).toEqual(['visit.check_in']);
  expect(needsOf('order.finish', 'o', queued, visit)).toEqual(['visit.check_in']);
  expect(needsOf('order.sign', 'o', queued, [])).toEqual(['order.finish']);
  expect(needsOf('order.sign', 'another', queued, [])).toEqual([]);
});

test('the customer is shown what he signs for, with what has not arrived yet', () => {
  const kept = { ...order('on_site'), parts: [{ part: { id: 'p', name: '风扇' }, unit: '个', quantity: 2, price_minor: 4500 }] } as unknown as FieldOrder;
  const known = [{ id: 'p', name: '风扇', unit: '个', price_minor: 5000 }, { id: 'q', name: '皮带', unit: '条', price_minor: 800 }];
  const rows = [
    row('order.part', { part_id: 'q', quantity: 3, price_minor: 700 }), row('order.part', { part_id: 'p', quantity: 1, back: true }),
    row('order.finish', { result: '更换风扇' }),
  ];
  const one = standing(kept, rows, null, 0);
  expect(charges(one, known).map((c) => [c.name, c.quantity, c.minor])).toEqual([['风扇', 1, 4500], ['皮带', 3, 2100]]);
  expect(resultOf(one)).toBe('更换风扇');
});
