import { createContext, useContext, useEffect } from 'react';

/** What the filters of a page say in words, by their names; filled by the fields of its bar. */
export const FilterWords = createContext<Map<string, string> | null>(null);

/** Tells the page what a filter is set to; nothing when it is not set. */
export function useFilterWord(label: string, words: string | undefined): void {
  const all = useContext(FilterWords);
  useEffect(() => {
    if (!all || !words) return;
    all.set(label, words);
    return () => {
      all.delete(label);
    };
  }, [all, label, words]);
}
