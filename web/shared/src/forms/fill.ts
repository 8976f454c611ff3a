/** What a set of answers means. Port of `crates/forms/src/publish.rs` and `fill.rs`; see `crates/forms/vectors/fills.json`. */
import { accept, isNone, Refused } from './answer.ts';
import { compile, type Formula, type Names } from './formula.ts';
import { roundTo, type Value } from './functions.ts';
import { type CheckItem, type Checked, type Field, type FieldKind, type FormSpec, MAX_ROWS, type Text } from './spec.ts';

export type Answers = Record<string, Value>;

/** Something wrong with one answer; `path` is `phone` or `items[2].qty` (rows from 0). */
export interface Problem {
  path: string;
  code: string;
  limit?: string;
  message?: Text;
}

export interface Filled {
  answers: Answers;
  shown: string[];
  problems: Problem[];
  score: number | null;
  /** What the checked items bring, when there are any that show. */
  checks: Checks | null;
}

/** Weights of the items that passed, and of those that passed or failed. */
export interface Checks {
  passed: number;
  applicable: number;
  failed: number;
}

interface Rules {
  visible?: Formula;
  required?: Formula;
  constraint?: Formula;
  default?: Formula;
  calc?: Formula;
  score?: Formula;
  row: Rules[];
  rowOrder: number[];
}

/** A form ready to be filled in. */
export interface Form {
  spec: FormSpec;
  rules: Rules[];
  order: number[];
}

/** What formulas may look at beside the form. `today` is the person's local day, `2027-11-19`. */
export interface Surroundings {
  customer?: Value;
  user?: Value;
  task?: Value;
  today: string;
}

/** Makes a published form ready. Throws a `Fault` for a form the server would not have published. */
export function prepare(spec: FormSpec): Form {
  const form = new Set(spec.fields.map((f) => f.key));
  const rules = spec.fields.map((f) => rulesOf(f, form, new Set()));
  return { spec, rules, order: ordered(spec.fields, rules, false) };
}

function rulesOf(field: Field, form: ReadonlySet<string>, row: ReadonlySet<string>): Rules {
  const rules: Rules = { row: [], rowOrder: [] };
  for (const part of ['visible', 'required', 'default', 'calc', 'score'] as const) {
    const source = field[part];
    if (source !== undefined) rules[part] = compile(source, { form, row });
  }
  if (field.constraint) rules.constraint = compile(field.constraint.formula, { form, row });
  if (field.type === 'table') {
    const inner = new Set(field.fields.map((f) => f.key));
    rules.row = field.fields.map((f) => rulesOf(f, form, inner));
    rules.rowOrder = ordered(field.fields, rules.row, true);
  }
  return rules;
}

/** Fields in an order in which each comes after those it reads. */
function ordered(fields: Field[], rules: Rules[], row: boolean): number[] {
  const index = new Map(fields.map((f, i) => [f.key, i]));
  const needs = fields.map((field, i) => {
    const own = [rules[i]!.visible, rules[i]!.calc].flatMap((f) => (row ? f?.readsRow : f?.reads) ?? []);
    const inner = rules[i]!.row.flatMap((r) => [...(r.visible?.reads ?? []), ...(r.calc?.reads ?? [])]);
    const parent = 'parent' in field && field.parent !== undefined ? [field.parent] : [];
    return [...own, ...inner, ...parent].map((key) => index.get(key)).filter((n) => n !== undefined);
  });
  const order: number[] = [];
  const placed = new Set<number>();
  for (;;) {
    const ready = fields.map((_, i) => i).filter((i) => !placed.has(i) && needs[i]!.every((n) => placed.has(n)));
    if (ready.length === 0) return order;
    for (const i of ready) placed.add(i);
    order.push(...ready);
  }
}

/** Answers a new form starts with. */
export function defaults(form: Form, around: Surroundings): Answers {
  const answers: Answers = {};
  const names: Names = { ...around, form: Object.fromEntries(form.spec.fields.map((f) => [f.key, nothing(f)])) };
  form.spec.fields.forEach((field, i) => {
    const value = form.rules[i]!.default?.run(names) ?? null;
    if (value !== null) answers[field.key] = value;
  });
  return answers;
}

