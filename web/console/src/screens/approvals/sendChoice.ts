import { api, type Id } from '@tashi/shared/api';

/** Keeps whom the requester chose for a record that he hands in next. */
export const sendChoice = (record: Id, chosen: Record<string, Id>) =>
  api.put<void>('/approval-choices/{id}', { chosen: Object.fromEntries(Object.entries(chosen).map(([node, id]) => [node, [id]])) }, { params: { id: record } });
