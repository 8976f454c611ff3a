/** Editing a form, step by step. Pure: each function answers a new spec. */
import type { Field, FormSpec, Section, Text } from '@tashi/shared/forms/index.ts';

/** Kinds of the palette, in groups; what no phone answers yet is not offered. */
export const PALETTE = {
  basic: ['text', 'number', 'yes_no', 'choice', 'choices', 'rating', 'date', 'time', 'date_time', 'phone'],
  site: ['check', 'photo', 'file', 'signature', 'audio', 'place', 'barcode'],
  business: ['customer', 'contact', 'employee', 'equipment', 'product', 'computed', 'table'],
  layout: ['section', 'note'],
} as const;
export type PaletteKind = (typeof PALETTE)[keyof typeof PALETTE][number];
/** A field of its own kind; sections are no fields. */
export type NewKind = Exclude<PaletteKind, 'section'>;

/** Every place a formula may stand. */
export const FORMULAS = ['visible', 'required', 'default', 'calc', 'score'] as const;

const both = (zh: string, en: string): Text => ({ 'zh-CN': zh, en });

/** A key that no field of the level has: `photo`, `photo_2`, … */
export function freeKey(word: string, taken: ReadonlySet<string>): string {
  if (!taken.has(word)) return word;
  let n = 2;
  while (taken.has(`${word}_${n}`)) n += 1;
  return `${word}_${n}`;
}

/** A field as the palette makes it, named in both languages. */
export function newField(kind: NewKind, names: Text, taken: ReadonlySet<string>): Field {
  const base = { key: freeKey(kind === 'computed' ? 'value' : kind, taken), label: { ...names } };
  const options = [{ value: 'a', label: both('选项一', 'Option 1') }, { value: 'b', label: both('选项二', 'Option 2') }];
  switch (kind) {
    case 'choice':
    case 'choices': return { ...base, type: kind, options };
    case 'rating': return { ...base, type: 'rating', max: 5 };
    case 'number': return { ...base, type: 'number', places: 0 };
    case 'photo': return { ...base, type: 'photo', max: 3 };
    case 'file': return { ...base, type: 'file', max: 3 };
    case 'check': return { ...base, type: 'check', required: 'true' };
    case 'customer':
    case 'contact':
    case 'employee':
    case 'equipment':
    case 'product': return { ...base, type: 'reference', to: kind };
    case 'computed': return { ...base, type: 'number', places: 2, calc: '0' };
    case 'table': return { ...base, type: 'table', fields: [{ key: 'item', type: 'text', label: both('名称', 'Name') }, { key: 'count', type: 'number', places: 0, label: both('数量', 'Number') }] };
    default: return { ...base, type: kind };
  }
}

/** Groups as they are drawn; a form without sections is one group without a heading. */
export function groupsOf(spec: FormSpec): Section[] {
  return spec.sections?.length ? spec.sections : [{ title: {}, fields: spec.fields.map((f) => f.key) }];
}

/** Fields follow their groups, so that faults, exports and the phone have one order. */
function withGroups(spec: FormSpec, groups: Section[]): FormSpec {
  const order = groups.flatMap((group) => group.fields);
  const fields = [...spec.fields].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  const plain = groups.length === 1 && Object.values(groups[0]!.title).every((one) => !one.trim());
  const { sections: _, ...rest } = spec;
  return plain ? { ...rest, fields } : { ...rest, fields, sections: groups };
}

/** The field at `key`, or at `table.key`. */
export function fieldAt(spec: FormSpec, path: string): Field | undefined {
  const [key, inner] = path.split('.');
  const field = spec.fields.find((one) => one.key === key);
  if (inner === undefined) return field;
  return field?.type === 'table' ? field.fields.find((one) => one.key === inner) : undefined;
}

/** Puts a field behind the one at `after`; at the end of the last group when there is none. */
export function insertField(spec: FormSpec, field: Field, after: string | null): FormSpec {
  const groups = groupsOf(spec).map((group) => ({ ...group, fields: [...group.fields] }));
  const at = groups.find((group) => after !== null && group.fields.includes(after)) ?? groups.at(-1)!;
  const place = after === null ? -1 : at.fields.indexOf(after);
  at.fields.splice(place === -1 ? at.fields.length : place + 1, 0, field.key);
  return withGroups({ ...spec, fields: [...spec.fields, field] }, groups);
}

/** A new group begins behind the field at `after` and takes what follows in its group. */
export function insertSection(spec: FormSpec, title: Text, after: string | null): FormSpec {
  const groups = groupsOf(spec);
  const k = Math.max(0, after === null ? groups.length - 1 : groups.findIndex((group) => group.fields.includes(after)));
  const group = groups[k]!;
  const cut = after === null ? group.fields.length : group.fields.indexOf(after) + 1;
  const begun = Object.values(group.title).some((one) => one.trim()) || groups.length > 1 ? group.title : both('基本信息', 'General');
  const parts = [{ title: begun, fields: group.fields.slice(0, cut) }, { title, fields: group.fields.slice(cut) }];
  return withGroups(spec, [...groups.slice(0, k), ...parts, ...groups.slice(k + 1)]);
}

/** Removes a heading; its fields join the group before. */
export function removeSection(spec: FormSpec, k: number): FormSpec {
  const groups = groupsOf(spec).map((group) => ({ ...group, fields: [...group.fields] }));
  const [gone] = groups.splice(k, 1);
  if (!gone || groups.length === 0) return withGroups(spec, [{ title: {}, fields: gone?.fields ?? [] }]);
  const heir = groups[Math.max(0, k - 1)]!;
  if (k === 0) heir.fields.unshift(...gone.fields);
  else heir.fields.push(...gone.fields);
  return withGroups(spec, groups);
}

