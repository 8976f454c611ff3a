import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { advance, type DayEvent } from './playback';

export const SPEEDS = [1, 10, 30, 60] as const;
export type Speed = (typeof SPEEDS)[number];

/** Where the day stands. Kept outside React state, so that sixty changes a second redraw only what shows the time. */
export class Playhead {
  private at: number;
  private readonly listeners = new Set<() => void>();

  constructor(at: number) {
    this.at = at;
  }

  get = (): number => this.at;

  set(at: number): void {
    if (at === this.at) return;
    this.at = at;
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** The moment of the playhead; re-renders with it. `grain` ms rounds, so that a text does not re-render every frame. */
export function useHead(playhead: Playhead, grain = 1): number {
  return useSyncExternalStore(playhead.subscribe, () => Math.floor(playhead.get() / grain) * grain);
}

const REDUCED_STEP_MS = 500;

/** Plays the day; with reduced motion the head steps twice a second instead of gliding. */
export function usePlayer(playhead: Playhead, events: readonly DayEvent[], end: number) {
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(30);
  const [skip, setSkip] = useState(true);
  const settings = useRef({ speed, skip, events, end });
  settings.current = { speed, skip, events, end };

  useEffect(() => {
    if (!playing) return;
    const reduced = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches;
    let last = performance.now();
    let timer = 0;
    const tick = () => {
      const now = performance.now();
      const { speed, skip, events, end } = settings.current;
      const next = advance(events, playhead.get(), (now - last) * speed, skip);
      last = now;
      playhead.set(Math.min(next, end));
      if (next >= end) setPlaying(false);
      else schedule();
    };
    const schedule = () => {
      timer = reduced ? window.setTimeout(tick, REDUCED_STEP_MS) : requestAnimationFrame(tick);
    };
    schedule();
    return () => (reduced ? clearTimeout(timer) : cancelAnimationFrame(timer));
  }, [playing, playhead]);

  return useMemo(
    () => ({ playing, setPlaying, speed, setSpeed, skip, setSkip }),
    [playing, speed, skip],
  );
}
export type Player = ReturnType<typeof usePlayer>;
