import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { api, type Page, type Query } from '@tashi/shared/api';
import { useMemo } from 'react';

/** More rows than this are not taken into one page, nor chosen at once. */
export const MOST = 5000;

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
  /** Loads every page, at most {@link MOST} rows; false when a page could not be had. */
  all(): Promise<boolean>;
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
    all: async () => {
      let have = list;
      while (have.hasNextPage && (have.data?.pages.length ?? 0) * limit < MOST) {
        const next = await have.fetchNextPage();
        if (next.isError) return false;
        have = { ...have, ...next } as typeof list;
      }
      return true;
    },
    retry: () => void list.refetch(),
  };
}
