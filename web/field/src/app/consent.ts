/** Has this person read what is collected and agreed? Without it no position is recorded. Undefined while the phone reads. */
import { useLiveQuery } from 'dexie-react-hooks';
import type { MyPolicy } from '@tashi/shared/api';
import { db, getKey, setKey } from '../sync/store.ts';
import { type Cached, useCached } from './cached.ts';
import { useField } from './context.tsx';
import { client } from './session.ts';

export function useConsent(): boolean | undefined {
  const { owner } = useField();
  return useLiveQuery(async () => {
    const accepted = (await getKey('consent'))?.[owner];
    const policy = ((await db.kv.get(`cache/${owner}/policy`))?.value as { data: MyPolicy } | undefined)?.data;
    // A new text needs a new answer.
    return Boolean(accepted) && (policy === undefined || policy.text_version === accepted);
  }, [owner]);
}

/** Keeps the company's text on the phone, and takes over an answer given on another device. */
export function useMyPolicy(): Cached<MyPolicy> {
  const { owner } = useField();
  return useCached('policy', async () => {
    const policy = await client.get<MyPolicy>('/me/policy');
    if (policy.accepted_at) await rememberConsent(owner, policy.text_version);
    return policy;
  });
}

/** Remembers on this phone which text the person accepted. */
export async function rememberConsent(owner: string, textVersion: string): Promise<void> {
  await setKey('consent', { ...(await getKey('consent')), [owner]: textVersion });
}
