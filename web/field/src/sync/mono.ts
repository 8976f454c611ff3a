/** The clock nobody can set, and the last word of the server by it. No imports: it runs in the page and in the service worker. */

/** This start of the app. The clock below counts within it, and may stand still while the phone sleeps. */
export const ORIGIN: string = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Milliseconds since this start of the app. */
export function mono(): number {
  return Math.max(0, Math.round(performance.now()));
}

/** A random word of the server with both clocks at the moment it was heard; `mono` is absent after a new start. */
export interface Heard {
  nonce: string;
  wall: number;
  mono: number | null;
}

let last: { owner: string; heard: Heard } | null = null;

/** Notes a word the server just handed to this person. */
export function hear(owner: string, nonce: string): void {
  last = { owner, heard: { nonce, wall: Date.now(), mono: mono() } };
}

/** The last word heard in this start of the app. */
export function heard(owner: string): Heard | null {
  return last?.owner === owner ? last.heard : null;
}
