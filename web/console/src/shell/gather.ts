/**
 * Calls `run` for a key at once, and what comes again for the same key within `quietMs` in one call after it: the first
 * news is not kept waiting, and a burst costs two calls however long it is.
 */
export function gather(run: (key: string) => void, quietMs: number): { ask(key: string): void; stop(): void } {
  const resting = new Map<string, { timer: ReturnType<typeof setTimeout>; again: boolean }>();
  const go = (key: string) => {
    run(key);
    const rest = { again: false, timer: setTimeout(() => {
      resting.delete(key);
      if (rest.again) go(key);
    }, quietMs) };
    resting.set(key, rest);
  };
  return {
    ask(key) {
      const rest = resting.get(key);
      if (rest) rest.again = true;
      else go(key);
    },
    stop() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}
