import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { FieldOrder } from '@tashi/shared/api';
import type { OutboxRow } from '../sync/store.ts';
import { standing, vanLines } from './orders.ts';

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
