import { afterEach, describe, expect, it, vi } from 'vitest';
import { renewPage } from './policy.ts';

const KEPT = { url: 'https://tashi.example/m/index.html?__WB_REVISION__=1' };

/** A phone whose worker answers the addresses it keeps by itself; `served` is the page of the server. */
function phone(served: string) {
  const store = new Map([[KEPT, new Response('<p>one</p>', { headers: { 'content-security-policy': 'old' } })]]);
  const cache = { keys: async () => [...store.keys()], match: async (kept: typeof KEPT) => store.get(kept)?.clone(), put: async (kept: typeof KEPT, page: Response) => { store.set(kept, page); } };
  vi.stubGlobal('caches', { keys: async () => ['precache'], open: async () => cache });
  vi.stubGlobal('fetch', async (address: string) => (
    address.includes('?') ? new Response(served, { headers: { 'content-security-policy': 'new' } }) : store.get(KEPT)?.clone()
  ));
  const update = vi.fn(async () => undefined);
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: async () => ({ update }) } });
  const kept = async () => [await store.get(KEPT)?.clone().text(), store.get(KEPT)?.headers.get('content-security-policy')];
  return { kept, update };
}

describe('the kept page', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('gets the policy of today from the server, past the worker', async () => {
    const { kept, update } = phone('<p>one</p>');
    await renewPage();
    expect(await kept()).toEqual(['<p>one</p>', 'new']);
    expect(update).not.toHaveBeenCalled();
  });

  it('is left alone by a page of another version, which comes as a whole', async () => {
    const { kept, update } = phone('<p>two</p>');
    await renewPage();
    expect(await kept()).toEqual(['<p>one</p>', 'old']);
    expect(update).toHaveBeenCalledTimes(1);
  });
});
