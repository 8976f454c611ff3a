/** Objects a company defines by itself, and their records. */
import type { FormSpec, Text } from '../../forms/spec.ts';
import type { ApprovalStatus } from './approvals';
import type { Id, Instant, Ref } from './common';
import type { FormFile, FormPage } from './forms';

export type Sight = 'none' | 'own' | 'departments' | 'company';
export type Extent = 'none' | 'own' | 'seen';

/** What a role may do with an object. */
export interface ObjectGrant {
  create: boolean;
  read: Sight;
  change: Extent;
  delete: Extent;
}

export interface ObjectLine {
  id: Id;
  key: string;
  name: Text;
  icon: string;
  published: number | null;
  retired: boolean;
  records: number;
  changed_at: Instant;
  version: number;
}

/** An object as it is designed. */
export interface ObjectDefinition extends ObjectLine {
  title_field: string | null;
  columns: string[];
  numbering: string;
  next_code: string;
  grants: Record<string, ObjectGrant>;
  form: FormPage;
}

/** An object the signed-in person may use. */
export interface MyObject {
  id: Id;
  key: string;
  name: Text;
  icon: string;
  number: number;
  retired: boolean;
  may: ObjectGrant;
}

export interface ObjectFace extends MyObject {
  title_field: string | null;
  columns: string[];
  spec: FormSpec;
}

export interface ObjectRecordRow {
  id: Id;
  code: string;
  title: string;
  owner: Ref;
  department: Ref;
  number: number;
  created_at: Instant;
  changed_at: Instant;
  score: number | null;
  edits: number;
  answers: Record<string, unknown>;
  names: Record<string, string>;
  approval: { id: Id; status: ApprovalStatus } | null;
  version: number;
}

export interface ObjectEdit {
  kind: 'change' | 'owner' | 'delete';
  by: Ref;
  at: Instant;
  reason: string;
  owner: Ref;
  number: number;
  before: Record<string, unknown>;
}

export interface ObjectRecord extends ObjectRecordRow {
  object: MyObject;
  spec: FormSpec;
  created_by: Ref;
  may_change: boolean;
  may_delete: boolean;
  files: FormFile[];
  history: ObjectEdit[];
}

/** A record that refers to something. */
export interface ObjectLink {
  object_key: string;
  object_name: Text;
  icon: string;
  id: Id;
  code: string;
  title: string;
  owner: Ref;
  created_at: Instant;
}

/** Records of an object summed up by group. */
export interface ObjectReport {
  groups: { key: string; label: string; count: number; sum: number | null; answered: number }[];
  truncated: boolean;
  records: number;
}
