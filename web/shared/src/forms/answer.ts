/** One answer against the kind of its field. Port of `crates/forms/src/answer.rs`. */
import { parseDay, roundTo, type Value } from './functions.ts';
import { type CheckItem, type FieldKind, type FormSpec, MAX_REMARK, MAX_TEXT, type Options } from './spec.ts';

/** Why an answer cannot be kept. */
export class Refused extends Error {
  readonly code: string;
  readonly limit: string;

  constructor(code: string, limit: string | number = '') {
    super(code);
    this.code = code;
    this.limit = String(limit);
  }
}

/** Nothing was answered. */
export const isNone = (given: Value | undefined): boolean =>
  given === null || given === undefined || given === '' || (Array.isArray(given) && given.length === 0);

export function choicesOf(spec: FormSpec, from: Options): NonNullable<Options['options']> {
  if (from.list !== undefined) return Object.hasOwn(spec.lists ?? {}, from.list) ? spec.lists![from.list]! : [];
  return from.options ?? [];
}

/** Choices offered when the parent field has the answer `parent`. */
export const offered = (spec: FormSpec, from: Options, parent: Value | undefined) =>
  choicesOf(spec, from).filter((c) => from.parent === undefined || c.under === undefined || c.under === parent);

/** The answer as it is kept. Throws {@link Refused}. `values` are the answers of the same level. */
export function accept(spec: FormSpec, kind: FieldKind, given: Value, values: Record<string, Value>): Value {
  switch (kind.type) {
    case 'text':
      return text(given, kind.max ?? MAX_TEXT);
    case 'number':
      return number(given, kind.places ?? 0, kind.min, kind.max);
    case 'yes_no':
      if (typeof given !== 'boolean') throw new Refused('type');
      return given;
    case 'rating':
      return number(given, 0, 1, kind.max);
    case 'choice':
      return choice(spec, kind, given, values);
    case 'choices': {
      const items = list(given, kind.max);
      items.forEach((item, i) => {
        choice(spec, kind, item, values);
        if (items.indexOf(item) < i) throw new Refused('choice', item as string);
      });
      return given;
    }
    case 'date':
      return shaped(given, (s) => s.length === 10 && parseDay(s) !== undefined);
    case 'time':
      return shaped(given, isTime);
    case 'date_time':
      return shaped(given, (s) => s.length === 16 && parseDay(s) !== undefined && isTime(s.slice(11)));
    case 'phone':
      return shaped(given, (s) => {
        const digits = s.replace(/[^0-9]/g, '').length;
        return digits >= 5 && digits <= 15 && /^[0-9+\-() ]{1,24}$/.test(s);
      });
    case 'barcode':
      return text(given, 200);
    case 'reference':
    case 'signature':
    case 'audio':
      return text(given, 100);
    case 'photo':
    case 'file':
      return media(given, kind.max ?? 9);
    case 'place':
      return place(given);
    case 'check':
      return checked(kind, given);
    case 'table':
    case 'note':
      throw new Refused('type');
  }
}

const PARTS = ['result', 'value', 'remark', 'photos', 'score'];

/** An item as it was checked: where a value was measured its limits decide, and the score follows from the result. */
function checked(item: CheckItem, given: Value): Value {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) throw new Refused('type');
  if (Object.keys(given).some((key) => !PARTS.includes(key))) throw new Refused('type');
  const part = (name: string): Value => (isNone(given[name]) ? null : given[name]!);
  const kept: Record<string, Value> = {};
  let result = part('result');
  if (result !== null && result !== 'pass' && result !== 'fail' && !(result === 'na' && !item.always)) throw new Refused('choice', typeof result === 'string' ? result : '');
  const value = part('value');
  if (value !== null) {
    if (!item.measure) throw new Refused('type');
    const { places, min, max } = item.measure;
    const n = number(value, places ?? 0) as number;
    if ((min !== undefined || max !== undefined) && result !== 'na') result = (min === undefined || n >= min) && (max === undefined || n <= max) ? 'pass' : 'fail';
    kept.value = n;
  }
  const remark = part('remark');
  if (remark !== null) kept.remark = text(remark, MAX_REMARK);
  const photos = part('photos');
  if (photos !== null) kept.photos = media(photos, 9);
  if (result !== null) {
    kept.result = result;
    if (result !== 'na') kept.score = result === 'pass' ? (item.weight ?? 1) : 0;
  }
  return Object.keys(kept).length > 0 ? kept : null;
}

function text(given: Value, max: number): Value {
  if (typeof given !== 'string') throw new Refused('type');
  if ([...given].length > max) throw new Refused('too_long', max);
  return given;
}

function number(given: Value, places: number, min?: number, max?: number): Value {
  if (typeof given !== 'number' || !(Math.abs(given) < 1e15)) throw new Refused('type');
  if (min !== undefined && given < min) throw new Refused('min', min);
  if (max !== undefined && given > max) throw new Refused('max', max);
  if (roundTo(given, places) !== given) throw new Refused('places', places);
  return given;
}

function choice(spec: FormSpec, from: Options, given: Value, values: Record<string, Value>): Value {
  if (typeof given !== 'string') throw new Refused('type');
  const parent = from.parent === undefined ? undefined : values[from.parent];
  if (!offered(spec, from, parent).some((c) => c.value === given)) throw new Refused('choice', given);
  return given;
}

function list(given: Value, max?: number): Value[] {
  if (!Array.isArray(given)) throw new Refused('type');
  if (max !== undefined && given.length > max) throw new Refused('count', max);
  return given;
}

function media(given: Value, max: number): Value {
  const good = list(given, max).every((i) => typeof i === 'string' && i !== '' && i.length <= 100);
  if (!good) throw new Refused('type');
  return given;
}

function shaped(given: Value, good: (s: string) => boolean): Value {
  if (typeof given !== 'string' || !good(given)) throw new Refused('type');
  return given;
}

const isTime = (s: string): boolean => /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(s);

function place(given: Value): Value {
  const { lng, lat } = (given !== null && typeof given === 'object' ? given : {}) as Record<string, Value>;
  if (typeof lng !== 'number' || typeof lat !== 'number' || Math.abs(lng) > 180 || Math.abs(lat) > 90) {
    throw new Refused('type');
  }
  return given;
}
