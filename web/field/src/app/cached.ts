/** Answers worth having offline: shown at once from the phone with their age, fetched again when there is a network. */
import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useEffect, useState } from 'react';
import type { ApiProblem } from '@tashi/shared/api';
import { toProblem } from '@tashi/shared/api';
import { db } from '../sync/store.ts';
import { useField, useOnline } from './context.tsx';

interface Kept<T> {
  data: T;
  fetched: number;
}

export interface Cached<T> {
  /** Undefined while the phone reads, null when nothing is known. */
  data: T | null | undefined;
  /** Device ms of the answer. */
  fetched: number | null;
  problem: ApiProblem | null;
  refresh: () => Promise<void>;
}

/** `key` names the answer among this person's; `fetcher` must be stable for a key. */
export function useCached<T>(key: string, fetcher: () => Promise<T>): Cached<T> {
  const { owner } = useField();
  const online = useOnline();
  const id = `cache/${owner}/${key}`;
  const kept = useLiveQuery(async () => ((await db.kv.get(id))?.value as Kept<T> | undefined) ?? null, [id]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const refresh = useCallback(async () => {
    try {
      const data = await fetcher();
      setProblem(null);
      await db.kv.put({ key: id, value: { data, fetched: Date.now() } satisfies Kept<T> });
    } catch (error) {
      setProblem(toProblem(error));
    }
    // The key names the answer; a new fetcher for the same key would fetch the same.
  }, [id]);
  useEffect(() => {
    if (online) void refresh();
  }, [online, refresh]);
  return { data: kept === undefined ? undefined : (kept?.data ?? null), fetched: kept?.fetched ?? null, problem, refresh };
}

/** Forgets all answers of a person. */
export async function dropCached(owner: string): Promise<void> {
  await db.kv.where('key').startsWith(`cache/${owner}/`).delete();
}
