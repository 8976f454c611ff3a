import { useCallback, useEffect, useRef, useState } from 'react';

/** Milliseconds after the last key before the draft is kept. */
const QUIET_MS = 700;

/** How a draft that keeps itself stands. */
export interface Autosave<F> {
  state: 'saved' | 'waiting' | 'saving';
  problem: unknown;
  faults: F[];
  /** The newest version that is known. */
  version: { current: number };
  save(): Promise<void>;
}

/** Keeps a draft on the server, one write after another; says how it stands. `send` answers the page as it is then. */
export function useAutosave<D, F>(page: { version: number; faults: F[] }, now: D, send: (version: number, draft: D) => Promise<{ version: number; faults: F[] }>, canWrite: boolean): Autosave<F> {
  const version = useRef(page.version);
  const [state, setState] = useState<'saved' | 'waiting' | 'saving'>('saved');
  const [problem, setProblem] = useState<unknown>(null);
  const [faults, setFaults] = useState<F[]>(page.faults);
  const kept = useRef(now);
  const flying = useRef(false);
  const latest = useRef(now);
  latest.current = now;
  const sender = useRef(send);
  sender.current = send;
  const save = useCallback(async () => {
    if (flying.current || kept.current === latest.current || !canWrite) return;
    flying.current = true;
    setState('saving');
    const sent = latest.current;
    try {
      const answered = await sender.current(version.current, sent);
      version.current = answered.version;
      kept.current = sent;
      setFaults(answered.faults);
      setProblem(null);
      setState(latest.current === sent ? 'saved' : 'waiting');
    } catch (error) {
      setProblem(error);
      setState('waiting');
    } finally {
      flying.current = false;
    }
  }, [canWrite]);
  useEffect(() => {
    if (now === kept.current) {
      // Undone before it was sent: what the server has is what stands here.
      if (!flying.current) setState('saved');
      return;
    }
    setState('waiting');
    const timer = setTimeout(() => void save(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [now, save, state === 'saving']);
  // What is still unsaved goes out when the page is left.
  useEffect(() => () => void save(), [save]);
  return { state, problem, faults, version, save };
}
