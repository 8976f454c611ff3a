import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type CustomerPoints, type Division, type DivisionLine, type DivisionPlanned, type DivisionQuestion, type Id, type Territories, type Territory } from '@tashi/shared/api';
import type { TerritoryDraft } from './draft';
import { bodyOf } from './draft';

export function useTerritories(enabled = true) {
  return useQuery({ queryKey: ['territories', 'list'], queryFn: ({ signal }) => api.get<Territories>('/territories', { signal }), enabled });
}

/** Customers as dots; those of another screen are used while they are fresh. */
export function useDots() {
  return useQuery({
    queryKey: ['customers', 'points', { status: 'active' }],
    queryFn: ({ signal }) => api.get<CustomerPoints>('/customers/points', { query: { status: 'active' }, signal }),
    staleTime: 60_000,
  });
}

/** Whatever is changed here changes customers everywhere. */
function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([['territories'], ['customers'], ['customer360'], ['frequency']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useSaveTerritory() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (draft: TerritoryDraft) =>
      draft.version === null
        ? api.post<Territory>('/territories', bodyOf(draft))
        : api.patch<Territory>('/territories/{id}', bodyOf(draft), { params: { id: draft.id }, version: draft.version }),
    onSuccess: refresh,
  });
}

export function useDeleteTerritory() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, version }: { id: Id; version: number }) => api.delete<void>('/territories/{id}', { params: { id }, version }),
    onSuccess: refresh,
  });
}

/** A proposal for a question; nothing is changed by asking. */
export function usePreview(question: DivisionQuestion | null) {
  return useQuery({
    queryKey: ['territories', 'preview', question],
    queryFn: ({ signal }) => api.post<Division>('/territory-divisions', question, { signal }),
    enabled: question !== null,
    placeholderData: (old) => old,
    // Each answer is kept by the server until the next one: an old one must not be taken over.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

export function useDivision(id: Id | undefined) {
  return useQuery({
    queryKey: ['territories', 'division', id],
    queryFn: ({ signal }) => api.get<Division>('/territory-divisions/{id}', { params: { id: id ?? '' }, signal }),
    enabled: !!id,
  });
}

export function useHistory() {
  return useQuery({
    queryKey: ['territories', 'history'],
    queryFn: async ({ signal }) => (await api.get<{ items: DivisionLine[] }>('/territory-divisions', { query: { limit: 50 }, signal })).items,
  });
}

/** Gives visits planned before the take-over to who has their customers now; all of them or none. */
export function useHandOver(division: Id) {
  const client = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (planned: readonly DivisionPlanned[]) =>
      api.post<Division>('/territory-divisions/{id}/hand-over', { tasks: planned.map(({ task_id, version }) => ({ task_id, version })) }, { params: { id: division } }),
    onSuccess: async (done) => {
      client.setQueryData(['territories', 'division', division], done);
      await Promise.all([refresh(), ...[['plans'], ['tasks'], ['board']].map((queryKey) => client.invalidateQueries({ queryKey }))]);
    },
    // A visit or a plan is another now: it is offered as it is.
    onError: () => client.invalidateQueries({ queryKey: ['territories', 'division', division] }),
  });
}

export function useTakeOver() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ division, reason }: { division: Division; reason: string }) =>
      api.post<Division>('/territory-divisions/{id}/take-over', { reason }, { params: { id: division.id }, version: division.version }),
    onSuccess: refresh,
  });
}