export function titleSection(spec: FormSpec, k: number, title: Text): FormSpec {
  return withGroups(spec, groupsOf(spec).map((group, i) => (i === k ? { ...group, title } : group)));
}

/** Moves a field to where another one stands. */
export function moveTo(spec: FormSpec, key: string, over: string): FormSpec {
  if (key === over) return spec;
  const flat = groupsOf(spec).flatMap((group) => group.fields);
  const down = flat.indexOf(key) < flat.indexOf(over);
  const groups = groupsOf(spec).map((group) => ({ ...group, fields: group.fields.filter((one) => one !== key) }));
  const at = groups.find((group) => group.fields.includes(over));
  if (!at) return spec;
  at.fields.splice(at.fields.indexOf(over) + (down ? 1 : 0), 0, key);
  return withGroups(spec, groups);
}

/** One place up (-1) or down (1), over the edges of groups and inside a table. */
export function nudge(spec: FormSpec, path: string, by: -1 | 1): FormSpec {
  const [key = '', inner] = path.split('.');
  if (inner !== undefined) {
    return changeField(spec, key, (table) => {
      if (table.type !== 'table') return table;
      const [from, fields] = [table.fields.findIndex((one) => one.key === inner), [...table.fields]];
      const to = from + by;
      if (from === -1 || to < 0 || to >= fields.length) return table;
      [fields[from], fields[to]] = [fields[to]!, fields[from]!];
      return { ...table, fields };
    });
  }
  const groups = groupsOf(spec).map((group) => ({ ...group, fields: [...group.fields] }));
  const k = groups.findIndex((group) => group.fields.includes(key));
  const group = groups[k];
  if (!group) return spec;
  const at = group.fields.indexOf(key);
  const next = groups[k + by];
  if (at + by >= 0 && at + by < group.fields.length) {
    group.fields.splice(at, 1);
    group.fields.splice(at + by, 0, key);
  } else if (next) {
    group.fields.splice(at, 1);
    if (by === 1) next.fields.unshift(key);
    else next.fields.push(key);
  }
  return withGroups(spec, groups);
}

export function removeField(spec: FormSpec, path: string): FormSpec {
  const [key = '', inner] = path.split('.');
  if (inner !== undefined) {
    return changeField(spec, key, (table) => (table.type === 'table' ? { ...table, fields: table.fields.filter((one) => one.key !== inner) } : table));
  }
  const groups = groupsOf(spec).map((group) => ({ ...group, fields: group.fields.filter((one) => one !== key) }));
  return withGroups({ ...spec, fields: spec.fields.filter((one) => one.key !== key) }, groups);
}

export function changeField(spec: FormSpec, path: string, change: (field: Field) => Field): FormSpec {
  const [key, inner] = path.split('.');
  const own = (field: Field): Field => {
    if (inner === undefined) return change(field);
    return field.type === 'table' ? { ...field, fields: field.fields.map((one) => (one.key === inner ? change(one) : one)) } : field;
  };
  return { ...spec, fields: spec.fields.map((one) => (one.key === key ? own(one) : one)) };
}

/** Gives a field another key; formulas, groups and dependent choices follow. */
export function renameKey(spec: FormSpec, path: string, to: string): FormSpec {
  const [key = '', inner] = path.split('.');
  const old = inner ?? key;
  const word = new RegExp(`\\b${inner === undefined ? 'form' : 'row'}\\.${old}\\b`, 'g');
  const written = (text: string) => text.replace(word, `${inner === undefined ? 'form' : 'row'}.${to}`);
  const follow = (field: Field): Field => {
    const next = { ...field };
    for (const part of FORMULAS) if (next[part] !== undefined) next[part] = written(next[part]);
    if (next.constraint) next.constraint = { ...next.constraint, formula: written(next.constraint.formula) };
    return next;
  };
  const sibling = (field: Field): Field => ('parent' in field && field.parent === old ? { ...field, parent: to } : field);
  const fields = spec.fields.map((field): Field => {
    if (inner !== undefined) {
      if (field.key !== key || field.type !== 'table') return field;
      return { ...field, fields: field.fields.map((one) => sibling(follow(one.key === inner ? { ...one, key: to } : one))) };
    }
    const own = sibling(follow(field.key === key ? { ...field, key: to } : field));
    return own.type === 'table' ? { ...own, fields: own.fields.map(follow) } : own;
  });
  const sections = spec.sections?.map((group) => ({ ...group, fields: group.fields.map((one) => (inner === undefined && one === key ? to : one)) }));
  return { ...spec, fields, ...(sections ? { sections } : {}) };
}

/** Sets or takes away one property; an absent one is not written at all. */
export function withPart<K extends string>(field: Field, part: K, value: unknown): Field {
  const { [part]: _, ...rest } = field as Field & Record<K, unknown>;
  const empty = value === undefined || value === '' || (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => one === ''));
  return (empty ? rest : { ...rest, [part]: value }) as Field;
}

/** What was done and can be undone. Keys typed one after another into the same place are one step. */
export interface History<T = FormSpec> {
  past: T[];
  now: T;
  future: T[];
  /** Where the last step was made. */
  tag: string | null;
}

const DEEP = 100;

export const begun = <T = FormSpec>(now: T): History<T> => ({ past: [], now, future: [], tag: null });

export function stepped<T = FormSpec>(history: History<T>, now: T, tag: string | null): History<T> {
  if (now === history.now) return history;
  const same = tag !== null && tag === history.tag;
  return { past: same ? history.past : [...history.past, history.now].slice(-DEEP), now, future: [], tag };
}

export function undone<T = FormSpec>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  return before ? { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], tag: null } : history;
}

export function redone<T = FormSpec>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  return next ? { past: [...history.past, history.now], now: next, future, tag: null } : history;
}
