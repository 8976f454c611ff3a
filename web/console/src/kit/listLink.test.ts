// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  localStorage.clear();
  vi.resetModules();
});

it('carries filters, columns and row height to another browser, once', async () => {
  window.history.replaceState(null, '', '/customers?grade=A,B');
  const { listLink } = await import('./listLink');
  const link = new URL(listLink(['name', 'owner'], 'roomy'));
  expect(link.searchParams.get('grade')).toBe('A,B');

  vi.resetModules();
  window.history.replaceState(null, '', link.pathname + link.search);
  const other = await import('./listLink');
  expect(window.location.search).toBe('?grade=A%2CB');
  other.takeListLink('customers', ['name', 'owner', 'class', 'code']);
  expect(JSON.parse(localStorage.getItem('tashi.columns.customers')!)).toEqual(['class', 'code']);
  expect(localStorage.getItem('tashi.density.customers')).toBe('"roomy"');
  localStorage.clear();
  other.takeListLink('customers', ['name']);
  expect(localStorage.length).toBe(0);
});

it('ignores columns that are gone', async () => {
  window.history.replaceState(null, '', '/tasks?cols=gone&rows=huge');
  const { takeListLink } = await import('./listLink');
  takeListLink('tasks', ['title']);
  expect(localStorage.length).toBe(0);
});
