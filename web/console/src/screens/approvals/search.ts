import { compact, oneOf, type RawSearch } from '../../kit/search';

export const BOXES = ['todo', 'mine', 'copied', 'decided', 'all'] as const;
export type ApprovalBox = (typeof BOXES)[number];
export const STATUSES = ['running', 'returned', 'approved', 'rejected', 'withdrawn'] as const;

/** What the address says of the inbox. */
export interface ApprovalsSearch {
  box?: ApprovalBox;
  status?: (typeof STATUSES)[number];
}

export const parseApprovalsSearch = (raw: RawSearch): ApprovalsSearch => compact({ box: oneOf(raw.box, BOXES), status: oneOf(raw.status, STATUSES) });
