// @vitest-environment jsdom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
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
