/** Has this person read what is collected and agreed? Without it no position is recorded. Undefined while the phone reads. */
import { useLiveQuery } from 'dexie-react-hooks';
import { getKey, setKey } from '../sync/store.ts';
import { useField } from './context.tsx';

export function useConsent(): boolean | undefined {
  const { owner } = useField();
  return useLiveQuery(async () => Boolean((await getKey('consent'))?.[owner]), [owner]);
}

/** Remembers on this phone which text the person accepted. */
export async function rememberConsent(owner: string, textVersion: string): Promise<void> {
  await setKey('consent', { ...(await getKey('consent')), [owner]: textVersion });
}
