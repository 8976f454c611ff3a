import { useQueryClient } from '@tanstack/react-query';
import { useStreamEvent } from '@tashi/shared/api';
import { useEffect, useRef, useState } from 'react';
import { gather } from './gather';

/** How long a list rests after it was fetched; what comes meanwhile is fetched together then. */
const QUIET_MS = 1000;

/** Marks lists as stale as soon as the stream says that their rows changed; a burst of events costs one more refresh. */
export function useStreamRefresh(): void {
  const client = useQueryClient();
  const [stale] = useState(() => gather((key) => void client.invalidateQueries({ queryKey: [key] }), QUIET_MS));
  useEffect(() => stale.stop, [stale]);
  const refresh = (...keys: string[]) => {
    for (const key of keys) stale.ask(key);
  };

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
