import { useQuery } from '@tanstack/react-query';
import { api, type DayPolicy } from '@tashi/shared/api';

/** So much longer a day must at least be, metres, before it is worth a word. */
const LEAST_M = 2_000;

/** True when a day is longer than the best way over its stops by the company's share. */
export function isDetour(counted_m: number, best_m: number | null | undefined, permille: number): boolean {
  return !!best_m && counted_m - best_m >= LEAST_M && counted_m * 1000 > best_m * permille;
}

/** The company's share; the usual one until it is known. */
export function useDetourPermille(): number {
  const policy = useQuery({ queryKey: ['company', 'day'], queryFn: () => api.get<DayPolicy>('/company/day'), staleTime: 300_000 });
  return policy.data?.detour_permille ?? 1350;
}
