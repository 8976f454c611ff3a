import { afterEach, describe, expect, it, vi } from 'vitest';

/** The module as a page that was just opened has it. */
const opened = () => {
  vi.resetModules();
  return import('./battery.ts');
};

describe('the battery', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('is low below a fifth, and not while it is charged', async () => {
    const phone = Object.assign(new EventTarget(), { level: 0.2, charging: false });
    vi.stubGlobal('navigator', { getBattery: async () => phone });
    const { batteryPercent, lowBattery } = await opened();
    expect(lowBattery()).toBe(false);
    expect(await batteryPercent()).toBe(20);
    expect(lowBattery()).toBe(false);
    phone.level = 0.19;
    expect([await batteryPercent(), lowBattery()]).toEqual([19, true]);
    phone.charging = true;
    expect(lowBattery()).toBe(false);
  });

  it('is nothing to speak of where the browser does not tell', async () => {
    vi.stubGlobal('navigator', {});
    const none = await opened();
    expect([await none.batteryPercent(), none.lowBattery()]).toEqual([null, false]);
    vi.stubGlobal('navigator', { getBattery: () => Promise.reject(new Error('not allowed')) });
    const barred = await opened();
    expect([await barred.batteryPercent(), barred.lowBattery()]).toEqual([null, false]);
  });
});
