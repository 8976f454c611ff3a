import { compact, text, type RawSearch } from '../../kit/search';

export interface HomeSearch {
  department?: string;
}

export function parseHomeSearch(raw: RawSearch): HomeSearch {
  return compact({ department: text(raw.department) });
}
