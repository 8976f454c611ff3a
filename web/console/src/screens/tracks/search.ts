import { compact, day, text, type RawSearch } from '../../kit/search';

export interface TracksSearch {
  person?: string;
  day?: string;
  /** Playhead, `HH:MM:SS` in the company's zone. */
  t?: string;
}

export function parseTracksSearch(raw: RawSearch): TracksSearch {
  return compact({ person: text(raw.person), day: day(raw.day), t: text(raw.t) });
}