/** Judges `given` answers against a form. */
export function fill(form: Form, given: Answers, around: Surroundings): Filled {
  const sheet = new Sheet(form.spec, { ...around, form: null, row: null });
  const values = sheet.level('', 'form', form.spec.fields, form.rules, form.order, given);
  const { shown, problems, score, checks } = sheet;
  const place = (p: Problem) => {
    const at = form.spec.fields.findIndex((f) => f.key === p.path.split(/[[.]/)[0]);
    return at === -1 ? Number.MAX_SAFE_INTEGER : at;
  };
  problems.sort((a, b) => place(a) - place(b));
  return { answers: answered(values), shown, problems, score, checks };
}

/** Kinds whose answer is a list; unanswered it is an empty one, so that formulas can count and walk it. */
const LISTS = ['table', 'choices', 'photo', 'file'];
const nothing = (field: Field): Value => (LISTS.includes(field.type) ? [] : null);
const answered = (values: Answers): Answers => Object.fromEntries(Object.entries(values).filter(([, v]) => !isNone(v)));
const pathOf = (parent: string, key: string) => (parent === '' ? key : `${parent}.${key}`);

class Sheet {
  readonly shown: string[] = [];
  readonly problems: Problem[] = [];
  score: number | null = null;
  checks: Checks | null = null;
  private readonly spec: FormSpec;
  private readonly names: Names;

  constructor(spec: FormSpec, names: Names) {
    this.spec = spec;
    this.names = names;
  }

  /** One level: the form itself or a row of a table. */
  level(parent: string, root: 'form' | 'row', fields: Field[], rules: Rules[], order: number[], given: Answers): Answers {
    const values: Answers = Object.fromEntries(fields.map((f) => [f.key, nothing(f)]));
    const shows = new Set<number>();
    this.names[root] = values;
    for (const i of order) {
      const [field, rule] = [fields[i]!, rules[i]!];
      this.names[root] = values;
      if (rule.visible && !rule.visible.holds(this.names)) continue;
      shows.add(i);
      const path = pathOf(parent, field.key);
      const answer = Object.hasOwn(given, field.key) ? given[field.key] : null;
      values[field.key] = rule.calc ? computed(field, rule.calc, this.names) : this.answer(path, field, rule, answer, values);
    }
    this.names[root] = values;
    fields.forEach((field, i) => {
      if (shows.has(i)) this.judge(pathOf(parent, field.key), field, rules[i]!, values[field.key] ?? null);
    });
    for (const key of Object.keys(given)) {
      if (fields.every((f) => f.key !== key)) this.problems.push({ path: pathOf(parent, key), code: 'unknown_field' });
    }
    return values;
  }

  private answer(path: string, field: Field, rules: Rules, given: Value | undefined, values: Answers): Value {
    if (isNone(given)) return nothing(field);
    try {
      if (field.type === 'table') return this.rows(path, field, rules, given!);
      return accept(this.spec, field, given!, values);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(path, error.code, error.limit);
      return nothing(field);
    }
  }

  private rows(path: string, table: Extract<Field, { type: 'table' }>, rules: Rules, given: Value): Value {
    const max = table.max ?? MAX_ROWS;
    if (!Array.isArray(given)) throw new Refused('type');
    if (given.length > max) throw new Refused('rows', max);
    const kept: Value[] = [];
    given.forEach((row, n) => {
      const place = `${path}[${n}]`;
      if (row === null || typeof row !== 'object' || Array.isArray(row)) this.say(place, 'type');
      else kept.push(this.level(place, 'row', table.fields, rules.row, rules.rowOrder, row));
    });
    this.names.row = null;
    return kept;
  }

  private judge(path: string, field: Field, rules: Rules, value: Value): void {
    this.shown.push(path);
    if (field.type === 'note') return;
    if (field.type === 'check') this.check(path, field, value);
    const wrong = this.problems.some((p) => p.path === path);
    const min = 'min' in field && typeof field.min === 'number' ? field.min : undefined;
    const fewest = field.type === 'table' ? 'rows' : field.type === 'photo' || field.type === 'choices' ? 'count' : undefined;
    if (isNone(value) && !wrong) {
      if (rules.required?.holds(this.names)) this.say(path, 'required');
    } else if (!wrong && fewest && min !== undefined && (Array.isArray(value) ? value.length : 0) < min) {
      this.say(path, fewest, String(min));
    }
    if (rules.constraint && !isNone(value) && !rules.constraint.holds(this.names)) {
      const message = field.constraint?.message ?? {};
      this.problems.push({ path, code: 'constraint', ...(Object.keys(message).length > 0 ? { message } : {}) });
    }
    if (rules.score) {
      const points = rules.score.run(this.names);
      this.score = roundTo((this.score ?? 0) + (typeof points === 'number' ? points : 0), 6);
    }
  }

  /** What an item lacks, and what it brings. */
  private check(path: string, item: CheckItem, value: Value): void {
    const given = (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Checked;
    const weight = item.weight ?? 1;
    const { passed, applicable, failed } = this.checks ?? { passed: 0, applicable: 0, failed: 0 };
    const counts = given.result === 'pass' || given.result === 'fail';
    this.checks = {
      passed: given.result === 'pass' ? roundTo(passed + weight, 6) : passed,
      applicable: counts ? roundTo(applicable + weight, 6) : applicable,
      failed: failed + (given.result === 'fail' ? 1 : 0),
    };
    if (value !== null && given.result === undefined) this.say(path, 'required');
    if (item.measure && counts && given.value === undefined) this.say(`${path}.value`, 'required');
    if (given.result !== 'fail') return;
    if (item.remark !== false && !given.remark?.trim()) this.say(`${path}.remark`, 'required');
    if ((given.photos?.length ?? 0) < (item.photos ?? 0)) this.say(`${path}.photos`, 'count', String(item.photos));
  }

  private say(path: string, code: string, limit = ''): void {
    this.problems.push({ path, code, ...(limit === '' ? {} : { limit }) });
  }
}

function computed(kind: FieldKind, calc: Formula, names: Names): Value {
  const value = calc.run(names);
  if (kind.type === 'number') return typeof value === 'number' ? roundTo(value, kind.places ?? 0) : null;
  if (kind.type === 'text' || kind.type === 'date') return typeof value === 'string' ? value : null;
  return kind.type === 'yes_no' && typeof value === 'boolean' ? value : null;
}
