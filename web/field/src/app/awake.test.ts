import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepAwake } from './awake.ts';

/** A browser that hands out locks and takes them away with the page, as browsers do. */
function browser() {
  const held = new Set<object>();
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', {
    wakeLock: {
      request: async () => {
        const sentinel = { released: false, release: async () => { sentinel.released = true; held.delete(sentinel); } };
        held.add(sentinel);
        return sentinel;
      },
    },
  });
  const show = async (state: 'visible' | 'hidden') => {
    page.visibilityState = state;
    if (state === 'hidden') for (const one of [...held] as { release: () => Promise<void> }[]) await one.release();
    page.dispatchEvent(new Event('visibilitychange'));
    await new Promise((r) => setTimeout(r));
  };
  return { held, show };
}

describe('the screen', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('stays on until let go, also after the page was hidden', async () => {
    const { held, show } = browser();
    const release = keepAwake();
    await new Promise((r) => setTimeout(r));
    expect(held.size).toBe(1);
    await show('hidden');
    expect(held.size).toBe(0);
    await show('visible');
    expect(held.size).toBe(1);
    release();
    await show('visible');
    expect(held.size).toBe(0);
  });

  it('is let go even when the lock arrives late', async () => {
    const { held } = browser();
    keepAwake()();
    await new Promise((r) => setTimeout(r));
    expect(held.size).toBe(0);
  });

  it('goes off as always where the browser cannot hold it', () => {
    vi.stubGlobal('navigator', {});
    expect(() => keepAwake()()).not.toThrow();
  });
});
