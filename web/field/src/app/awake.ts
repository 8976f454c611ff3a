/**
 * Keeps the screen on while it is needed: with it off a web app gets no position and the camera stops. The browser
 * takes the lock away whenever the page is hidden, so it is asked for again when the page is back.
 */
import { useEffect, useSyncExternalStore } from 'react';

const CHOICE = 'tashi.awake';
const listeners = new Set<() => void>();

/** Holds the screen on while mounted and wanted. Where the browser cannot, nothing happens. */
export function useAwake(wanted = true): void {
  useEffect(() => (wanted ? keepAwake() : undefined), [wanted]);
}

/** Keeps the screen on until the returned function is called. */
export function keepAwake(): () => void {
  const lock = (globalThis.navigator as Navigator & { wakeLock?: WakeLock } | undefined)?.wakeLock;
  if (!lock) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let over = false;
  const ask = async () => {
    if (document.visibilityState !== 'visible' || (held && !held.released)) return;
    try {
      const got = await lock.request('screen');
      if (over) return void got.release();
      held = got;
    } catch {
      // Refused on low battery; the screen then goes off as always.
    }
  };
  void ask();
  const shown = () => void ask();
  document.addEventListener('visibilitychange', shown);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', shown);
    void held?.release();
  };
}

/** The person's own choice for the whole working day: it costs battery, so it is off until asked for. */
export function useAwakeOnDuty(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(CHOICE) === '1',
  );
  return [on, (next) => {
    if (next) localStorage.setItem(CHOICE, '1');
    else localStorage.removeItem(CHOICE);
    for (const listener of listeners) listener();
  }];
}

/** True where the browser can keep the screen on. */
export function canStayAwake(): boolean {
  return 'wakeLock' in navigator;
}
