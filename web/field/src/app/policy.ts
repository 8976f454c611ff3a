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
    // Without a network the kept page stays; the next violation asks again.
    renewPage().catch(() => { asked = false; });
  });
}

/** Puts the server's page, with its policy of today, in place of the kept one. Rejects without a network. */
export async function renewPage(): Promise<void> {
  if (!('caches' in globalThis)) return;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const kept of await cache.keys()) {
      const { pathname } = new URL(kept.url);
      if (!pathname.endsWith('/m/index.html')) continue;
      // The worker answers the plain address from what it keeps; this one it lets through to the server.
      const fresh = await fetch(`${pathname}?renew=${Date.now()}`, { cache: 'reload' });
      if (!fresh.ok) continue;
      const old = await cache.match(kept);
      // A page of another version asks for files that are not kept: it comes with that version, and its policy with it.
      if (old && (await old.text()) === (await fresh.clone().text())) await cache.put(kept, fresh);
      else await (await navigator.serviceWorker.getRegistration())?.update();
    }
  }
}
