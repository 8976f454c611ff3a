import { writeStored } from './stored';
import type { Density } from './DataTable';

/**
 * A link that restores a list for somebody else: the filters of the address, and with them the columns and the row height that are
 * otherwise kept in the browser. The router knows only filters, so the two are taken over before it starts.
 */
export function listLink(columns: readonly string[], density: Density): string {
  const url = new URL(window.location.href);
  url.searchParams.set('cols', columns.join('~'));
  url.searchParams.set('rows', density);
  return url.href;
}

/** Columns switched off and row height as a link gave them; `all` are the keys of the list's columns. */
export function takeListLink(id: string, all: readonly string[]): void {
  const [path, given] = [window.location.pathname, arrived];
  if (!given || given.path !== path) return;
  arrived = null;
  const shown = new Set(given.columns.split('~'));
  // A link of another version may name columns that are gone; one that names none is no choice.
  if (all.some((key) => shown.has(key))) writeStored(`tashi.columns.${id}`, all.filter((key) => !shown.has(key)));
  if (given.rows === 'compact' || given.rows === 'roomy') writeStored(`tashi.density.${id}`, given.rows);
}

let arrived = read();

function read(): { path: string; columns: string; rows: string } | null {
  const url = new URL(window.location.href);
  const columns = url.searchParams.get('cols');
  const rows = url.searchParams.get('rows') ?? '';
  if (columns === null) return null;
  url.searchParams.delete('cols');
  url.searchParams.delete('rows');
  window.history.replaceState(window.history.state, '', url);
  return { path: url.pathname, columns, rows };
}
