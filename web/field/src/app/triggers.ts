/** When the outbox drains and the day is fetched again: never by luck, always by one of these. */
import { stream } from '@tashi/shared/api';
import { toast } from '@tashi/shared/ui';
import { drain } from '../sync/drain.ts';
import { refreshSnapshot } from '../sync/snapshot.ts';
import { db, getKey, setKey } from '../sync/store.ts';
import { tendChoices } from '../work/choices.ts';
import { tendLibrary } from '../work/library.ts';
import { client } from './session.ts';

const TIMER_MS = 5_000;
const SNAPSHOT_MS = 5 * 60_000;

interface SyncManager {
  register(tag: string): Promise<void>;
}

/** Installs all triggers for the signed-in person; returns the way to remove them. */
export function installTriggers(owner: string): () => void {
  let fetched = 0;
  let emptied = true;
  const refresh = async () => {
    if (!navigator.onLine || document.visibilityState === 'hidden') return;
    fetched = Date.now();
    // Offline or signed out: the snapshot on the phone stands, and the screens say how old it is.
    await refreshSnapshot(client, owner).then(() => Promise.allSettled([tendChoices(client, owner), tendLibrary(client, owner)])).catch(() => undefined);
    // The snapshot may have named a new epoch: then what older receipts confirmed is due again.
    await drain(false);
  };
  const wake = () => {
    if (document.visibilityState === 'hidden') return;
    void drain(true).then(refresh);
  };
  const tick = async () => {
    const queued = await db.outbox.where('[owner+status]').equals([owner, 'queued']).count();
    if (queued > 0) {
      emptied = false;
      void askBackgroundSync();
      await drain(false);
    } else if (!emptied) {
      // Everything has its receipt: fetch what the server makes of it.
      emptied = true;
      await refresh();
    } else if (Date.now() - fetched > SNAPSHOT_MS) await refresh();
  };
  const timer = setInterval(() => void tick(), TIMER_MS);
  const pushed = () => void refresh();
  // The event names the notice only; its words, in the person's language, come with the snapshot.
  const told = async (id: string) => {
    const known = async () => (await db.snapshots.get(owner))?.notices.find((n) => n.id === id);
    await refresh();
    // A snapshot that was under way already may be older than the event.
    if (!(await known())) await refresh();
    const notice = await known();
    if (notice) toast(notice.title);
  };
  const leave = [
    stream.on('plan', pushed),
    // Somebody who comes along has set out, is there, or does not come any more.
    stream.on('task', (news) => {
      if ('crew' in news && typeof news.crew === 'string') pushed();
    }),
    stream.on('notice', (news) => void told(news.id)),
  ];
  const lost = async () => {
    if (!(await getKey('offline_since'))) await setKey('offline_since', Date.now());
  };
  const found = () => void db.kv.delete('offline_since').then(wake);
  if (!navigator.onLine) void lost();
  else void db.kv.delete('offline_since');
  addEventListener('online', found);
  addEventListener('offline', lost);
  document.addEventListener('visibilitychange', wake);
  wake();
  return () => {
    clearInterval(timer);
    for (const off of leave) off();
    removeEventListener('online', found);
    removeEventListener('offline', lost);
    document.removeEventListener('visibilitychange', wake);
  };
}

/** Lets the browser wake the service worker when the network returns, where it can. */
async function askBackgroundSync(): Promise<void> {
  try {
    const registration = (await navigator.serviceWorker?.getRegistration('/m/')) as (ServiceWorkerRegistration & { sync?: SyncManager }) | undefined;
    await registration?.sync?.register('outbox');
  } catch {
    // Not allowed or not supported: the other triggers carry the whole weight anyway.
  }
}
