import { afterAll, describe, expect, it, vi } from 'vitest';

const kept = new Map<string, string>();
const attributes = new Set<string>();
const root = {
  dataset: {} as Record<string, string>,
  setAttribute: (name: string) => void attributes.add(name),
  toggleAttribute: (name: string, on: boolean) => void (on ? attributes.add(name) : attributes.delete(name)),
};
vi.stubGlobal('document', { documentElement: root });
vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
afterAll(() => void vi.unstubAllGlobals());

/** The app as it is opened anew. */
const opened = async () => {
  vi.resetModules();
  const theme = await import('./mode');
  theme.applyTheme();
  return theme;
};
const look = () => [root.dataset.theme, attributes.has('data-sun')];

describe('the look a person chose', () => {
  it('in the sun is light with the strongest contrast, and stays on the phone', async () => {
    (await opened()).setThemeChoice('sun');
    expect(look()).toEqual(['light', true]);
    root.dataset.theme = '';
    attributes.clear();
    const again = await opened();
    expect([again.currentMode(), ...look()]).toEqual(['light', 'light', true]);
    again.setThemeChoice('dark');
    expect(look()).toEqual(['dark', false]);
  });
});
