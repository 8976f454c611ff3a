// @vitest-environment jsdom
import { ApiProblem, api } from '@tashi/shared/api';
import { ToastHost } from '@tashi/shared/ui';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { asItWas, toastChange, type Back } from './undo';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const customer = { id: 'c', name: '苏福便利', grade: 'A', owner: { id: 'zhang', name: '张伟' }, territory: null, note: null, radius_m: 150 };

describe('as it was', () => {
  it('holds what the change changes, and no more', () => {
    expect(asItWas(customer, { name: '苏福超市', grade: 'A', owner_id: 'li', note: undefined })).toEqual({ name: '苏福便利', owner_id: 'zhang' });
    expect(asItWas(customer, { territory_id: 't1', note: 'x' })).toEqual({ territory_id: null, note: null });
  });
  it('takes from what is said what reads in another shape', () => {
    expect(asItWas(customer, { custom: { size: 3 } }, { custom: { size: null } })).toEqual({ custom: { size: null } });
  });
  it('is nothing where it cannot be told exactly', () => {
    expect(asItWas(customer, { secret: 'x' })).toBeNull();
    expect(asItWas(customer, { radius_m: 90 }, { radius_m: undefined })).toBeNull();
    expect(asItWas(customer, { radius_m: 150, name: 'b' }, { radius_m: 150 })).toEqual({ name: '苏福便利' });
  });
});

describe('the toast', () => {
  const back: Back = { method: 'patch', path: '/customers/{id}', params: { id: 'c' }, body: { name: '苏福便利' }, version: 2, lists: ['customers'] };
  let page: HTMLElement;
  const undo = () => page.querySelector<HTMLButtonElement>('.toast-undo');
  beforeEach(async () => {
    vi.restoreAllMocks();
    page = document.body.appendChild(document.createElement('div'));
    await act(async () => createRoot(page).render(createElement(ToastHost)));
  });
  it('sends the old words with the version of the change', async () => {
    const patch = vi.spyOn(api, 'patch').mockResolvedValue({});
    await act(async () => toastChange('已保存', back));
    await act(async () => undo()!.click());
    expect(patch).toHaveBeenCalledWith('/customers/{id}', { name: '苏福便利' }, { params: { id: 'c' }, version: 2 });
    expect(page.textContent).toContain('Undone');
  });
  it('says so when somebody was there since', async () => {
    vi.spyOn(api, 'patch').mockRejectedValue(new ApiProblem(409, { code: 'version.conflict', title: 'x' }));
    await act(async () => toastChange('已保存', back));
    await act(async () => undo()!.click());
    expect(page.textContent).toContain('nothing was undone');
  });
  it('offers nothing where there is no exact way back', async () => {
    await act(async () => toastChange('已保存', null));
    expect(page.textContent).toContain('已保存');
    expect(undo()).toBeNull();
  });
});
