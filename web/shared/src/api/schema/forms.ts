/** Forms of the company and what is filled in with them. The words of a spec are those of `forms/spec.ts`. */
import type { FormSpec, Text } from '../../forms/spec.ts';
import type { ApprovalStatus } from './approvals';
import type { Day, Id, Instant, Ref } from './common';

export interface FormLine {
  id: Id;
  key: string;
  title: Text;
  fields: number;
  published: number | null;
  published_at: Instant | null;
  changed: boolean;
  retired: boolean;
  /** May be filled in outside visits with ODK Collect. */
  collect: boolean;
  records: number;
  last_record_at: Instant | null;
  changed_at: Instant;
  version: number;
}

export interface SpecFault {
  path: string;
  part: string;
  code: string;
  at: number;
  word: string;
}

export interface FormVersionLine {
  number: number;
  note: string | null;
  published_by: Ref;
  published_at: Instant;
}

export interface FormPage extends FormLine {
  draft: FormSpec;
  faults: SpecFault[];
  versions: FormVersionLine[];
}

export interface LibraryForm {
  key: string;
  spec: FormSpec;
}

/** Something of a form that an XLSForm, or the form read from one, cannot hold. */
export interface FormLoss {
  sheet: string;
  /** As the spreadsheet numbers it; 0 for the sheet as a whole. */
  row: number;
  column: string;
  code: string;
  name: string;
  /** Nothing can be made, because it would mean something else. */
  refused: boolean;
  message: string;
}

export interface XlsformReading {
  key: string;
  spec: FormSpec | null;
  losses: FormLoss[];
  faults: SpecFault[];
}

export interface XlsformLosses {
  losses: FormLoss[];
}

/** What is entered in ODK Collect. */
export interface CollectSetup {
  url: string;
  qr_svg: string;
}

export interface FormChange {
  path: string;
  change: 'added' | 'removed' | 'changed';
  label: Text;
  parts: string[];
}

/** A version of a form as a phone carries it along. */
export interface PinnedForm {
  id: Id;
  version: number;
  spec: FormSpec;
}

/** The records a filter finds, summed up question by question. */
export interface FormSummary {
  records: number;
  questions: QuestionSummary[];
}

export interface QuestionSummary {
  key: string;
  label: Text;
  type: string;
  answered: number;
  /** Of what is chosen: each answer in the order of its list. */
  given: GivenAnswer[];
  min: number | null;
  mean: number | null;
  max: number | null;
}

export interface GivenAnswer {
  value: string;
  /** Empty where the word itself says it. */
  label: Text;
  count: number;
}

export interface FormRecordRow {
  id: Id;
  form: { id: Id; key: string; title: Text; number: number };
  employee: Ref;
  /** Null, like the visit, for what was filled in outside visits. */
  customer: Ref | null;
  visit_id: Id | null;
  day: Day;
  filled_at: Instant;
  received_at: Instant;
  score: number | null;
  /** What its checked items bring; null without any. */
  checks: { passed: number; applicable: number; failed: number } | null;
  edits: number;
  approval: { id: Id; status: ApprovalStatus } | null;
  answers: Record<string, unknown>;
  version: number;
}

export interface FormEdit {
  by: Ref;
  at: Instant;
  reason: string;
  before: Record<string, unknown>;
}

/** A file an answer names, whose bytes have arrived. */
export interface FormFile {
  id: Id;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  width: number | null;
  height: number | null;
}

export interface FormRecord extends FormRecordRow {
  spec: FormSpec;
  names: Record<string, string>;
  files: FormFile[];
  history: FormEdit[];
}
