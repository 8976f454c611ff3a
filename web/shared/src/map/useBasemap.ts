import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import type { Basemap } from '../api/schema';

/**
 * The company's basemap: `undefined` while it loads, `null` when there is none or it cannot be read (marks then stand on plain
 * ground).
 */
export function useBasemap(): Basemap | null | undefined {
  const { data, isError } = useQuery({
    queryKey: ['basemap'],
    queryFn: () => api.get<Basemap>('/basemap'),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data ?? (isError ? null : undefined);
}
