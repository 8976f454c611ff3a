import { useSyncExternalStore } from 'react';

export type TextSize = 'normal' | 'large' | 'huge';

const KEY = 'tashi.text';
/** How much larger everything is drawn. */
const FACTOR: Record<TextSize, number> = { normal: 1, large: 1.15, huge: 1.3 };
/** A page narrower than this, CSS pixels, lays its lines out one below the other: words then take more room than they gain. */
const NARROWEST = 304;
const listeners = new Set<() => void>();

export function textSize(): TextSize {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'large' || kept === 'huge' ? kept : 'normal';
  } catch {
    return 'normal';
  }
}

/**
 * Draws the app larger: the page is told to be narrower than the screen, and the phone enlarges it to fit. So letters, signs and
 * targets grow alike and everything is laid out anew instead of being cut off.
 */
export function applyTextSize(): void {
  const meta = document.querySelector('meta[name="viewport"]');
  const width = Math.max(NARROWEST, Math.round(screen.width / FACTOR[textSize()]));
  meta?.setAttribute('content', textSize() === 'normal' ? 'width=device-width, initial-scale=1, viewport-fit=cover' : `width=${width}, viewport-fit=cover`);
}

export function setTextSize(size: TextSize): void {
  try {
    localStorage.setItem(KEY, size);
  } catch {
    // Blocked storage: nothing is kept, so nothing changes.
  }
  applyTextSize();
  for (const listener of listeners) listener();
}

export function useTextSize(): TextSize {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, textSize);
}
