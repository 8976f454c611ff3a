/** From the address to the API's conditions on fields. Pure. */
import type { FieldCondition, Query } from '@tashi/shared/api';
import type { Field } from '@tashi/shared/forms/index.ts';
import type { RecordsSearch } from './search';

/** Most conditions at once, as the server takes them. */
export const MOST = 4;

export interface Condition {
  field: string;
  one_of?: string[];
  contains?: string;
  from?: number | string;
  to?: number | string;
}

/** How a field is filtered: by a range of numbers or of days, by words to choose from, or by a part of a text. */
export type Filtered = 'number' | 'day' | 'word' | 'text';

export function filtered(field: Field): Filtered | null {
  switch (field.type) {
    case 'number':
    case 'rating': return 'number';
    case 'date':
    case 'date_time': return 'day';
    case 'choice':
    case 'choices':
    case 'yes_no':
    case 'reference': return 'word';
    case 'text':
    case 'phone':
    case 'barcode': return 'text';
    default: return null;
  }
}

/** `10~20`, `10~`, `~20` as its two ends. */
export function ends(value: string | undefined): [string, string] {
  const [from = '', to = ''] = (value ?? '').split('~');
  return [from, to];
}

export const range = (from: string, to: string): string | undefined => (from || to ? `${from}~${to}` : undefined);

/** The condition a value of the address means; null for none, or for one that is no number. */
export function condition(field: Field, value: string | undefined): Condition | null {
  const how = filtered(field);
  if (!value || !how) return null;
  if (how === 'text') return { field: field.key, contains: value };
  if (how === 'word') return { field: field.key, one_of: value.split(',') };
  const [from, to] = ends(value);
  if (how === 'day') return from || to ? { field: field.key, ...(from ? { from } : {}), ...(to ? { to } : {}) } : null;
  const bound = (text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);
  const [low, high] = [bound(from), bound(to)];
  if (low === undefined && high === undefined) return null;
  return { field: field.key, ...(low === undefined ? {} : { from: low }), ...(high === undefined ? {} : { to: high }) };
}

/** A condition as the address would say it; undefined for none. */
export function saidOf(field: Field, one: FieldCondition | undefined): string | undefined {
  switch (one && filtered(field)) {
    case 'text': return one?.contains;
    case 'word': return one?.one_of?.join(',');
    case 'day':
    case 'number': return range(one?.from === undefined ? '' : String(one.from), one?.to === undefined ? '' : String(one.to));
    default: return undefined;
  }
}

/** Conditions with that on one field given anew, or taken out. */
export function withCondition(all: readonly FieldCondition[], field: Field, value: string | undefined): FieldCondition[] {
  const rest = all.filter((one) => one.field !== field.key);
  const next = condition(field, value);
  return next ? [...rest, next].slice(0, MOST) : rest;
}

/** What the address says of fields (`f.budget=10~20`) as the API's list of conditions; undefined for none. */
export function conditionsOf(search: { readonly [field: `f.${string}`]: string | undefined }, fields: readonly Field[]): string | undefined {
  const all = fields.map((field) => condition(field, search[`f.${field.key}`])).filter((one) => one !== null).slice(0, MOST);
  return all.length ? JSON.stringify(all) : undefined;
}

/** Does a condition hold for these answers? The same as the server finds (`Condition::holds` in `crates/domain/custom/src/filter.rs`). */
export function holds(one: Condition, answers: Readonly<Record<string, unknown>>): boolean {
  const given = answers[one.field];
  const values = (Array.isArray(given) ? given : [given]).filter((value) => value !== null && value !== undefined && value !== '');
  return values.some((value) => {
    const text = typeof value === 'boolean' || typeof value === 'string' ? String(value) : null;
    if (one.one_of?.length && (text === null || !one.one_of.includes(text))) return false;
    if (one.contains !== undefined && !text?.toLowerCase().includes(one.contains.toLowerCase())) return false;
    if (typeof one.from === 'number' && !(typeof value === 'number' && value >= one.from)) return false;
    if (typeof one.to === 'number' && !(typeof value === 'number' && value <= one.to)) return false;
    if (typeof one.from === 'string' && !(text !== null && text >= one.from)) return false;
    // A day as the upper end means all of it, and "~" comes after every hour.
    return !(typeof one.to === 'string' && !(text !== null && text <= `${one.to}~`));
  });
}

/** The filters of the address as the API wants them; what only opens drawers is left out. */
export function recordsQuery(search: RecordsSearch, fields: readonly Field[]): Query {
  return {
    q: search.q, employee_id: search.owner, department_id: search.department, day_from: search.from, day_to: search.to,
    filter: conditionsOf(search, fields),
  };
}

/** What a saved view remembers: filters and order, not the open drawer. */
export function viewOf(search: RecordsSearch): Record<string, string> {
  const { record: _record, edit: _edit, import: _import, report: _report, ...rest } = search;
  return rest as Record<string, string>;
}
