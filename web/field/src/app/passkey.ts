/** Passkeys of the person: made here, and used for what is about to be proved, also without a network. */
import { newId } from '@tashi/shared/api/id.ts';
import type { MyPasskeys, Passkey, PasskeyConfirmation } from '@tashi/shared/api';
import { useCached } from './cached.ts';
import { client } from './session.ts';

const text = (bytes: ArrayBuffer | Uint8Array): string => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const bytes = (said: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(said.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

/** What is signed: the same as the server makes of it (`crates/proof/src/passkey.rs`). */
export async function challengeOf(purpose: 'enrol' | 'step', nonce: string, subject: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(`tashi-passkey\n${purpose}\n${nonce}\n${subject}`));
}

/** Is there a lock on this phone that can confirm? */
export const canPasskey = (): boolean => typeof globalThis.PublicKeyCredential === 'function' && globalThis.isSecureContext;

/** Known on the phone without a network too. */
export function useMyPasskeys(): MyPasskeys | null {
  return useCached('passkeys', () => client.get<MyPasskeys>('/me/passkeys')).data ?? null;
}

/** Makes one on this phone and has the server keep it. Rejects with `NotAllowedError` when the person says no. */
export async function makePasskey(person: { id: string; name: string }, name: string): Promise<Passkey> {
  // A word of the last minutes: that of a fresh snapshot.
  const [{ nonce }, known] = await Promise.all([client.get<{ nonce: string }>('/field/snapshot'), client.get<MyPasskeys>('/me/passkeys')]);
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: await challengeOf('enrol', nonce, person.id),
      rp: { id: known.rp_id, name: '踏实外勤' },
      user: { id: new TextEncoder().encode(person.id), name: person.name, displayName: person.name },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: known.items.filter((one) => !one.withdrawn_at).map((one) => ({ type: 'public-key', id: bytes(one.credential_id) })),
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
      attestation: 'none',
      timeout: 60_000,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return client.post<Passkey>('/me/passkeys', { id: newId(), name, nonce, client_data: text(response.clientDataJSON), authenticator_data: text(response.getAuthenticatorData()) });
}

/** Has the phone's lock confirm the person for one step, or for a check-in (`check-in`). */
export async function confirmByPasskey({ nonce, visit, step, ids }: { nonce: string; visit: string; step: string; ids: readonly string[] }): Promise<PasskeyConfirmation> {
  const used = (await navigator.credentials.get({
    publicKey: {
      challenge: await challengeOf('step', nonce, `${visit}/${step}`),
      allowCredentials: ids.map((id) => ({ type: 'public-key', id: bytes(id) })),
      userVerification: 'required',
      timeout: 60_000,
    },
  })) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return { credential_id: text(used.rawId), client_data: text(response.clientDataJSON), authenticator_data: text(response.authenticatorData), signature: text(response.signature), nonce };
}
