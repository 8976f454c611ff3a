import { describe, expect, it } from 'vitest';

import vectors from '../../../../crates/forms/vectors/formulas.json';
import { Fault } from './fault.ts';
import { compile, type Names } from './formula.ts';

const names = vectors.names as unknown as Names;
const fields = { form: new Set(Object.keys(vectors.names.form)), row: new Set(Object.keys(vectors.names.row)) };
fields.form.add('short');

type Case = { formula: string; value?: unknown; fault?: { at: number; code: string } };

describe('formulas mean the same as on the server', () => {
  it.each((vectors.cases as Case[]).map((c) => [c.formula, c] as const))('%s', (formula, wanted) => {
    let got: Omit<Case, 'formula'>;
    try {
      got = { value: compile(formula, fields).run(names) };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      got = { fault: { at: error.at, code: error.code } };
    }
    const { formula: _, ...expected } = wanted;
    expect(got).toEqual(expected);
  });
});

describe('formulas that mean harm', () => {
  const rows = Array.from({ length: 200 }, (_, qty) => ({ sku: 'a'.repeat(2000), qty }));
  const walk = 'form.items.map(i, i.sku + i.sku)';
  it.each([
    '('.repeat(100_000),
    `${'('.repeat(499)}1${')'.repeat(499)}`,
    `${'-'.repeat(900)}1`,
    Array(1000).fill('form.qty').join('+'),
    Array(150).fill('1').join('+'),
    `${Array(12).fill('form.ok?1').join(':')}:1`,
    Array(28).fill(walk).join('+'),
    `ff.join(${walk}, form.name)`,
    "form.name.matches('a+a+$b')",
    "form.short.matches('a+a+a?b$')",
    'form.items.map(i, form.items.map(i, form.items))',
    '1'.repeat(1000),
    '\u0000\u202e\ufeff',
  ])('case %#', (source) => {
    const taken = Array.from({ length: 5 }, () => {
      const begun = performance.now();
      try {
        compile(source, fields).run({ form: { items: rows, name: 'a'.repeat(2000), qty: 1, ok: true, short: 'a'.repeat(200) } });
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
      return performance.now() - begun;
    });
    // The quickest of five: what else the machine does is not the formula's.
    expect(Math.min(...taken)).toBeLessThan(50);
  });
});
