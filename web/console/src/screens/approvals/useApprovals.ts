import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type ApprovalCounts, type ApprovalPage, type ApprovalRow, type BulkReceipt, type Colleague, type Delegation, type FormRecord, type Id, type NewAction } from '@tashi/shared/api';

export function useApprovalCounts() {
  return useQuery({ queryKey: ['approvals', 'counts'], queryFn: ({ signal }) => api.get<ApprovalCounts>('/approvals/counts', { signal }), staleTime: 30_000 });
}

export function useApproval(id: Id) {
  return useQuery({ queryKey: ['approvals', 'one', id], queryFn: ({ signal }) => api.get<ApprovalPage>('/approvals/{id}', { params: { id }, signal }) });
}

export function useColleagues(q: string, enabled: boolean) {
  return useQuery({
    queryKey: ['colleagues', q],
    queryFn: async ({ signal }) => (await api.get<{ items: Colleague[] }>('/approvals/colleagues', { query: { q: q || undefined }, signal })).items,
    placeholderData: (old) => old,
    staleTime: 60_000,
    enabled,
  });
}

/** Does something to a case. The id stays while the same thing is tried again, so that it counts once. */
export function useAct(id: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: NewAction) => api.post<ApprovalPage>('/approvals/{id}/actions', action, { params: { id } }),
    onSuccess: (page) => {
      client.setQueryData(['approvals', 'one', id], page);
      void client.invalidateQueries({ queryKey: ['approvals'] });
    },
  });
}

/** Decides many alike; each is answered by itself. */
export function useBulk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ rows, action, comment }: { rows: ApprovalRow[]; action: 'approve' | 'reject'; comment?: string }) => {
      const items = rows.flatMap((row) => row.asks.slice(0, 1).map((own) => ({ id: newId(), approval_id: row.id, ask: own.ask, version: row.version })));
      return api.post<{ receipts: BulkReceipt[] }>('/approvals/decisions', { action, comment: comment ?? null, items });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['approvals'] }),
  });
}

/** Corrects one's own record and hands it in again. */
export function useResubmit(id: Id, record: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, answers, reason }: { version: number; answers: Record<string, unknown>; reason: string }) =>
      api.post<FormRecord>('/form-records/{id}/resubmit', { answers, reason: reason || null }, { params: { id: record }, version }),
    onSuccess: (found) => {
      client.setQueryData(['forms', 'record', found.id], found);
      void client.invalidateQueries({ queryKey: ['approvals'] });
      void client.invalidateQueries({ queryKey: ['approvals', 'one', id] });
    },
  });
}

export function useDelegations() {
  return useQuery({ queryKey: ['delegations'], queryFn: async ({ signal }) => (await api.get<{ items: Delegation[] }>('/me/delegations', { signal })).items });
}

export function useDelegate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { deputy_id: Id; from_at: string; until_at: string }) => api.post<{ items: Delegation[] }>('/me/delegations', { id: newId(), ...wanted }),
    onSuccess: (all) => client.setQueryData(['delegations'], all.items),
  });
}

export function useEndDelegation() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: Id) => api.delete('/me/delegations/{id}', { params: { id } }), onSuccess: () => client.invalidateQueries({ queryKey: ['delegations'] }) });
}
