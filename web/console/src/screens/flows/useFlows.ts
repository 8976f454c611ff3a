import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type FlowChange, type FlowDoc, type FlowLine, type FlowPage, type Foreseen, type Id, type SubjectLine, type SubjectRef } from '@tashi/shared/api';

export function useFlows() {
  return useQuery({ queryKey: ['flows', 'list'], queryFn: async ({ signal }) => (await api.get<{ items: FlowLine[] }>('/flows', { signal })).items });
}

export function useSubjects() {
  return useQuery({ queryKey: ['flows', 'subjects'], queryFn: async ({ signal }) => (await api.get<{ items: SubjectLine[] }>('/flows/subjects', { signal })).items });
}

export function useFlow(id: Id) {
  return useQuery({ queryKey: ['flows', 'one', id], queryFn: ({ signal }) => api.get<FlowPage>('/flows/{id}', { params: { id }, signal }) });
}

export function useFlowDifference(id: Id, from: number, to: number | null) {
  return useQuery({
    queryKey: ['flows', 'difference', id, from, to],
    queryFn: async ({ signal }) => (await api.get<{ changes: FlowChange[] }>('/flows/{id}/difference', { params: { id }, query: { from, to: to ?? undefined }, signal })).changes,
    staleTime: to === null ? 0 : Infinity,
  });
}

/** What comes back of a flow replaces what is known of it. */
function useKeep() {
  const client = useQueryClient();
  return (page: FlowPage) => {
    client.setQueryData(['flows', 'one', page.id], page);
    void client.invalidateQueries({ queryKey: ['flows', 'list'] });
    void client.invalidateQueries({ queryKey: ['flows', 'difference', page.id] });
  };
}

export function useCreateFlow() {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ name, subject, draft }: { name: string; subject: SubjectRef | null; draft: FlowDoc }) => api.post<FlowPage>('/flows', { id: newId(), name, subject, draft }),
    onSuccess: keep,
  });
}

export function usePatchFlow(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, ...patch }: { version: number; name?: string; draft?: FlowDoc; subject?: SubjectRef; retired?: boolean }) => api.patch<FlowPage>('/flows/{id}', patch, { params: { id }, version }),
    onSuccess: keep,
  });
}

export function usePublishFlow(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, note, from_at }: { version: number; note: string; from_at: string | null }) => api.post<FlowPage>('/flows/{id}/publish', { note: note.trim() || null, from_at }, { params: { id }, version }),
    onSuccess: keep,
  });
}

export function useBindFlow(id: Id) {
  const keep = useKeep();
  return useMutation({ mutationFn: (on: boolean) => api.put<FlowPage>('/flows/{id}/use', { on }, { params: { id } }), onSuccess: keep });
}

export function useSimulate() {
  return useMutation({
    mutationFn: (asked: { subject: SubjectRef | null; doc: FlowDoc; requester_id: Id; values: Record<string, unknown> }) => api.post<Foreseen>('/flows/simulate', asked),
  });
}
