import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';

export const FENCE_TABS = ['places', 'events', 'rounds', 'near'] as const;
export type FenceTab = (typeof FENCE_TABS)[number];

export interface FencesSearch {
  tab?: FenceTab;
  /** The fence that is open; `new` draws one. */
  fence?: string;
  /** Draws one for this customer. */
  customer?: string;
  day?: string;
  person?: string;
  kind?: 'enter' | 'dwell' | 'exit' | 'pass';
}

export function parseFencesSearch(raw: RawSearch): FencesSearch {
  return compact({
    tab: oneOf(raw.tab, FENCE_TABS), fence: text(raw.fence), customer: text(raw.customer), day: day(raw.day), person: text(raw.person),
    kind: oneOf(raw.kind, ['enter', 'dwell', 'exit', 'pass'] as const),
  });
}
