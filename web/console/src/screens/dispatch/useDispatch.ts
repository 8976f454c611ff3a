import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, useStreamEvent, type DispatchRules, type Id, type NewUrgent, type Page, type PersonSkills, type UrgentCandidates, type UrgentDetail, type UrgentRequest } from '@tashi/shared/api';

const ROOT = ['dispatch'];

export function useRequests(over: boolean) {
  return useQuery({
    queryKey: [...ROOT, 'requests', over],
    queryFn: async () => (await api.get<Page<UrgentRequest>>('/dispatch/requests', { query: { status: over ? 'done,cancelled' : 'open,offered,accepted', limit: 100 } })).items,
    placeholderData: (old) => old,
  });
}

export function useRequest(id: Id | undefined) {
  return useQuery({
    queryKey: [...ROOT, 'request', id],
    queryFn: () => api.get<UrgentDetail>('/dispatch/requests/{id}', { params: { id: id ?? '' } }),
    enabled: !!id,
  });
}

/** Who could go. It reads positions, and the ledgers of those people say so: asked again only on demand. */
export function useCandidates(id: Id | undefined, enabled: boolean) {
  return useQuery({
    queryKey: [...ROOT, 'candidates', id],
    queryFn: () => api.get<UrgentCandidates>('/dispatch/requests/{id}/candidates', { params: { id: id ?? '' } }),
    enabled: enabled && !!id,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

/** Whatever moves a request on is seen at once; who could go is only marked, not read again by itself. */
export function useDispatchNews() {
  const client = useQueryClient();
  useStreamEvent('task', (news) => {
    if (!('urgent' in news)) return;
    void client.invalidateQueries({ queryKey: [...ROOT, 'requests'] });
    void client.invalidateQueries({ queryKey: [...ROOT, 'request', news.urgent] });
    if (news.status === 'open') void client.invalidateQueries({ queryKey: [...ROOT, 'candidates', news.urgent] });
  });
}

function useFresh() {
  const client = useQueryClient();
  return () => Promise.all([ROOT, ['plans'], ['tasks']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useTake() {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (body: NewUrgent) => api.post<UrgentRequest>('/dispatch/requests', body), onSuccess });
}

export function useSend(request: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { id: Id; employee_id: Id; late?: boolean }) => api.post<UrgentDetail>('/dispatch/requests/{id}/offers', body, { params: { id: request } }),
    onSettled: () => client.invalidateQueries({ queryKey: ROOT, predicate: (one) => one.queryKey[1] !== 'candidates' || one.queryKey[2] === request }),
  });
}

/** Somebody more for a request that somebody goes to already. */
export function useHelp(request: Id) {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (body: { id: Id; employee_id: Id }) => api.post<UrgentDetail>('/dispatch/requests/{id}/helpers', body, { params: { id: request } }), onSuccess });
}

export function useWithdraw(request: Id) {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: () => api.post<UrgentDetail>('/dispatch/requests/{id}/withdraw', {}, { params: { id: request } }), onSuccess });
}

export function useCancel(request: Id) {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (reason: string) => api.post<UrgentDetail>('/dispatch/requests/{id}/cancel', { reason }, { params: { id: request } }), onSuccess });
}

export interface KeptRules {
  rules: DispatchRules;
  version: number;
}
export function useRules() {
  return useQuery({ queryKey: [...ROOT, 'rules'], queryFn: () => api.get<KeptRules>('/dispatch/rules') });
}
export function useSaveRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ rules, version }: KeptRules) => api.put<KeptRules>('/dispatch/rules', rules, { version }),
    onSuccess: (kept) => client.setQueryData([...ROOT, 'rules'], kept),
  });
}

export function useSkills(enabled = true) {
  return useQuery({ queryKey: [...ROOT, 'skills'], queryFn: async () => (await api.get<{ items: PersonSkills[] }>('/dispatch/skills')).items, enabled });
}
export function useSaveSkills() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ employee, skills }: { employee: Id; skills: string[] }) => api.put<{ items: PersonSkills[] }>('/dispatch/skills/{employee_id}', { skills }, { params: { employee_id: employee } }),
    onSuccess: ({ items }) => {
      client.setQueryData([...ROOT, 'skills'], items);
      void client.invalidateQueries({ queryKey: ['employees'] });
      void client.invalidateQueries({ queryKey: [...ROOT, 'candidates'] });
    },
  });
}
