import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type CustomFields, type CustomNoun, type FormPage } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';

/** What is published appears within this time without a reload. */
const SOON_MS = 20_000;

const NONE: FormSpec = { title: {}, fields: [] };

function useAll() {
  return useQuery({
    queryKey: ['custom-fields'],
    queryFn: async ({ signal }) => (await api.get<{ items: CustomFields[] }>('/custom-fields', { signal })).items,
    staleTime: SOON_MS,
  });
}

/** The fields in force of every noun that has some. */
export function useCustomNouns() {
  return useAll();
}

/** The fields the company added to a noun of ours; without any, a spec that asks nothing. */
export function useCustomFields(noun: CustomNoun): FormSpec {
  return useAll().data?.find((one) => one.noun === noun)?.spec ?? NONE;
}

/** Opens the form that holds the fields of a noun; made when there is none. */
export function useOpenFields() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (noun: CustomNoun) => api.put<FormPage>('/custom-fields/{noun}', {}, { params: { noun } }),
    onSuccess: (page) => client.setQueryData(['forms', 'one', page.id], page),
  });
}
