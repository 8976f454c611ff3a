import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { api, type Board, type BoardPlace, type BoardRow, type Day, type Id } from '@tashi/shared/api';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { begin, changed, did, redone, undone, type Draft, type History } from './draft';
import { cellOf, partsOf, weekOf, weekPublished, weekRebased, type weekToPublish } from './week';

/** The boards of a week, without what waits elsewhere; absent until all of them are here. */
export function useWeekBoards(day: Day, department: Id | undefined) {
  const queries = useQueries({
    queries: weekOf(day).map((one) => ({
      queryKey: ['board', 'week', one, department ?? 'all'],
      queryFn: () => api.get<Board>('/planning/board', { query: { day: one, department_id: department, own: true } }),
      refetchOnWindowFocus: false,
    })),
  });
  const data = queries.map((one) => one.data);
  const key = queries.map((one) => one.dataUpdatedAt).join();
  const all = useMemo(() => (data.every((one) => one) ? (data as Board[]) : null), [key]); // eslint-disable-line react-hooks/exhaustive-deps -- the key says when the data are others
  return { boards: all, error: queries.find((one) => one.error)?.error ?? null, refetch: () => Promise.all(queries.map((one) => one.refetch())) };
}

interface State {
  place: string;
  boards: readonly Board[];
  history: History;
}

/** The draft of a week, with steps back and forth. It lives as long as the screen. */
export function useWeekDraft(fresh: readonly Board[] | null, place: string) {
  const [state, setState] = useState<State | null>(null);
  if (fresh && state?.place !== place) setState({ place, boards: fresh, history: begin(weekPublished(fresh)) });
  const here = state?.place === place ? state : null;
  const base = useMemo(() => (here ? weekPublished(here.boards) : null), [here?.boards]); // eslint-disable-line react-hooks/exhaustive-deps -- of the boards alone
  const draft = here?.history.now ?? null;
  const cells = useMemo(() => (draft && base ? changed(draft, base) : []), [draft, base]);
  const pending = fresh && here && fresh !== here.boards ? fresh : null;
  const theirs = useMemo(() => (pending && here ? weekRebased(here.history.now, here.boards, pending).theirs : []), [pending, here]);
  const load = useCallback(() => {
    setState((old) => (old && fresh ? { ...old, boards: fresh, history: begin(weekRebased(old.history.now, old.boards, fresh).draft) } : old));
  }, [fresh]);
  useEffect(() => {
    // Nothing of ours is lost by taking over what touches none of our rows.
    if (pending && (!cells.length || !theirs.length)) load();
  }, [pending, cells, theirs, load]);
  const step = useCallback((change: (history: History) => History) => setState((old) => (old ? { ...old, history: change(old.history) } : old)), []);
  return {
    boards: here?.boards ?? null,
    draft,
    cells,
    theirs: cells.length ? theirs : [],
    canUndo: !!here?.history.past.length,
    canRedo: !!here?.history.future.length,
    change: useCallback((make: (draft: Draft) => Draft) => step((old) => did(old, make(old.now))), [step]),
    undo: useCallback(() => step(undone), [step]),
    redo: useCallback(() => step(redone), [step]),
    discard: useCallback(() => setState((old) => (old ? { ...old, history: did(old.history, weekPublished(old.boards)) } : old)), []),
    settled: useCallback(() => setState(null), []),
    load,
  };
}

/** Lets a burst of moves cost one question a day. */
const SETTLE_MS = 40;

/** Every cell worked out, by cell. One that changed shows what it was until the answer is here. */
export function useWeekRows(boards: readonly Board[] | null, draft: Draft | null) {
  const known = useRef(new Map<string, BoardRow>());
  const shown = useRef(new Map<string, BoardRow>());
  const base = useRef<readonly Board[] | null>(null);
  const [version, setVersion] = useState(0);
  const [failed, setFailed] = useState<unknown>(null);
  if (base.current !== boards) {
    base.current = boards;
    known.current = new Map();
  }
  useEffect(() => {
    if (!boards || !draft) return;
    const key = (cell: string) => `${cell}:${(draft.rows[cell] ?? []).join()}`;
    const wanted = new Map<Day, { employee_id: Id; tasks: Id[] }[]>();
    for (const [cell, tasks] of Object.entries(draft.rows)) {
      if (known.current.has(key(cell))) continue;
      const { day, person } = partsOf(cell);
      wanted.set(day, [...(wanted.get(day) ?? []), { employee_id: person, tasks: [...tasks] }]);
    }
    if (!wanted.size) {
      setVersion((old) => old + 1);
      return;
    }
    const control = new AbortController();
    const timer = setTimeout(() => {
      for (const [day, rows] of wanted) {
        api.post<{ rows: BoardRow[] }>('/planning/evaluate', { day, rows }, { signal: control.signal }).then(
          (answer) => {
            answer.rows.forEach((row, k) => known.current.set(`${cellOf(day, row.employee_id)}:${(rows[k]?.tasks ?? []).join()}`, row));
            setFailed(null);
            setVersion((old) => old + 1);
          },
          (error: unknown) => {
            if (!control.signal.aborted) setFailed(error);
          },
        );
      }
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [boards, draft]);
  return useMemo(() => {
    const rows = new Map<string, BoardRow>();
    const fresh = new Set<string>();
    for (const [cell, tasks] of Object.entries(draft?.rows ?? {})) {
      const exact = known.current.get(`${cell}:${tasks.join()}`);
      const row = exact ?? shown.current.get(cell);
      if (row) rows.set(cell, row);
      if (exact) fresh.add(cell);
    }
    shown.current = rows;
    return { rows, fresh, error: failed };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `version` says that the answers in the ref are others
  }, [draft, version, failed]);
}

/** Where a visit costs least in one person's day. */
export async function bestPlace(day: Day, person: Id, tasks: readonly Id[], task: Id): Promise<number> {
  const { places } = await api.post<{ places: BoardPlace[] }>('/planning/places', { day, rows: [{ employee_id: person, tasks: tasks.filter((id) => id !== task) }], task_id: task });
  return places[0]?.position ?? tasks.length;
}

export function usePublishWeek() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ask: ReturnType<typeof weekToPublish>) => api.post<{ people: Id[] }>('/planning/publish-days', ask),
    onSuccess: () => Promise.all([['board'], ['plans'], ['tasks']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
