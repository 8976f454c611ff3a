/** Addresses under /m/. Small on purpose: one path, one screen, the browser's own back button. */
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

const BASE = '/m';

function current(): string {
  const path = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : location.pathname;
  return (path.replace(/\/+$/, '') || '/') + location.search;
}

const listeners = new Set<() => void>();
function changed(): void {
  for (const listener of listeners) listener();
}
globalThis.addEventListener?.('popstate', changed);

/** Goes to a path of the app, e.g. `/customers`. */
export function go(path: string, options: { replace?: boolean } = {}): void {
  const depth = ((history.state as { depth?: number } | null)?.depth ?? 0) + (options.replace ? 0 : 1);
  history[options.replace ? 'replaceState' : 'pushState']({ depth }, '', BASE + path);
  changed();
}

/** Back inside the app; where the app was opened by a link, to `fallback`. */
export function back(fallback = '/'): void {
  if (((history.state as { depth?: number } | null)?.depth ?? 0) > 0) history.back();
  else go(fallback, { replace: true });
}

/** Path and query on the screen. */
export function useLocation(): { path: string; query: URLSearchParams } {
  const full = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
  const [path = '/', search = ''] = full.split('?');
  return { path, query: new URLSearchParams(search) };
}

/** Values of a pattern such as `/visit/:id`, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const [want, have] = [pattern.split('/'), path.split('/')];
  if (want.length !== have.length) return null;
  const values: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const is = have[i] ?? '';
    if (part.startsWith(':')) values[part.slice(1)] = decodeURIComponent(is);
    else if (part !== is) return null;
  }
  return values;
}

export function Link({ to, replace, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; replace?: boolean }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.button !== 0) return;
    event.preventDefault();
    go(to, { replace });
  };
  return <a href={BASE + to} onClick={follow} {...rest} />;
}
