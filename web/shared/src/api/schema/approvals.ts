/** Approval flows and the cases that run through them. */
import type { FormSpec, Text } from '../../forms/spec.ts';
import type { PlanChange } from './changes';
import type { Id, Instant, Ref } from './common';

/** Who is asked or told. */
export type FlowWho =
  | { by: 'role'; role: Id }
  | { by: 'heads'; level: number; up_to?: boolean }
  | { by: 'named'; people: Id[] }
  | { by: 'chosen'; most: number }
  | { by: 'field'; field: string };

export interface FlowLimit {
  minutes: number;
  remind?: number;
  then: 'remind' | 'escalate' | 'approve' | 'reject';
}

export interface FlowLane {
  name?: string;
  /** Formula; absent in the last lane of a branch and in parallel ones. */
  when?: string;
  nodes: FlowNode[];
}

interface NodeBase {
  id: string;
  name?: string;
}
export interface ApproveNode extends NodeBase {
  kind: 'approve';
  who: FlowWho;
  how: 'all' | 'any' | 'in_turn';
  limit?: FlowLimit;
  skip_own?: boolean;
  empty: 'admin' | 'skip' | 'return';
}
export interface CopyNode extends NodeBase {
  kind: 'copy';
  who: FlowWho;
}
export interface LanesNode extends NodeBase {
  kind: 'branch' | 'parallel';
  lanes: FlowLane[];
}
export type FlowNode = ApproveNode | CopyNode | LanesNode;

/** A flow document: nodes from top to bottom. */
export interface FlowDoc {
  v: 1;
  nodes: FlowNode[];
  /** Whoever approved a step is not asked again at the step right after it. */
  once?: boolean;
}

export interface SubjectRef {
  kind: string;
  id: Id;
}

export interface SubjectLine extends SubjectRef {
  title: Text;
}

export interface SubjectField {
  key: string;
  label: Text;
  type: string;
  /** What a choice can be, as far as that is known. */
  options: SubjectOption[];
}

export interface SubjectOption {
  value: string;
  label: Text;
}

export interface FlowLine {
  id: Id;
  name: string;
  subject: SubjectRef | null;
  subject_title: Text;
  bound: boolean;
  published: number | null;
  changed: boolean;
  retired: boolean;
  running: number;
  changed_at: Instant;
  version: number;
}

export interface FlowFault {
  node: string;
  part: string;
  code: string;
  at: number;
  word: string;
}

export interface FlowVersionLine {
  number: number;
  note: string | null;
  from_at: Instant;
  published_by: Ref;
  published_at: Instant;
}

export interface FlowPage extends FlowLine {
  draft: FlowDoc;
  faults: FlowFault[];
  fields: SubjectField[];
  versions: FlowVersionLine[];
}

export interface FlowChange {
  node: string;
  kind: FlowNode['kind'] | '';
  name: string;
  change: 'added' | 'removed' | 'changed' | 'moved';
  parts: string[];
}

export interface ForeseenStep {
  what: string;
  node: string | null;
  person: Ref | null;
  instead_of: Ref | null;
  to: Ref | null;
  lane: number | null;
}

export interface Foreseen {
  status: string;
  steps: ForeseenStep[];
}

export type ApprovalStatus = 'running' | 'returned' | 'approved' | 'rejected' | 'withdrawn';

export interface OwnAsk {
  ask: number;
  node: string;
  since: Instant;
}

export interface ApprovalRow {
  id: Id;
  kind: string;
  subject_id: Id;
  record_id: Id;
  title: Text;
  summary: { label: Text; value: Text }[];
  employee: Ref;
  department: Ref;
  status: ApprovalStatus;
  asked: Ref[];
  asks: OwnAsk[];
  started_at: Instant;
  changed_at: Instant;
  ended_at: Instant | null;
  version: number;
}

export interface TrailLine {
  seq: number;
  at: Instant;
  what: string;
  node: string | null;
  person: Ref | null;
  instead_of: Ref | null;
  to: Ref | null;
  lane: number | null;
  comment: string | null;
  files: ApprovalFile[];
}

/** What can be handed in so that its requester chooses who decides. */
export interface SubjectChoice {
  kind: string;
  subject_id: Id;
  steps: { node: string; name: string; most: number }[];
}

/** A file beside a comment. */
export interface ApprovalFile {
  id: Id;
  name: string;
  mime: string;
  size: number;
}

export interface ApprovalPage extends ApprovalRow {
  flow: Ref;
  flow_number: number;
  doc: FlowDoc;
  content: { spec?: FormSpec; answers?: Record<string, unknown>; names?: Record<string, string>; customer?: string; object?: string; plan_change?: PlanChange; outcome?: { status: 'applied' | 'unfit'; code?: string } };
  trail: TrailLine[];
  nodes: Record<string, string>;
  back: { ask: number; node: string }[];
  chosen: { node: string; most: number; people: Ref[] }[];
  mine: boolean;
}

export interface ApprovalCounts {
  todo: number;
  returned: number;
}

export interface Colleague {
  id: Id;
  name: string;
  department: string;
}

export interface Delegation {
  id: Id;
  deputy: Ref;
  from_at: Instant;
  until_at: Instant;
}

/** Something done to a case. */
export interface NewAction {
  id: Id;
  action: 'approve' | 'reject' | 'return' | 'transfer' | 'signer_before' | 'signer_after' | 'withdraw' | 'urge' | 'comment' | 'submit';
  version?: number;
  ask?: number;
  comment?: string;
  to?: Id;
  step?: string;
  chosen?: Record<string, Id[]>;
  /** Sent before with `/approvals/{id}/files`. */
  file_ids?: Id[];
}

export interface BulkReceipt {
  id: Id;
  approval_id: Id;
  status: 'done' | 'duplicate' | 'refused';
  code: string | null;
  detail: string | null;
}
