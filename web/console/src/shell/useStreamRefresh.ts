import { useQueryClient } from '@tanstack/react-query';
import { useStreamEvent } from '@tashi/shared/api';
import { useCallback, useEffect, useRef } from 'react';

const GATHER_MS = 1500;

/** Marks lists as stale when the stream says that their rows changed; a burst of events costs one refresh. */
export function useStreamRefresh(): void {
  const client = useQueryClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const refresh = useCallback(
    (...keys: string[]) => {
      for (const key of keys) waiting.current.add(key);
      timer.current ??= setTimeout(() => {
        timer.current = null;
        const due = [...waiting.current];
        waiting.current.clear();
        for (const key of due) void client.invalidateQueries({ queryKey: [key] });
      }, GATHER_MS);
    },
    [client],
  );
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  // A second greeting means that the connection had been lost: what was missed meanwhile is fetched again.
  const greeted = useRef(false);
  useStreamEvent('hello', () => {
    if (greeted.current) refresh('visits', 'home', 'tasks', 'plans', 'notices', 'me', 'live', 'customer360', 'findings', 'truth', 'dispatch', 'board', 'approvals', 'objects');
    greeted.current = true;
  });
  useStreamEvent('visit', () => refresh('visits', 'home', 'tasks', 'customer360', 'board'));
  useStreamEvent('finding', () => refresh('findings', 'truth', 'visits'));
  useStreamEvent('plan', () => refresh('plans', 'tasks', 'home', 'board'));
  useStreamEvent('task', () => refresh('tasks', 'board'));
  useStreamEvent('notice', () => refresh('notices', 'me', 'approvals'));
}
