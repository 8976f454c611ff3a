import { compact, oneOf, type RawSearch } from '../../kit/search';

export const FLOW_TABS = ['design', 'versions'] as const;
export type FlowTab = (typeof FLOW_TABS)[number];

/** What the address says of one flow's page. */
export interface FlowSearch {
  tab?: FlowTab;
}

export const parseFlowSearch = (raw: RawSearch): FlowSearch => compact({ tab: oneOf(raw.tab, FLOW_TABS) });
