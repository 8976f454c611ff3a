// @vitest-environment jsdom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { serverNow, setLanguage } from '../i18n';
import { Ago } from './Ago';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
setLanguage('zh');

it('says how long ago, and when, in one place', async () => {
  const place = document.createElement('div');
  const root = createRoot(place);
  const at = new Date(serverNow() - 180_000).toISOString();
  await act(async () => root.render(createElement(Ago, { at, words: (age) => `打开于 ${age}` })));
  const time = place.querySelector('time');
  expect(time?.textContent).toBe('打开于 3 分钟前');
  expect(time?.getAttribute('datetime')).toBe(at);
  expect(time?.title).toMatch(/\d\d:\d\d$/);
  await act(async () => root.render(createElement(Ago, { at: null })));
  expect(place.innerHTML).toBe('<span>—</span>');
});

it('the console writes no bare age of a moment', () => {
  // Ages of what the page itself fetched stand in its own sentences, with the time beside them.
  const own = /dataUpdatedAt|format\.age\(at, Date\.now\(\)\)/;
  const root = new URL('../../../console/src/', import.meta.url).pathname;
  const files = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(`${folder}/${entry.name}`) : entry.name.endsWith('.tsx') ? [`${folder}/${entry.name}`] : []));
  const bare = files(root).flatMap((path) => readFileSync(path, 'utf8').split('\n').filter((line) => line.includes('.age(') && !own.test(line)).map((line) => `${path.slice(root.length)}: ${line.trim()}`));
  expect(bare).toEqual([]);
});
