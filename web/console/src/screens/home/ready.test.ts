import { expect, it } from 'vitest';
import type { Readiness } from '@tashi/shared/api';
import { readyLines } from './ready';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const full: Readiness = {
  time_zone: 'Asia/Shanghai', calendar_set: true, people: 4, on_phones: 4, customers: 9, customers_placed: 9, basemap: true, backup_at: '2026-11-19T02:00:00Z',
};
const open = (change: Partial<Readiness>, https = true) => readyLines({ ...full, ...change }, NOW, https).filter((one) => !one.done).map((one) => one.key);

it('is ready when everything is there', () => {
  expect(open({})).toEqual([]);
});

it('names what is missing', () => {
  expect(open({ people: 0, on_phones: 0 })).toEqual(['people', 'phones']);
  expect(open({ on_phones: 3 })).toEqual(['phones']);
  expect(open({ customers_placed: 8 })).toEqual(['customers']);
  expect(open({ customers: 0, customers_placed: 0 })).toEqual(['customers']);
  expect(open({ backup_at: null })).toEqual(['backup']);
  expect(open({ backup_at: '2026-11-10T02:00:00Z' })).toEqual(['backup']);
  expect(open({ calendar_set: false, basemap: false }, false)).toEqual(['calendar', 'basemap', 'https']);
});
