/** Checked items over time. */
import type { Text } from '../../forms/spec.ts';
import type { Day, Id, Ref } from './common';
import type { TaskStatus } from './work';

/** The last checked record of a customer. */
export interface CheckLast {
  customer_id: Id;
  day: Day;
  form: Text;
  /** Weights passed, of those that applied. */
  passed: number;
  applicable: number;
  failed: number;
}

export interface CheckScore {
  /** Null for customers of no territory, and records of no customer. */
  id: Id | null;
  name: string | null;
  records: number;
  passed: number;
  applicable: number;
  failed: number;
  last_day: Day;
}

export interface CheckFailure {
  record_id: Id;
  field: string;
  label: Text;
  remark: string | null;
  value: number | null;
  /** False: the record was corrected, and it does not fail any more. */
  stands: boolean;
  day: Day;
  employee: Ref;
  customer: Ref | null;
  form_id: Id;
  form: Text;
  follow_up: { kind: string; id: Id; status: TaskStatus | null; person: string | null; day: Day | null } | null;
}
