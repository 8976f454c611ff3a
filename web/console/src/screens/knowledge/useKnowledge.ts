import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  api, newId, type ArticleAudience, type ArticleCategory, type ArticleFile, type ArticlePage, type ArticleReaders, type ArticleVersion, type Day, type FoundArticle,
  type Id, type OpenArticle, type Shelf,
} from '@tashi/shared/api';

/** What was published appears within this time without a reload. */
const SOON_MS = 30_000;

export function useShelf() {
  return useQuery({ queryKey: ['knowledge', 'shelf'], queryFn: ({ signal }) => api.get<Shelf>('/knowledge', { signal }), staleTime: SOON_MS, refetchInterval: SOON_MS });
}

/** Articles in which all of the question stands, the best first. */
export function useFoundArticles(q: string, on = true) {
  return useQuery({
    queryKey: ['knowledge', 'found', q],
    queryFn: async ({ signal }) => (await api.get<{ items: FoundArticle[] }>('/knowledge/search', { query: { q, limit: 50 }, signal })).items,
    enabled: on && q.trim() !== '',
    placeholderData: (old) => old,
  });
}

export function useOpenArticle(id: Id) {
  return useQuery({ queryKey: ['knowledge', 'open', id], queryFn: ({ signal }) => api.get<OpenArticle>('/knowledge/{id}', { params: { id }, signal }) });
}

export function useMarkRead(id: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { number: number; opened_at: string }) => api.post<OpenArticle>('/knowledge/{id}/read', body, { params: { id } }),
    onSuccess: (page) => {
      client.setQueryData(['knowledge', 'open', id], page);
      void client.invalidateQueries({ queryKey: ['knowledge', 'shelf'] });
    },
  });
}

export function useCategories() {
  return useQuery({
    queryKey: ['knowledge', 'categories'],
    queryFn: async ({ signal }) => (await api.get<{ items: ArticleCategory[] }>('/article-categories', { signal })).items,
    staleTime: SOON_MS,
  });
}

export function useCategoryWrites() {
  const client = useQueryClient();
  const after = () => void client.invalidateQueries({ queryKey: ['knowledge', 'categories'] });
  const make = useMutation({ mutationFn: (body: { name: string; parent_id: Id | null; place: number }) => api.post<ArticleCategory>('/article-categories', { id: newId(), ...body }), onSuccess: after });
  const change = useMutation({
    mutationFn: ({ id, version, ...body }: { id: Id; version: number; name: string; parent_id: Id | null; place: number }) => api.patch<ArticleCategory>('/article-categories/{id}', body, { params: { id }, version }),
    onSettled: after,
  });
  const remove = useMutation({ mutationFn: (id: Id) => api.delete<void>('/article-categories/{id}', { params: { id } }), onSuccess: after });
  return { make, change, remove };
}

export function useArticle(id: Id) {
  return useQuery({ queryKey: ['knowledge', 'article', id], queryFn: ({ signal }) => api.get<ArticlePage>('/articles/{id}', { params: { id }, signal }) });
}

/** What comes back of an article replaces what is known of it. */
function useKeep() {
  const client = useQueryClient();
  return (page: ArticlePage) => {
    client.setQueryData(['knowledge', 'article', page.id], page);
    for (const part of ['articles', 'shelf', 'open', 'found', 'readers']) void client.invalidateQueries({ queryKey: ['knowledge', part] });
  };
}

export function useCreateArticle() {
  const keep = useKeep();
  return useMutation({ mutationFn: (body: { id: Id; title: string; category_id: Id | null }) => api.post<ArticlePage>('/articles', body), onSuccess: keep });
}

export interface ArticleChange {
  title?: string;
  category_id?: Id | null;
  tags?: string[];
  body?: string;
  audience?: ArticleAudience;
  must_read?: boolean;
  due_day?: Day | null;
  retired?: boolean;
}

export function usePatchArticle(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, ...patch }: ArticleChange & { version: number }) => api.patch<ArticlePage>('/articles/{id}', patch, { params: { id }, version }),
    onSuccess: keep,
  });
}

export function usePublishArticle(id: Id) {
  const keep = useKeep();
  return useMutation({
    mutationFn: ({ version, ...body }: { version: number; note: string | null; read_again: boolean }) => api.post<ArticlePage>('/articles/{id}/publish', body, { params: { id }, version }),
    onSuccess: keep,
  });
}

export function useArticleVersion(id: Id, number: number | null) {
  return useQuery({
    queryKey: ['knowledge', 'version', id, number],
    queryFn: ({ signal }) => api.get<ArticleVersion>('/articles/{id}/versions/{number}', { params: { id, number: String(number) }, signal }),
    enabled: number !== null,
    staleTime: Infinity,
  });
}

export function useReaders(id: Id) {
  return useQuery({ queryKey: ['knowledge', 'readers', id], queryFn: ({ signal }) => api.get<ArticleReaders>('/articles/{id}/readers', { params: { id }, signal }) });
}

export function useRemind(id: Id) {
  return useMutation({ mutationFn: () => api.post<{ told: number }>('/articles/{id}/remind', undefined, { params: { id } }) });
}

/** Sends a picture or file for an article. */
export function useSendFile(id: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => {
      const answer = await api.fetch('POST', '/articles/{id}/files', file, { params: { id }, query: { file_id: newId(), name: file.name || 'picture.png' }, headers: { 'Content-Type': 'application/octet-stream' } });
      return (await answer.json()) as ArticleFile;
    },
    onSuccess: (sent) => client.setQueryData<ArticlePage>(['knowledge', 'article', id], (old) => (old ? { ...old, files: [...old.files.filter((one) => one.id !== sent.id), sent] } : old)),
  });
}
