/** The three clocks: the phone's wall clock, the time since start that nobody can set, and the company's day. */
import { currentTimeZone, makeFormat, setServerTime } from '@tashi/shared/i18n';

let heardAt: number | null = null;

/** Anchors the monotonic clock to a moment at which the server told its time. */
export function hearServerTime(serverTime: string): void {
  setServerTime(serverTime);
  heardAt = performance.now();
}

/** Monotonic ms since the server's time was last heard in this page; null before. */
export function monoMs(): number | null {
  return heardAt === null ? null : Math.round(performance.now() - heardAt);
}

/** Local day in the company's zone. */
export function localDay(at: number): string {
  return makeFormat('zh', currentTimeZone()).dayOf(at);
}

/** Server's clock minus the phone's, ms, at the last comparison. */
export function clockSkewMs(snapshot: { server_time: string; fetched: number }): number {
  return Date.parse(snapshot.server_time) - snapshot.fetched;
}
