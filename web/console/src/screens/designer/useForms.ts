import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type FormChange, type FormLine, type FormPage, type FormRecord, type Id, type LibraryForm } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';

export function useForms(enabled = true) {
  return useQuery({
    queryKey: ['forms', 'list'],
    queryFn: async ({ signal }) => (await api.get<{ items: FormLine[] }>('/forms', { signal })).items,
    enabled,
  });
}

export function useLibrary(enabled: boolean) {
  return useQuery({
    queryKey: ['forms', 'library'],
    queryFn: async ({ signal }) => (await api.get<{ items: LibraryForm[] }>('/forms/library', { signal })).items,
    staleTime: Infinity,
    enabled,
  });
}

export function useForm(id: Id) {
  return useQuery({ queryKey: ['forms', 'one', id], queryFn: ({ signal }) => api.get<FormPage>('/forms/{id}', { params: { id }, signal }) });
}

export function useDifference(id: Id, from: number | null, to: number | null) {
  return useQuery({
    queryKey: ['forms', 'difference', id, from, to],
    queryFn: async ({ signal }) => (await api.get<{ changes: FormChange[] }>('/forms/{id}/difference', { params: { id }, query: { from: from ?? 0, to: to ?? undefined }, signal })).changes,
    enabled: from !== null,
    staleTime: to === null ? 0 : Infinity,
  });
}

export function useRecord(id: Id | undefined) {
  return useQuery({
    queryKey: ['forms', 'record', id],
    queryFn: ({ signal }) => api.get<FormRecord>('/form-records/{id}', { params: { id: id ?? '' }, signal }),
    enabled: !!id,
  });
}

/** What comes back of a form replaces what is known of it. */
function useKeep() {
  const client = useQueryClient();
  return (page: FormPage) => {
    client.setQueryData(['forms', 'one', page.id], page);
    void client.invalidateQueries({ queryKey: ['forms', 'list'] });
    void client.invalidateQueries({ queryKey: ['forms', 'difference', page.id] });
  };
}

export function useCreateForm() {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ key, spec }: { key: string; spec: FormSpec }) => api.post<FormPage>('/forms', { id: newId(), key, spec }),
    onSuccess: keep,
  });
}

export function usePatchForm(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, ...patch }: { version: number; spec?: FormSpec; retired?: boolean; collect?: boolean }) => api.patch<FormPage>('/forms/{id}', patch, { params: { id }, version }),
    onSuccess: keep,
  });
}

export function usePublish(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, note }: { version: number; note: string }) => api.post<FormPage>('/forms/{id}/publish', { note: note.trim() || null }, { params: { id }, version }),
    onSuccess: keep,
  });
}

export function useCorrect(id: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, answers, reason }: { version: number; answers: Record<string, unknown>; reason: string }) =>
      api.patch<FormRecord>('/form-records/{id}', { answers, reason }, { params: { id }, version }),
    onSuccess: (record) => {
      client.setQueryData(['forms', 'record', record.id], record);
      void client.invalidateQueries({ queryKey: ['forms', 'records'] });
    },
  });
}

const NOTHING: FormSpec = { title: {}, fields: [] };

/** The newest published version, by which records are narrowed; one that asks nothing until there is one. */
export function usePublished(form: FormPage): FormSpec {
  return useQuery({
    queryKey: ['forms', 'version', form.id, form.published],
    queryFn: async ({ signal }) => (await api.get<{ spec: FormSpec }>('/forms/{id}/versions/{number}', { params: { id: form.id, number: String(form.published) }, signal })).spec,
    enabled: form.published !== null,
    staleTime: Infinity,
  }).data ?? NOTHING;
}
