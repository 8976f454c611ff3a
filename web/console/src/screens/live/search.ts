import { compact, text, type RawSearch } from '../../kit/search';

export interface LiveSearch {
  person?: string;
  state?: string;
  department?: string;
  q?: string;
}

export function parseLiveSearch(raw: RawSearch): LiveSearch {
  return compact({ person: text(raw.person), state: text(raw.state), department: text(raw.department), q: text(raw.q) });
}
