import { useSyncExternalStore } from 'react';
import type { Mode } from './tokens';

/** What the person chose; `system` follows the device, `sun` is light with the strongest contrast, for a phone in bright sun. */
export type ThemeChoice = Mode | 'system' | 'sun';

const KEY = 'tashi.theme';
const listeners = new Set<() => void>();
const systemDark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

let choice: ThemeChoice = readChoice();

function readChoice(): ThemeChoice {
  try {
    const stored = globalThis.localStorage?.getItem(KEY);
    if (stored === 'light' || stored === 'dark' || stored === 'sun') return stored;
  } catch {
    // Storage can be blocked by the browser; the device setting is a fine answer then.
  }
  return 'system';
}

/** The mode that is on the screen now. */
export function currentMode(): Mode {
  if (choice === 'sun') return 'light';
  return choice === 'system' ? (systemDark?.matches ? 'dark' : 'light') : choice;
}

/** Writes the mode to `<html>`; call once before the first render. */
export function applyTheme(): void {
  const root = document.documentElement;
  root.dataset.theme = currentMode();
  root.toggleAttribute('data-sun', choice === 'sun');
  root.setAttribute('data-prefers-color-scheme', currentMode());
}

export function setThemeChoice(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Kept for this page only.
  }
  changed();
}

function changed(): void {
  applyTheme();
  for (const listener of listeners) listener();
}

systemDark?.addEventListener('change', changed);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Current mode and choice; re-renders when either changes. */
export function useTheme(): { mode: Mode; choice: ThemeChoice; setChoice(next: ThemeChoice): void } {
  const mode = useSyncExternalStore(subscribe, currentMode);
  const current = useSyncExternalStore(subscribe, () => choice);
  return { mode, choice: current, setChoice: setThemeChoice };
}
