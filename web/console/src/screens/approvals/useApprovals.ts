import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type ApprovalCounts, type ApprovalPage, type ApprovalRow, type BulkReceipt, type Colleague, type Delegation, type FormRecord, type Id, type NewAction, type ObjectRecord } from '@tashi/shared/api';

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
    // Not waited for: the bar that asked goes with its rows, and must have said what became of them.
    onSettled: () => void client.invalidateQueries({ queryKey: ['approvals'] }),
  });
}

/** What was filled in and handed in: a form at a visit, or a record of an object of the company's own. */
export function useHandedIn(page: ApprovalPage, wanted: boolean) {
  const { record_id: id, content: { object } } = page;
  return useQuery<FormRecord | ObjectRecord>({
    queryKey: ['approvals', 'record', id],
    queryFn: ({ signal }) => (object ? api.get<ObjectRecord>('/objects/{key}/records/{id}', { params: { key: object, id }, signal }) : api.get<FormRecord>('/form-records/{id}', { params: { id }, signal })),
    enabled: wanted,
  });
}

/** Corrects it and hands it in again. */
export function useResubmit({ record_id: id, content: { object } }: ApprovalPage, unsaid: string) {
  const client = useQueryClient();
  return useMutation<unknown, unknown, { version: number; answers: Record<string, unknown>; reason: string }>({
    mutationFn: ({ version, answers, reason }) => (object
      ? api.patch('/objects/{key}/records/{id}', { answers, reason: reason || unsaid }, { params: { key: object, id }, version })
      : api.post('/form-records/{id}/resubmit', { answers, reason: reason || null }, { params: { id }, version })),
    onSuccess: () => Promise.all([['forms'], ['objects'], ['approvals']].map((queryKey) => client.invalidateQueries({ queryKey }))),
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
