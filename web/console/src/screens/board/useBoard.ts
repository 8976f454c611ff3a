import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Board, type BoardDraftRow, type BoardGoal, type BoardOwners, type BoardPlace, type BoardProposal, type BoardPublish, type BoardRow, type Day, type Id, type LiveBoard, type Point } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';
import { useMemo } from 'react';
import { movable, published, rebased, versions, type Draft } from './draft';
import { matesOf } from './together';
import { useDraft, type Ground } from './useDraft';
import { useEvaluation } from './useEvaluation';

const ROOT = ['board'];

export function useBoard(day: Day, department: Id | undefined) {
  return useQuery({
    queryKey: [...ROOT, day, department ?? 'all'],
    queryFn: () => api.get<Board>('/planning/board', { query: { day, department_id: department } }),
    refetchOnWindowFocus: false,
  });
}

const DAY: Ground<Board> = {
  name: 'board',
  published,
  versions,
  rebased,
  movable: (board) => board.tasks.filter(movable).map((task) => task.id),
};

/** The draft of a day. */
export const useDayDraft = (fresh: Board | undefined, place: string) => useDraft(DAY, fresh, place);

/** Every row of the draft worked out, by person. */
export function useDayRows(board: Board | undefined, draft: Draft | null) {
  const mates = useMemo(() => matesOf(board?.tasks ?? []), [board]);
  return useEvaluation(board, draft, (person) => ({ day: board?.day ?? '', person }), mates);
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
    mutationFn: (ask: { day: Day; rows: BoardDraftRow[]; pool: readonly Id[]; goal: BoardGoal; owners: BoardOwners; start?: Point }) => api.post<BoardProposal>('/planning/optimise', ask),
  });
}

/** Older positions say where somebody was, not where he is. */
const FRESH_MS = 30 * 60_000;

/** Where somebody is now, if it is known; looking is written into his ledger. */
export function useWhereIs() {
  return useMutation({
    mutationFn: async (person: Id): Promise<Point | null> => {
      const live = (await api.get<LiveBoard>('/live', { query: { employee_id: person } })).people[0];
      const fresh = live?.fix_at && serverNow() - Date.parse(live.fix_at) < FRESH_MS;
      return fresh ? live.at ?? null : null;
    },
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
