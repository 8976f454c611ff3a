import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type Id, type SavedView } from '@tashi/shared/api';

/** A named set of filters; `search` holds only what differs from the default. */
export interface View {
  key: string;
  name: string;
  search: Record<string, string>;
}

/** What is kept of a view. */
export type ViewDraft = Pick<SavedView, 'name' | 'search' | 'shared'>;

/** The views a person may choose from in one list: kept on the server, so that they follow him and can be shared. */
export function useViews(list: string) {
  const client = useQueryClient();
  const key = ['views', list];
  const views = useQuery({
    queryKey: key,
    queryFn: async () => (await api.get<{ items: SavedView[] }>('/views', { query: { list } })).items,
    staleTime: 60_000,
  });
  const again = () => client.invalidateQueries({ queryKey: key });
  const keep = useMutation({
    mutationFn: (draft: ViewDraft & { id?: Id }) => api.post<SavedView>('/views', { ...draft, id: draft.id ?? newId(), list }),
    onSuccess: again,
  });
  const change = useMutation({
    mutationFn: ({ view, draft }: { view: SavedView; draft: ViewDraft }) =>
      api.patch<SavedView>('/views/{id}', { ...draft, list }, { params: { id: view.id }, version: view.version }),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => api.delete<void>('/views/{id}', { params: { id: view.id } }),
    onSettled: again,
  });
  return { views: views.data ?? [], keep, change, remove };
}
