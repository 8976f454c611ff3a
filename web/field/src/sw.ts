/// <reference lib="webworker" />
/** Service worker: the app starts without a network, and the outbox drains after the page is gone. Data is never cached here. */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { drain } from './sync/drain.ts';
import { db, getKey } from './sync/store.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | { url: string; revision: string | null })[] };

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { allowlist: [/^\/m(\/|$)/] }));

// The generated base map never changes under its address: kept once, it is there without a network. Data is not.
registerRoute(({ url }) => url.pathname.endsWith('/basemap/generated.geojson'), async ({ request }) => {
  const cache = await caches.open('basemap');
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
});

self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === 'outbox') sync.waitUntil(drainFully());
});

/** Rejects while something waits, so that the browser wakes us again later. */
async function drainFully(): Promise<void> {
  await drain(true);
  const session = await getKey('session');
  const waiting = session && !session.expired ? await db.outbox.where('[owner+status]').equals([session.owner, 'queued']).count() : 0;
  if (waiting > 0) throw new Error(`${waiting} records still wait for the network`);
}
