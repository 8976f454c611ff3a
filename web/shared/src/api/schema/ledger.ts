/** Who looked, what was changed, and the company's log. */
import type { Day, Id, Instant, Ref } from './common';

export interface LedgerEntry {
  id: Id;
  at: Instant;
  reader: Ref & { department: string };
  what: 'live' | 'playback' | 'export' | 'report' | 'visit' | 'mileage' | 'everything' | 'fence' | 'search' | 'finding' | 'positions' | 'attendance' | 'recording';
  purpose: string;
  day: Day | null;
  count: number;
}

/** How a company's log stands. */
export interface LedgerState {
  origin: string;
  key: string;
  fingerprint: string;
  size: number;
  today: number;
  checkpoint: CheckpointInfo | null;
  inspection: Inspection | null;
  checkpoint_url: string;
}

export interface CheckpointInfo {
  size: number;
  at: Instant;
  /** daily, asked or export. */
  reason: string;
  note: string;
}

/** What a walk over the stored log found; `item` names the first thing that does not hold. */
export interface Inspection {
  at: Instant;
  size: number;
  checkpoints: number;
  item: string | null;
  what: string | null;
}

export interface LogLine {
  index: number;
  at: Instant;
  kind: string;
  subject_id: Id;
  employee: Ref | null;
  leaf_hash: string;
  erased: boolean;
}

/** The company's signed word that a record is entry `index` of its log. */
export interface Receipt {
  index: number;
  at: Instant;
  kind: string;
  subject_id: Id;
  leaf: string;
  salt: string | null;
  record: string | null;
  note: string;
}

export interface AuditEntry {
  id: Id;
  at: Instant;
  actor: Ref | null;
  action: string;
  object_kind: string;
  object_id: string;
  summary: string;
  /** The named job that did it when no person did. */
  job?: string | null;
}
