import { useEffect, useRef, useSyncExternalStore } from 'react';

/** One key (`e`, `/`, `?`, `mod+k`) or two keys one after the other (`g m`). */
export interface Shortcut {
  keys: string;
  label: string;
  run(event: KeyboardEvent): void;
  /** Works while typing too (only for keys with a modifier). */
  always?: boolean;
}

const SEQUENCE_MS = 900;
const groups = new Set<readonly Shortcut[]>();
const listeners = new Set<() => void>();
let snapshot: Shortcut[] = [];
let pending: { key: string; until: number } | null = null;

function changed(): void {
  // The group mounted last wins: a drawer's `e` goes before the list's.
  const seen = new Set<string>();
  snapshot = [...groups].reverse().flat().filter((one) => !seen.has(one.keys) && seen.add(one.keys));
  for (const listener of listeners) listener();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || !!target.closest('[role=combobox]');
}

/** The name of the key that was pressed, as `Shortcut.keys` writes it. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${key}`;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const typing = isTyping(event.target) || !!document.querySelector('dialog[open]');
  const name = keyName(event);
  const now = event.timeStamp;
  const sequence = pending && pending.until > now ? `${pending.key} ${name}` : null;
  pending = null;
  const usable = snapshot.filter((one) => !typing || one.always);
  const match = (sequence && usable.find((one) => one.keys === sequence)) || usable.find((one) => one.keys === name);
  if (match) {
    event.preventDefault();
    match.run(event);
  } else if (usable.some((one) => one.keys.startsWith(`${name} `))) {
    pending = { key: name, until: now + SEQUENCE_MS };
  }
}

if (typeof document !== 'undefined') document.addEventListener('keydown', onKeyDown);

/** Offers these keys while the component is mounted. Keep the list stable (`useMemo`) or small. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map((one) => `${one.keys} ${one.label}`).join('|');
  useEffect(() => {
    const group = latest.current.map((one, index) => ({
      ...one,
      run: (event: KeyboardEvent) => latest.current[index]?.run(event),
    }));
    groups.add(group);
    changed();
    return () => {
      groups.delete(group);
      changed();
    };
  }, [shape]);
}

/** Everything that can be pressed now, for the sheet. */
export function useShortcutList(): Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}
