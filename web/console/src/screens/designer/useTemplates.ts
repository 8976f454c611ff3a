import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type TaskTemplate } from '@tashi/shared/api';
import type { TemplateBody } from './template';

/** Every template of the company, the retired ones too. */
export const templatesQuery = queryOptions({
  queryKey: ['task-templates'],
  queryFn: async ({ signal }) => (await api.get<{ items: TaskTemplate[] }>('/task-templates', { signal })).items,
  staleTime: 60_000,
});

export function useAllTemplates() {
  return useQuery(templatesQuery);
}

/** What the server answered stands in the list at once. */
function useKeep() {
  const client = useQueryClient();
  return (saved: TaskTemplate) => {
    client.setQueryData(templatesQuery.queryKey, (old) => {
      if (!old) return old;
      return old.some((one) => one.id === saved.id) ? old.map((one) => (one.id === saved.id ? saved : one)) : [...old, saved];
    });
    void client.invalidateQueries({ queryKey: templatesQuery.queryKey });
    // A report on it says which steps are in force.
    void client.invalidateQueries({ queryKey: ['sop'] });
  };
}

/** Makes a template, or changes the one that was read. */
export function useSaveTemplate(read: TaskTemplate | null) {
  const keep = useKeep();
  return useMutation({
    mutationFn: (body: Partial<TemplateBody> & { id?: string; active?: boolean }) =>
      read ? api.patch<TaskTemplate>('/task-templates/{id}', body, { params: { id: read.id }, version: read.version }) : api.post<TaskTemplate>('/task-templates', body),
    onSuccess: keep,
  });
}
