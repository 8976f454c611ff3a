import { compact, day, text, type RawSearch } from '../../kit/search';

export interface TracksSearch {
  person?: string;
  day?: string;
  /** A second person, side by side. */
  with?: string;
  /** Playhead, `HH:MM:SS` in the company's zone. */
  t?: string;
}

export function parseTracksSearch(raw: RawSearch): TracksSearch {
  return compact({ person: text(raw.person), day: day(raw.day), with: text(raw.with), t: text(raw.t) });
}
