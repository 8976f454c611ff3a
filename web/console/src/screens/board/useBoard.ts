import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Board, type BoardDraftRow, type BoardGoal, type BoardPlace, type BoardProposal, type BoardPublish, type BoardRow, type Day, type Id } from '@tashi/shared/api';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Draft } from './draft';

const ROOT = ['board'];

export function useBoard(day: Day, department: Id | undefined) {
  return useQuery({
    queryKey: [...ROOT, day, department ?? 'all'],
    queryFn: () => api.get<Board>('/planning/board', { query: { day, department_id: department } }),
    refetchOnWindowFocus: false,
  });
}

const key = (person: Id, tasks: readonly Id[]): string => `${person}/${tasks.join()}`;

/** Lets a burst of moves cost one question. */
const SETTLE_MS = 40;

/**
 * Every row of the draft worked out. A row that did not change is not asked for again; one that did shows what it was until
 * the answer is here.
 */
export function useEvaluated(board: Board | undefined, draft: Draft | null) {
  const known = useRef(new Map<string, BoardRow>());
  const shown = useRef(new Map<Id, BoardRow>());
  const [version, setVersion] = useState(0);
  const [failed, setFailed] = useState<unknown>(null);
  const base = useRef<Board | undefined>(undefined);
  // Another board: hours, windows and what has begun may be others.
  if (base.current !== board) {
    base.current = board;
    known.current = new Map();
  }
  useEffect(() => {
    if (!board || !draft) return;
    const wanted: BoardDraftRow[] = Object.entries(draft.rows)
      .filter(([person, tasks]) => !known.current.has(key(person, tasks)))
      .map(([employee_id, tasks]) => ({ employee_id, tasks: [...tasks] }));
    if (!wanted.length) {
      setVersion((old) => old + 1);
      return;
    }
    const control = new AbortController();
    const timer = setTimeout(() => {
      api.post<{ rows: BoardRow[] }>('/planning/evaluate', { day: board.day, rows: wanted }, { signal: control.signal }).then(
        ({ rows }) => {
          rows.forEach((row, k) => known.current.set(key(row.employee_id, wanted[k]?.tasks ?? []), row));
          setFailed(null);
          setVersion((old) => old + 1);
        },
        (error: unknown) => {
          if (!control.signal.aborted) setFailed(error);
        },
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [board, draft]);
  return useMemo(() => {
    const rows = new Map<Id, BoardRow>();
    const fresh = new Set<Id>();
    // Between two boards of one day the old times stay.
    if (!draft) return { rows: shown.current, fresh, error: failed };
    for (const [person, tasks] of Object.entries(draft.rows)) {
      const exact = known.current.get(key(person, tasks));
      const row = exact ?? shown.current.get(person);
      if (row) rows.set(person, row);
      if (exact) fresh.add(person);
    }
    shown.current = rows;
    return { rows, fresh, error: failed };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `version` says that the answers in the ref are others
  }, [draft, version, failed]);
}

/** The ways of one row along the streets. */
export function useLines(day: Day, person: Id | undefined, tasks: readonly Id[]) {
  return useQuery({
    queryKey: [...ROOT, 'lines', day, person, tasks.join()],
    queryFn: async ({ signal }) =>
      (await api.post<{ rows: BoardRow[] }>('/planning/evaluate', { day, rows: [{ employee_id: person, tasks }], lines: true }, { signal })).rows[0]?.lines ?? [],
    enabled: !!person,
    placeholderData: (old) => old,
    staleTime: 60_000,
  });
}

export const draftRows = (draft: Draft): BoardDraftRow[] => Object.entries(draft.rows).map(([employee_id, tasks]) => ({ employee_id, tasks: [...tasks] }));

/** Where a task fits, the best first. */
export function usePlaces(day: Day, draft: Draft | null, task: Id | null) {
  return useQuery({
    queryKey: [...ROOT, 'places', day, task, draft && draftRows(draft)],
    queryFn: async ({ signal }) => (await api.post<{ places: BoardPlace[] }>('/planning/places', { day, rows: draft ? draftRows(draft) : [], task_id: task }, { signal })).places,
    enabled: !!task && !!draft,
    staleTime: 60_000,
    retry: false,
  });
}

export function useOptimise() {
  return useMutation({
    mutationFn: (ask: { day: Day; rows: BoardDraftRow[]; pool: readonly Id[]; goal: BoardGoal }) => api.post<BoardProposal>('/planning/optimise', ask),
  });
}

function useFresh() {
  const client = useQueryClient();
  return () => Promise.all([ROOT, ['plans'], ['tasks']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function usePublish() {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (ask: BoardPublish) => api.post<{ people: Id[] }>('/planning/publish', ask), onSuccess });
}

export function useLock() {
  const onSuccess = useFresh();
  return useMutation({
    mutationFn: ({ task, locked }: { task: Id; locked: boolean }) => api.post('/tasks/{id}/lock', { locked }, { params: { id: task } }),
    onSuccess,
  });
}
