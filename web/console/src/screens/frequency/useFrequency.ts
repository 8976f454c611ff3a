import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Day, type FrequencyRolling, type FrequencyRule, type Generated, type Id, type MissedVisit, type NewFrequencyRule, type Outlook, type Task } from '@tashi/shared/api';

const ROOT = ['frequency'];

export interface Weeks {
  from: Day;
  weeks: number;
  department: Id | undefined;
}
const body = ({ from, weeks, department }: Weeks) => ({ from, weeks, ...(department ? { department_id: department } : {}) });

/** Rules in the order in which a customer's is looked for. */
export function useRules() {
  return useQuery({
    queryKey: [...ROOT, 'rules'],
    queryFn: async () => (await api.get<{ items: FrequencyRule[] }>('/frequency/rules')).items,
  });
}

/** The weeks as the rules would have them; nothing is stored by asking. */
export function useOutlook(weeks: Weeks, enabled: boolean) {
  return useQuery({
    queryKey: [...ROOT, 'outlook', weeks],
    queryFn: ({ signal }) => api.post<Outlook>('/frequency/preview', body(weeks), { signal }),
    enabled,
    placeholderData: (old) => old,
    staleTime: 30_000,
    retry: false,
  });
}

export function useMissed() {
  return useQuery({
    queryKey: [...ROOT, 'missed'],
    queryFn: async () => (await api.get<{ items: MissedVisit[] }>('/frequency/missed')).items,
  });
}

/** Whatever changes a rule or a plan changes everything here. */
function useFresh() {
  const client = useQueryClient();
  return () => Promise.all([ROOT, ['plans'], ['tasks']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useSaveRule() {
  const onSuccess = useFresh();
  return useMutation({
    mutationFn: ({ rule, next }: { rule: FrequencyRule | null; next: NewFrequencyRule }) =>
      rule
        ? api.put<FrequencyRule>('/frequency/rules/{id}', next, { params: { id: rule.id }, version: rule.version })
        : api.post<FrequencyRule>('/frequency/rules', next),
    onSuccess,
  });
}

export function useDeleteRule() {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (id: Id) => api.delete('/frequency/rules/{id}', { params: { id } }), onSuccess });
}

export function useGenerate() {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (weeks: Weeks) => api.post<Generated>('/frequency/generate', body(weeks)), onSuccess });
}

export function usePlanAgain() {
  const onSuccess = useFresh();
  return useMutation({
    mutationFn: ({ id, day }: { id: Id; day: Day }) => api.post<Task>('/frequency/missed/{id}/again', { day }, { params: { id } }),
    onSuccess,
  });
}

const ROLLING = [...ROOT, 'rolling'];

/** How far ahead visits are planned by themselves. */
export function useRolling() {
  return useQuery({ queryKey: ROLLING, queryFn: () => api.get<FrequencyRolling>('/frequency/rolling') });
}

export function useSetRolling() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ weeks, again, version }: Pick<FrequencyRolling, 'weeks' | 'again' | 'version'>) =>
      api.put<FrequencyRolling>('/frequency/rolling', { weeks, again }, { version }),
    onSuccess: (rolling) => client.setQueryData(ROLLING, rolling),
    // Somebody else was quicker: what he said is shown.
    onError: () => client.invalidateQueries({ queryKey: ROLLING }),
  });
}
