import { compact, oneOf, text, type RawSearch } from '../../kit/search';

export const TERRITORY_TABS = ['areas', 'divide', 'history'] as const;
export type TerritoryTab = (typeof TERRITORY_TABS)[number];

export interface TerritoriesSearch {
  tab?: TerritoryTab;
  /** The territory that is open; `new` draws one. */
  territory?: string;
  /** A division that was taken over, opened again. */
  division?: string;
}

export function parseTerritoriesSearch(raw: RawSearch): TerritoriesSearch {
  return compact({ tab: oneOf(raw.tab, TERRITORY_TABS), territory: text(raw.territory), division: text(raw.division) });
}
