/**
 * A page may only ask the hosts it was sent with, and this app keeps its page for years. When the company's map moves to
 * another host, the kept page is fetched anew: the map is there the next time the app is opened.
 */
export function renewPageWhenBarred(): void {
  let asked = false;
  document.addEventListener('securitypolicyviolation', (event) => {
    const foreign = /^https?:/.test(event.blockedURI) && /^(connect|img)-src/.test(event.effectiveDirective);
    if (!foreign || asked || !navigator.onLine) return;
    asked = true;
    void renewPage();
  });
}

async function renewPage(): Promise<void> {
  if (!('caches' in globalThis)) return;
  try {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const kept of await cache.keys()) {
        const { pathname } = new URL(kept.url);
        if (!pathname.endsWith('/m/index.html')) continue;
        const fresh = await fetch(pathname, { cache: 'reload' });
        if (fresh.ok) await cache.put(kept, fresh);
      }
    }
  } catch {
    // Without a network the kept page stays; the next violation asks again.
  }
}
