import { useSyncExternalStore } from 'react';

let timeZone = 'Asia/Shanghai';
let offsetMs = 0;
const listeners = new Set<() => void>();

/** The company's zone; every time on the screen is in it, never in the browser's. Set from `Me` after sign-in. */
export function setTimeZone(zone: string): void {
  if (zone === timeZone) return;
  timeZone = zone;
  for (const listener of listeners) listener();
}

export function currentTimeZone(): string {
  return timeZone;
}

export function useTimeZone(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => timeZone,
  );
}

/** Tells how far this device's clock is from the server's, from any answer that carries the server time. */
export function setServerTime(serverTime: string): void {
  const server = Date.parse(serverTime);
  if (Number.isFinite(server)) offsetMs = server - Date.now();
}

/** Now by the server's clock, ms since epoch. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** A clock that ticks: re-renders every `everyMs` (ages, counters). */
export function useNow(everyMs = 1000): number {
  return useSyncExternalStore(
    (listener) => {
      const timer = setInterval(listener, everyMs);
      return () => clearInterval(timer);
    },
    () => Math.floor(serverNow() / everyMs) * everyMs,
  );
}
