import { compact, oneOf, text, type RawSearch } from '../../kit/search';

export interface DispatchSearch {
  /** The request that is open. */
  request?: string;
  /** The person whose reasons are open. */
  person?: string;
  /** Taking in, rules or skills. */
  open?: 'new' | 'rules' | 'skills';
  /** Which requests; those that are not over when absent. */
  show?: 'over';
  /** Who is shown on the map. */
  who?: 'idle' | 'busy';
  skill?: string;
  team?: string;
  /** Customer a new request begins with. */
  customer?: string;
}

export function parseDispatchSearch(raw: RawSearch): DispatchSearch {
  return compact({
    request: text(raw.request), person: text(raw.person), open: oneOf(raw.open, ['new', 'rules', 'skills']), show: oneOf(raw.show, ['over']),
    customer: text(raw.customer), who: oneOf(raw.who, ['idle', 'busy']), skill: text(raw.skill), team: text(raw.team),
  });
}
