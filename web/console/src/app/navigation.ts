import type { Permission } from '@tashi/shared/api';
import type { IconName } from '@tashi/shared/ui';

/** One entry of the rail. `shortcut` is the letter after `g`. */
export interface NavEntry {
  key: 'home' | 'live' | 'tracks' | 'planning' | 'frequency' | 'dispatch' | 'tasks' | 'orders' | 'customers' | 'territories' | 'fences' | 'business' | 'knowledge' | 'visits' | 'gallery' | 'truth' | 'reports' | 'health' | 'attendance' | 'approvals' | 'people' | 'designer' | 'settings';
  to: '/' | '/live' | '/tracks' | '/planning/board' | '/frequency' | '/dispatch' | '/tasks' | '/orders' | '/customers' | '/territories' | '/fences' | '/business' | '/knowledge' | '/visits' | '/gallery' | '/truth' | '/reports' | '/health' | '/attendance' | '/approvals' | '/people' | '/designer/forms' | '/settings';
  icon: IconName;
  permission: Permission | null;
  shortcut: string;
  /** Shown to those who may use one of the company's own objects. */
  own?: boolean;
  /** Draws a hairline above the entry. */
  group?: boolean;
  /** Stands in the bar on top, beside the page of this entry, instead of in the rail. */
  under?: NavEntry['key'];
}

export const NAVIGATION: NavEntry[] = [
  { key: 'home', to: '/', icon: 'home', permission: 'report.read', shortcut: 'h' },
  { key: 'live', to: '/live', icon: 'live', permission: 'live.read', shortcut: 'm' },
  { key: 'health', to: '/health', icon: 'signal', permission: 'live.read', shortcut: 'l', under: 'live' },
  { key: 'tracks', to: '/tracks', icon: 'track', permission: 'track.read', shortcut: 't' },
  { key: 'planning', to: '/planning/board', icon: 'plan', permission: 'task.read', shortcut: 'p' },
  { key: 'frequency', to: '/frequency', icon: 'sync', permission: 'task.write', shortcut: 'w', under: 'planning' },
  { key: 'dispatch', to: '/dispatch', icon: 'bolt', permission: 'task.write', shortcut: 'd', under: 'planning' },
  { key: 'tasks', to: '/tasks', icon: 'task', permission: 'task.read', shortcut: 'k', group: true },
  { key: 'orders', to: '/orders', icon: 'wrench', permission: 'order.read', shortcut: 'x' },
  { key: 'customers', to: '/customers', icon: 'store', permission: 'customer.read', shortcut: 'c' },
  { key: 'territories', to: '/territories', icon: 'layers', permission: 'customer.write', shortcut: 'o', under: 'customers' },
  { key: 'fences', to: '/fences', icon: 'target', permission: 'customer.write', shortcut: 'f', under: 'customers' },
  { key: 'business', to: '/business', icon: 'box', permission: null, shortcut: 'b', own: true },
  { key: 'knowledge', to: '/knowledge', icon: 'book', permission: null, shortcut: 'n' },
  { key: 'visits', to: '/visits', icon: 'visit', permission: 'visit.read', shortcut: 'v' },
  { key: 'gallery', to: '/gallery', icon: 'image', permission: 'visit.read', shortcut: 'j', under: 'visits' },
  { key: 'truth', to: '/truth', icon: 'shield', permission: 'visit.read', shortcut: 'i' },
  { key: 'reports', to: '/reports', icon: 'chart', permission: 'report.read', shortcut: 'r' },
  { key: 'attendance', to: '/attendance', icon: 'clock', permission: 'report.read', shortcut: 'q' },
  { key: 'approvals', to: '/approvals', icon: 'stamp', permission: null, shortcut: 'a' },
  { key: 'people', to: '/people', icon: 'users', permission: 'org.read', shortcut: 'e', group: true },
  { key: 'designer', to: '/designer/forms', icon: 'design', permission: 'task.read', shortcut: 'u' },
  { key: 'settings', to: '/settings', icon: 'gear', permission: null, shortcut: 's' },
];

/** The entries a person with these permissions sees; `objects`: he may use one of the company's own. */
export function visibleNavigation(permissions: readonly string[], objects = false): NavEntry[] {
  return NAVIGATION.filter((entry) => (entry.own ? objects : entry.permission === null || permissions.includes(entry.permission)));
}

/** What stands in the rail, each with the pages beside it. A page whose head the person may not see stands by itself. */
export function railOf(entries: readonly NavEntry[]): { entry: NavEntry; beside: NavEntry[] }[] {
  const seen = new Set(entries.map((one) => one.key));
  return entries
    .filter((one) => one.under === undefined || !seen.has(one.under))
    .map((entry) => ({ entry, beside: entries.filter((one) => one.under === entry.key) }));
}

/** The entry whose pages begin with the same word of the address. */
export function entryOf(path: string): NavEntry | undefined {
  const first = path.split('/')[1] ?? '';
  return NAVIGATION.find((one) => (one.to.split('/')[1] ?? '') === first);
}
