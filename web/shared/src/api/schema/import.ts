/** Taking over a sheet. */
import type { Datum, Id, Ref } from './common';

export type ImportKind = 'employees' | 'customers' | 'equipment' | 'meter-readings' | `object:${string}`;

export interface ImportPreview {
  id: Id;
  /** `object:` with the key of an object, or one of ours. */
  kind: ImportKind;
  filename: string;
  columns: string[];
  mapping: Record<string, string | null>;
  fields: { key: string; label: string; required: boolean }[];
  datum: Datum;
  total: number;
  ready: number;
  /** Rows with at least one error; `errors` holds only the first of them when there are many. */
  error_rows: number;
  errors: { row: number; column: string | null; value: string | null; code: string; message: string }[];
  /** Of the rows without error; only the first of them when there are many. */
  duplicates: { row: number; matches: Ref }[];
  duplicate_rows: number;
  sample: Record<string, string>[];
  status: 'preview' | 'committed';
}

export interface ImportResult {
  created: number;
  updated: number;
  skipped: number;
}
