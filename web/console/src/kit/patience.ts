import type { ApiProblem } from '@tashi/shared/api';

const PATIENCE_MS = [500, 1000, 2000, 5000, 10_000];

/** Whether a failure is of the line or of the moment, so that long work waits instead of failing. */
export function passes(problem: ApiProblem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status > 500;
}

/** Waits before one more try, longer after each; rejects as soon as the work is ended, or when it was already. */
export function patience(tries: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, refuse) => {
    const end = () => { clearTimeout(timer); refuse(signal.reason as Error); };
    const timer = setTimeout(() => { signal.removeEventListener('abort', end); done(); }, PATIENCE_MS[Math.min(tries, PATIENCE_MS.length - 1)]);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
