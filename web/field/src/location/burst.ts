/**
 * The burst around check-in and check-out: every fix of 45 seconds is kept, whatever the policy's interval. One fix alone
 * cannot tell a receiver from an app that supplies positions; a series can. Duty time and consent still decide.
 */
export const BURST_MS = 45_000;

let until = 0;

/** Begins a burst now. */
export function startBurst(now = Date.now()): void {
  until = now + BURST_MS;
}

export function bursting(now = Date.now()): boolean {
  return now < until;
}
