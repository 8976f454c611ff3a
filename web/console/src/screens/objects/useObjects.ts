import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  api, newId, type Id, type MyObject, type ObjectDefinition, type ObjectFace, type ObjectGrant, type ObjectLine, type ObjectLink, type ObjectRecord,
} from '@tashi/shared/api';
import { sendChoice } from '../approvals/sendChoice';
import type { FormSpec, Text } from '@tashi/shared/forms/index.ts';

/** What is published, or granted, appears within this time without a reload. */
const SOON_MS = 20_000;

/** The objects the signed-in person may use. */
export function useMyObjects() {
  return useQuery({
    queryKey: ['objects', 'mine'],
    queryFn: async ({ signal }) => (await api.get<{ items: MyObject[] }>('/objects', { signal })).items,
    staleTime: SOON_MS,
    refetchInterval: SOON_MS,
  });
}

export function useHasObjects(): boolean {
  return !!useMyObjects().data?.length;
}

export function useFace(key: string) {
  return useQuery({ queryKey: ['objects', 'face', key], queryFn: ({ signal }) => api.get<ObjectFace>('/objects/{key}', { params: { key }, signal }) });
}

export function useRecord(key: string, id: Id | undefined) {
  return useQuery({
    queryKey: ['objects', 'record', key, id],
    queryFn: ({ signal }) => api.get<ObjectRecord>('/objects/{key}/records/{id}', { params: { key, id: id ?? '' }, signal }),
    enabled: !!id,
  });
}

/** Records that refer to a customer, a contact or a person. */
export function useLinks(to: Id) {
  return useQuery({
    queryKey: ['objects', 'links', to],
    queryFn: async ({ signal }) => (await api.get<{ items: ObjectLink[] }>('/object-links', { query: { to }, signal })).items,
  });
}

export interface RecordChange {
  answers?: Record<string, unknown>;
  owner_id?: Id;
  reason: string;
}

/** Makes and changes records of an object; lists follow. */
export function useRecordWrites(key: string) {
  const client = useQueryClient();
  const keep = (record: ObjectRecord) => {
    client.setQueryData(['objects', 'record', key, record.id], record);
    void client.invalidateQueries({ queryKey: ['objects', 'records', key] });
    void client.invalidateQueries({ queryKey: ['objects', 'links'] });
  };
  const make = useMutation({
    // The id belongs to what is filled in: sent twice, it is one record.
    mutationFn: async ({ id, number, answers, chosen }: { id: Id; number: number; answers: Record<string, unknown>; chosen: Record<string, Id> }) => {
      // Who decides goes first, so that the record takes it along.
      if (Object.keys(chosen).length) await sendChoice(id, chosen);
      return api.post<ObjectRecord>('/objects/{key}/records', { id, number, answers }, { params: { key } });
    },
    onSuccess: keep,
  });
  const change = useMutation({
    mutationFn: ({ id, version, ...patch }: RecordChange & { id: Id; version: number }) =>
      api.patch<ObjectRecord>('/objects/{key}/records/{id}', patch, { params: { key, id }, version }),
    onSuccess: keep,
  });
  const remove = useMutation({
    mutationFn: ({ id, version, reason }: { id: Id; version: number; reason: string }) =>
      api.post<void>('/objects/{key}/records/{id}/delete', { reason }, { params: { key, id }, version }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['objects', 'records', key] }),
  });
  return { make, change, remove };
}

export function useDefinitions() {
  return useQuery({
    queryKey: ['objects', 'definitions'],
    queryFn: async ({ signal }) => (await api.get<{ items: ObjectLine[] }>('/object-definitions', { signal })).items,
  });
}

export function useDefinition(id: Id) {
  return useQuery({ queryKey: ['objects', 'definition', id], queryFn: ({ signal }) => api.get<ObjectDefinition>('/object-definitions/{id}', { params: { id }, signal }) });
}

/** What comes back of an object replaces what is known of it. */
function useKeep() {
  const client = useQueryClient();
  return (page: ObjectDefinition) => {
    client.setQueryData(['objects', 'definition', page.id], page);
    for (const part of ['definitions', 'mine', 'face', 'records']) void client.invalidateQueries({ queryKey: ['objects', part] });
  };
}

export function useCreateObject() {
  const keep = useKeep();
  return useMutation({
    mutationFn: (draft: { key: string; name: Text; icon: string; spec: FormSpec }) => api.post<ObjectDefinition>('/object-definitions', { id: newId(), ...draft }),
    onSuccess: keep,
  });
}

export interface DefinitionChange {
  name?: Text;
  icon?: string;
  title_field?: string | null;
  columns?: string[];
  numbering?: string;
  grants?: Record<string, ObjectGrant>;
  retired?: boolean;
}

export function usePatchObject(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, ...patch }: DefinitionChange & { version: number }) => api.patch<ObjectDefinition>('/object-definitions/{id}', patch, { params: { id }, version }),
    onSuccess: keep,
  });
}
