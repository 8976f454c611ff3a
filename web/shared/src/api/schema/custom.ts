import type { FormSpec } from '../../forms/spec.ts';
import type { Id } from './common.ts';

/** Nouns of ours that a company may add fields to. */
export type CustomNoun = 'customer' | 'employee' | 'task' | 'equipment';

/** Fields a company added to a noun of ours, as they are in force. */
export interface CustomFields {
  noun: CustomNoun;
  /** The form that holds them. */
  form_id: Id;
  number: number;
  spec: FormSpec;
}

/** A condition on one field. */
export interface FieldCondition {
  field: string;
  one_of?: string[];
  contains?: string;
  from?: number | string;
  to?: number | string;
  empty?: boolean;
}
