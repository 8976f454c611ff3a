import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { api, type Page, type Query } from '@tashi/shared/api';
import { useMemo } from 'react';

/** Rows of a cursor-paged list as one growing array. */
export interface ListState<T> {
  rows: T[];
  total: number | null;
  pending: boolean;
  /** True while an answer for changed filters is on its way and the old rows are still shown. */
  refreshing: boolean;
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  more(): void;
  retry(): void;
}

/**
 * Loads `path` page by page. Old rows stay until new ones are there. The first page also asks for the total, unless
 * `count` is false because that list has none.
 */
export function useList<T>(key: QueryKey, path: string, query: Query, options: { limit?: number; enabled?: boolean; count?: boolean } = {}): ListState<T> {
  const limit = options.limit ?? 100;
  const list = useInfiniteQuery({
    queryKey: [...key, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(path, { query: { ...query, limit, cursor: pageParam, count: pageParam === null && options.count !== false ? true : undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: (old) => old,
    enabled: options.enabled ?? true,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  return {
    rows,
    total: list.data?.pages[0]?.total ?? null,
    pending: list.isPending,
    refreshing: list.isPlaceholderData,
    error: rows.length ? null : list.error,
    hasMore: list.hasNextPage,
    loadingMore: list.isFetchingNextPage,
    more: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
    },
    retry: () => void list.refetch(),
  };
}
