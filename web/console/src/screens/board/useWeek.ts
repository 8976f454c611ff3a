import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { api, type Board, type BoardGoal, type BoardOwners, type BoardPlace, type BoardWeekProposal, type Day, type Id } from '@tashi/shared/api';
import { useMemo } from 'react';
import { movable, type Draft } from './draft';
import { matesOf } from './together';
import { useDraft, type Ground } from './useDraft';
import { useEvaluation } from './useEvaluation';
import { partsOf, weekOf, weekPublished, weekRebased, weekVersions, type weekAsk, type weekToPublish } from './week';

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
  const all = useMemo(() => (data.every((one) => one) ? (data as Board[]) : undefined), [key]); // eslint-disable-line react-hooks/exhaustive-deps -- the key says when the data are others
  return { boards: all, error: queries.find((one) => one.error)?.error ?? null, refetch: () => Promise.all(queries.map((one) => one.refetch())) };
}

const WEEK: Ground<readonly Board[]> = {
  name: 'week',
  published: weekPublished,
  versions: weekVersions,
  rebased: weekRebased,
  movable: (boards) => boards.flatMap((board) => board.tasks.filter(movable).map((task) => task.id)),
};

/** The draft of a week, with steps back and forth. */
export const useWeekDraft = (fresh: readonly Board[] | undefined, place: string) => useDraft(WEEK, fresh, place);

/** Every cell worked out, by cell. */
export function useWeekRows(boards: readonly Board[] | undefined, draft: Draft | null) {
  const mates = useMemo(() => matesOf((boards ?? []).flatMap((one) => one.tasks)), [boards]);
  return useEvaluation(boards, draft, partsOf, mates);
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

export function useOptimiseWeek() {
  return useMutation({
    mutationFn: (ask: ReturnType<typeof weekAsk> & { goal: BoardGoal; owners: BoardOwners }) => api.post<BoardWeekProposal>('/planning/optimise-days', ask),
  });
}
