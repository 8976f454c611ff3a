/**
 * Where the phone is, while somebody looks. One watch for all screens; it runs only while a screen asks for it
 * or duty tracking is on, and stops with the page hidden for good.
 */
import { useEffect, useSyncExternalStore } from 'react';
import type { FieldFix, Point } from '@tashi/shared/api';

export interface Fix extends FieldFix {
  at: Point;
  accuracy_m: number;
  t: string;
  bearing_deg?: number;
  altitude_m?: number;
}

export interface Position {
  state: 'off' | 'searching' | 'known' | 'denied' | 'unavailable';
  fix: Fix | null;
  /** Fixes since the watch began. */
  samples: number;
}

/** A good fix stays good this long while the receiver hesitates, ms. */
const GRACE = 10_000;
/** Older fixes say nothing about now, ms. */
export const STALE = 60_000;

let position: Position = { state: 'off', fix: null, samples: 0 };
let watch: number | null = null;
let users = 0;
let grace: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(next: Position): void {
  position = next;
  for (const listener of listeners) listener();
}

export function currentPosition(): Position {
  return position;
}

/** The last fix if it is young enough to be recorded as "here". */
export function freshFix(): FieldFix | null {
  const { fix } = position;
  if (!fix || Date.now() - Date.parse(fix.t) > STALE) return null;
  const { at, accuracy_m, t, speed_mps } = fix;
  return { at, accuracy_m, t, ...(speed_mps === undefined ? {} : { speed_mps }) };
}

/** Starts (or joins) the watch; returns the way out. */
export function watchPosition(): () => void {
  users += 1;
  if (watch === null) start();
  return () => {
    users -= 1;
    if (users === 0) stop();
  };
}

/** Asks the receiver anew, for example after the person has walked to the door. */
export function refreshPosition(): void {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
  set({ ...position, state: 'searching', samples: 0 });
  start();
}

function start(): void {
  if (!('geolocation' in navigator)) return set({ ...position, state: 'unavailable' });
  if (position.state !== 'known') set({ ...position, state: 'searching', samples: 0 });
  watch = navigator.geolocation.watchPosition(heard, failed, { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 });
}

function stop(): void {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
  clearTimeout(grace);
  set({ ...position, state: 'off', samples: 0 });
}

function heard({ coords, timestamp }: GeolocationPosition): void {
  clearTimeout(grace);
  const optional = (name: string, value: number | null) => (value === null || !Number.isFinite(value) ? {} : { [name]: value });
  set({
    state: 'known', samples: position.samples + 1,
    fix: {
      at: [coords.longitude, coords.latitude], accuracy_m: Math.round(coords.accuracy * 10) / 10, t: new Date(timestamp).toISOString(),
      ...optional('speed_mps', coords.speed), ...optional('bearing_deg', coords.heading), ...optional('altitude_m', coords.altitude),
    },
  });
}

function failed(error: GeolocationPositionError): void {
  if (error.code === error.PERMISSION_DENIED) return set({ state: 'denied', fix: null, samples: 0 });
  // Receivers report "unavailable" for a moment and recover: wait before telling the person.
  clearTimeout(grace);
  grace = setTimeout(() => {
    if (position.state !== 'denied' && watch !== null) set({ ...position, state: 'unavailable' });
  }, position.fix ? GRACE : 2000);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Position for a screen; `wanted` keeps the receiver on while the screen is shown. */
export function usePosition(wanted = true): Position {
  useEffect(() => (wanted ? watchPosition() : undefined), [wanted]);
  return useSyncExternalStore(subscribe, currentPosition);
}
