/** The company's base map, remembered for the time without a network; without one the marks stand on plain ground. */
import type { Basemap } from '@tashi/shared/api';
import { useCached } from './cached.ts';
import { client } from './session.ts';

export function useFieldBasemap(): Basemap | null | undefined {
  const { data, problem } = useCached('basemap', () => client.get<Basemap>('/basemap'));
  return data ?? (problem || !navigator.onLine ? null : undefined);
}
