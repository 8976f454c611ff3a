/** The phone's battery, where the browser tells of it: for each position, and to spare it when it runs low. */
import { useEffect, useSyncExternalStore } from 'react';

/** Below this share, and without a charger, positions are kept half as often. */
export const LOW_BATTERY = 0.2;

interface Battery extends EventTarget {
  level: number;
  charging: boolean;
}

let battery: Battery | null = null;
let asked: Promise<Battery | null> | null = null;
const listeners = new Set<() => void>();

async function ask(): Promise<Battery | null> {
  const get = (globalThis.navigator as Navigator & { getBattery?: () => Promise<Battery> } | undefined)?.getBattery;
  if (!get) return null;
  try {
    const got = await get.call(navigator);
    battery = got;
    for (const change of ['levelchange', 'chargingchange']) got.addEventListener(change, tell);
    tell();
    return got;
  } catch {
    return null;
  }
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** Asked once: what the browser gives stays up to date by itself. */
function found(): Promise<Battery | null> {
  asked ??= ask();
  return asked;
}

export async function batteryPercent(): Promise<number | null> {
  const got = await found();
  return got ? Math.round(got.level * 100) : null;
}

/** False where the browser does not tell, or has not told yet. */
export function lowBattery(): boolean {
  return battery !== null && !battery.charging && battery.level < LOW_BATTERY;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLowBattery(): boolean {
  useEffect(() => void found(), []);
  return useSyncExternalStore(subscribe, lowBattery);
}
