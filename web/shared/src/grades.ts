/** Grades of customers: the company's own list, the best first. Kept outside of React, so that maps draw by it as well. */
import { useSyncExternalStore } from 'react';

let names: readonly string[] = ['A', 'B', 'C'];
const heard = new Set<() => void>();

/** Says which grades there are. */
export function setGrades(next: readonly string[]): void {
  if (!next.length || (next.length === names.length && next.every((name, k) => name === names[k]))) return;
  names = [...next];
  for (const tell of heard) tell();
}

/** Place in the list, 0 the best; after all of them for none, and for one that is no longer in it. */
export function gradeRank(grade: string | null): number {
  const at = grade === null ? -1 : names.indexOf(grade);
  return at < 0 ? names.length : at;
}

function listen(tell: () => void): () => void {
  heard.add(tell);
  return () => heard.delete(tell);
}

/** The company's grades, the best first. */
export function useGrades(): readonly string[] {
  return useSyncExternalStore(listen, () => names);
}
