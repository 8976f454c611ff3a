import { compact, text, type RawSearch } from '../../kit/search';

export interface SettingsSearch {
  /** Trackers of one person. */
  person?: string;
  /** Audit: who did it. */
  actor?: string;
  /** Audit: what kind of object it was done to. */
  kind?: string;
}

export function parseSettingsSearch(raw: RawSearch): SettingsSearch {
  return compact({ person: text(raw.person), actor: text(raw.actor), kind: text(raw.kind) });
}
