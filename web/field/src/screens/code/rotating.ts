/** The code of a customer's screen, the same as the server works out (`crates/proof/src/rotating.rs`): RFC 6238, HMAC-SHA-256, eight digits, 30 seconds. Pure. */

export const TURN_MS = 30_000;

export interface CodeSecret {
  id: string;
  secret: Uint8Array<ArrayBuffer>;
  customer: string;
}

/** What stands behind the # in the address of a screen: `id.secret.customer`. */
export function readSecret(hash: string): CodeSecret | null {
  const [, id, secret, name = ''] = /^#?([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})(?:\.(.*))?$/.exec(hash) ?? [];
  if (!id || !secret) return null;
  const bytes = Uint8Array.from(atob(secret.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  let customer = '';
  try {
    customer = decodeURIComponent(name);
  } catch {
    // A name cut in half by whoever copied the address: the code works without it.
  }
  return { id, secret: bytes, customer };
}

export async function digits(secret: Uint8Array<ArrayBuffer>, turn: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(turn));
  const tag = new Uint8Array(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const at = (tag.at(-1) ?? 0) & 0xf;
  const number = new DataView(tag.buffer).getUint32(at) & 0x7fffffff;
  return String(number % 100_000_000).padStart(8, '0');
}

/** What a scanner reads. */
export const codeText = (id: string, said: string) => `tashi-code:${id}:${said}`;
