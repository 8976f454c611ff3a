// @vitest-environment jsdom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { setLanguage } from '../i18n';
import { ApiProblem } from '../api/problem';
import { ToastHost, toast, toastProblem } from './Toast';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
setLanguage('zh');

it('a failure says what happened and gives the number of the request to copy', async () => {
  const writeText = vi.fn(async () => {});
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  const place = document.createElement('div');
  await act(async () => createRoot(place).render(createElement(ToastHost)));
  await act(async () => toastProblem(new ApiProblem(503, { code: 'busy', title: '服务器忙', detail: '请稍后再试', request_id: '01JD-7' })));
  expect(place.textContent).toContain('服务器忙：请稍后再试');
  await act(async () => place.querySelector('button')!.click());
  expect(writeText).toHaveBeenCalledWith('01JD-7');
  // A failure without an answer has no number to show.
  await act(async () => toastProblem(ApiProblem.network()));
  expect(place.querySelector('button')).toBeNull();
  await act(async () => toast('保存好了'));
  expect(place.textContent).toBe('保存好了');
});
