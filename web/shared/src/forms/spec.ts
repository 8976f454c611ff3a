/** What a form asks. The types of `crates/forms/src/spec.rs`, which says what each word means. */

export type Text = Record<string, string>;

export interface Choice {
  value: string;
  label: Text;
  under?: string;
}

export interface Options {
  options?: Choice[];
  list?: string;
  parent?: string;
}

export type Target = 'customer' | 'contact' | 'employee' | 'product' | 'equipment';

/** An item that is checked; see `Item` in `crates/forms/src/spec.rs`. */
export interface CheckItem {
  measure?: { places?: number; min?: number; max?: number; unit?: Text };
  photos?: number;
  /** A failed item needs a remark; true when absent. */
  remark?: boolean;
  /** 1 when absent. */
  weight?: number;
  /** "Does not apply" is no answer. */
  always?: boolean;
  follow?: Follow;
}

/** What a failed item opens, once for each record. */
export interface Follow {
  open?: 'task' | 'work_order';
  title?: Text;
  who: 'owner' | 'author' | 'head' | 'named';
  person?: string;
  days?: number;
  /** Of a work order: its type; the first in use without one. */
  kind?: string;
}

/** The answer to an item. */
export interface Checked {
  result?: 'pass' | 'fail' | 'na';
  value?: number;
  remark?: string;
  photos?: string[];
  score?: number;
}

export type FieldKind =
  | { type: 'text'; max?: number; lines?: boolean }
  | { type: 'number'; places?: number; min?: number; max?: number; unit?: Text }
  | ({ type: 'choice' } & Options)
  | ({ type: 'choices'; min?: number; max?: number } & Options)
  | { type: 'rating'; max: number }
  | { type: 'yes_no' | 'date' | 'time' | 'date_time' | 'phone' | 'barcode' | 'place' | 'audio' | 'signature' | 'note' }
  | { type: 'reference'; to: Target }
  | { type: 'photo'; min?: number; max?: number; gallery?: boolean }
  | { type: 'file'; max?: number }
  | ({ type: 'check' } & CheckItem)
  | { type: 'table'; min?: number; max?: number; fields: Field[] };

export type Field = FieldKind & {
  key: string;
  label: Text;
  hint?: Text;
  visible?: string;
  required?: string;
  constraint?: { formula: string; message: Text };
  default?: string;
  calc?: string;
  score?: string;
};

export interface Section {
  title: Text;
  fields: string[];
}

export interface FormSpec {
  title: Text;
  fields: Field[];
  sections?: Section[];
  lists?: Record<string, Choice[]>;
}

/** Most rows of a table when it names no limit. */
export const MAX_ROWS = 200;
/** Longest text when a field names no limit, in characters. */
export const MAX_TEXT = 2000;
/** Longest remark on an item that is checked. */
export const MAX_REMARK = 500;
