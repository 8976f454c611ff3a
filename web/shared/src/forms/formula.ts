/** One formula in the browser: checked, compiled, run. Port of `crates/forms/src/formula.rs`. */
import { Environment } from '@marcbachmann/cel-js';

import { Fault } from './fault.ts';
import { functions, type Value } from './functions.ts';
import { MAX_TEXT } from './pattern.ts';
import { check, type Fields, ROOTS } from './profile.ts';

/** Values under the names a formula may use; what is not given is null. */
export type Names = Partial<Record<(typeof ROOTS)[number], Value>>;

const dyn = (count: number) => Array.from({ length: count }, () => 'dyn').join(', ');

/** `ff` is a thing with methods, so that formulas read the same here and on the server. */
class House {}
const house = new House();

/** `x.matches('…')`; the pattern was checked before. */
function like(text: string, pattern: string): boolean {
  if ([...text].length > MAX_TEXT) throw new RangeError('a shorter text');
  return new RegExp(pattern, 'u').test(text);
}

const environment = (() => {
  const env = new Environment({ unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false });
  env.registerType('House', House);
  env.registerVariable('ff', 'House');
  for (const root of ROOTS) env.registerVariable(root, 'dyn');
  env.registerFunction('string.like(string): bool', like);
  env.registerFunction('ff_count(dyn): dyn', (v: unknown) => functions.count!.run([v]));
  for (const [name, { least, most, run }] of Object.entries(functions)) {
    for (let n = least; n <= most; n += 1) {
      env.registerFunction(`House.${name}(${dyn(n)}): dyn`, (_: House, ...args: unknown[]) => run(args));
    }
  }
  return env;
})();

export interface Formula {
  /** Fields of the form, and of the same table row, it reads. */
  reads: string[];
  readsRow: string[];
  /** Runs it. Null when a value it needs is empty or of another kind. */
  run: (names: Names) => Value;
  /** Runs a condition; what cannot be said counts as no. */
  holds: (names: Names) => boolean;
}

/** Compiles a formula. Throws the first {@link Fault}. */
export function compile(source: string, fields: Fields): Formula {
  const checked = check(source, fields);
  let program: ReturnType<Environment['parse']>;
  try {
    program = environment.parse(checked.cel);
  } catch (error) {
    const at = (error as { range?: { start?: number } }).range?.start ?? 0;
    const line = checked.cel.slice(0, at).split('\n').length;
    throw new Fault(checked.places[line - 1] ?? checked.places.at(-1) ?? 0, 'syntax', '');
  }
  const run = (names: Names): Value => {
    const given: Record<string, unknown> = { ff: house };
    for (const root of ROOTS) given[root] = names[root] ?? null;
    try {
      return plain(program(given));
    } catch {
      return null;
    }
  };
  return { reads: checked.reads, readsRow: checked.readsRow, run, holds: (names) => run(names) === true };
}

/** A value of the engine as JSON; throws for what JSON has no word for. */
function plain(value: unknown): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('no number');
    return value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  }
  throw new TypeError('no value of a form');
}
