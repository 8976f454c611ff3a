import { createContext, useContext } from 'react';
import type { Ref, Step } from '@tashi/shared/api';
import type { Filled, Form } from '@tashi/shared/forms/index.ts';
import type { CustomerRow } from '../../sync/store.ts';
import type { Chosen } from '../../work/record.ts';
import type { LocalFile, LocalVisit } from '../../work/visit.ts';

/** What every field of a form on the screen may need. */
export interface OpenForm {
  /** Null for what belongs to no visit: its pictures are files. */
  visit: LocalVisit | null;
  step: Step | null;
  form: Form;
  /** What the answers so far mean. */
  filled: Filled;
  customer: CustomerRow | null;
  colleagues: Ref[];
  /** The person has tried to finish: what is missing is said as well. */
  complained: boolean;
  /** Files chosen so far. */
  files: readonly LocalFile[];
  /** Keeps one on the phone. */
  keep(file: Chosen): Promise<LocalFile>;
}

export const FormContext = createContext<OpenForm | null>(null);

export function useOpenForm(): OpenForm {
  const open = useContext(FormContext);
  if (!open) throw new Error('A field outside a form');
  return open;
}
