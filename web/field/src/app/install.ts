/** The browser offers installation once, early; the offer is kept until a screen uses it. */
import { useSyncExternalStore } from 'react';

interface InstallOffer extends Event {
  prompt(): Promise<void>;
}

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

/** Call before the first render: the event comes while the app starts. */
export function keepInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event as InstallOffer;
    for (const listener of listeners) listener();
  });
}

/** Asks the browser to install, or null where it cannot be asked. */
export function useInstall(): (() => void) | null {
  const kept = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => offer);
  return kept && (() => void kept.prompt());
}
