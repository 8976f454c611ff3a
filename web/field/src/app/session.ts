/** Who uses this phone. Queues of several people stay apart; nobody leaves with something unsent by mistake. */
import { type SignedIn, ApiClient, newId } from '@tashi/shared/api';
import { languageTag, setServerTime, setTimeZone } from '@tashi/shared/i18n';
import { clockSkewMs } from './clock.ts';
import { dropCached } from './cached.ts';
import { type Session, db, getKey, setKey, unsent } from '../sync/store.ts';

let current: Session | null = null;

/** The client of this app: bearer token, never a cookie. */
export const client = new ApiClient({
  token: () => current?.token ?? null,
  language: languageTag,
  onSignedOut: () => void expire(),
});

/** Reads the session of the last start. */
export async function loadSession(): Promise<Session | null> {
  adoptSession(await getKey('session') ?? null);
  const snapshot = current ? await db.snapshots.get(current.owner) : undefined;
  // A wrong clock stays wrong by the same amount: the last comparison serves until the next one.
  if (snapshot) setServerTime(new Date(Date.now() + clockSkewMs(snapshot)).toISOString());
  if (!(await getKey('device'))) await setKey('device', newId());
  return current;
}

/** Makes the client speak for this session, or for nobody. */
export function adoptSession(session: Session | null): void {
  current = session;
  if (session) setTimeZone(session.me.company.time_zone);
}

/** The token is no longer good: keep everything, ask for the password again. */
async function expire(): Promise<void> {
  const session = await getKey('session');
  if (session && session.token === current?.token && !session.expired) await setKey('session', { ...session, expired: true });
}

export async function signIn(login: string, password: string, totp: string | null): Promise<Session> {
  const signedIn = await new ApiClient({ language: languageTag }).post<SignedIn>('/auth/login', {
    login, password, ...(totp ? { totp } : {}), device_name: deviceName(),
  });
  const session: Session = { token: signedIn.token, owner: signedIn.me.employee.id, me: signedIn.me, expired: false };
  await setKey('session', session);
  adoptSession(session);
  return session;
}

/** Thrown by {@link signOut} while records would be left behind. */
export class StillUnsent extends Error {
  constructor(readonly count: number) {
    super(`${count} records have no receipt yet`);
    this.name = 'StillUnsent';
  }
}

/** Leaves the phone clean of the person's customers. Refuses while anything has no receipt. */
export async function signOut(): Promise<void> {
  const session = await getKey('session');
  if (!session) return;
  const count = await unsent(session.owner);
  if (count > 0) throw new StillUnsent(count);
  await client.post('/auth/logout').catch(() => undefined);
  await db.transaction('rw', [db.kv, db.snapshots, db.customers, db.articles, db.files], async () => {
    await db.kv.delete('session');
    await db.snapshots.delete(session.owner);
    await db.customers.where('owner').equals(session.owner).delete();
    await db.articles.where('owner').equals(session.owner).delete();
    await db.files.where('owner').equals(session.owner).delete();
  });
  await dropCached(session.owner);
  adoptSession(null);
}

/** A name the person recognises in the list of devices. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const phone = /iPhone|iPad/.exec(agent)?.[0] ?? /Android[^;)]*;\s*([^;)]+?)(?:\s+Build|[;)])/.exec(agent)?.[1] ?? /Android|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? 'Browser';
  return `踏实外勤 ${phone}`.slice(0, 60);
}
