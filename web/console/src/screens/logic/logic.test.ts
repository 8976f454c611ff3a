import { compile, type FormSpec } from '@tashi/shared/forms/index.ts';
import { describe, expect, it } from 'vitest';
import { parsed, written, type Logic, type Term } from './logic';
import { begin, goneOption, OPERATORS, readable, subjectsOf, type Subject } from './subjects';

const libraries = import.meta.glob('../../../../../crates/domain/formbook/src/library/*.json', { eager: true, import: 'default' }) as Record<string, FormSpec>;

const text = (en: string) => ({ en });
const SPEC: FormSpec = {
  title: text('T'),
  lists: { town: [{ value: 'n', label: text('Nanjing') }] },
  fields: [
    { key: 'ok', type: 'yes_no', label: text('Fine') },
    { key: 'kind', type: 'choice', label: text('Kind'), options: [{ value: 'a', label: text('Alpha') }, { value: "b'c", label: text('Other') }] },
    { key: 'town', type: 'choices', label: text('Town'), list: 'town' },
    { key: 'n', type: 'number', label: text('N'), places: 2 },
    { key: 'm', type: 'number', label: text('M') },
    { key: 'day', type: 'date', label: text('Day') },
    { key: 'name', type: 'text', label: text('Name') },
    { key: 'photos', type: 'photo', label: text('Photos') },
    { key: 'hint', type: 'note', label: text('Read this') },
    { key: 'fridge', type: 'check', label: text('Fridge'), measure: { min: 2, max: 8 }, always: true },
  ],
};
const WORDS = { check: { pass: 'Pass', fail: 'Fail', na: 'N/A', value: 'value', score: 'score' } };
const SUBJECTS = subjectsOf(SPEC, SPEC.fields, 'form', 'en', WORDS);
const fields = { form: new Set(SPEC.fields.map((one) => one.key)), row: new Set<string>() };

describe('what a condition can be about', () => {
  it('is every answer, with the options it can be; a note has none', () => {
    expect(SUBJECTS.map((one) => [one.path, one.kind])).toEqual([
      ['form.ok', 'yes_no'], ['form.kind', 'choice'], ['form.town', 'choices'], ['form.n', 'number'], ['form.m', 'number'], ['form.day', 'day'], ['form.name', 'text'],
      ['form.photos', 'thing'], ['form.fridge.result', 'choice'], ['form.fridge.value', 'number'], ['form.fridge.score', 'number'],
    ]);
    expect(SUBJECTS.find((one) => one.path === 'form.fridge.result')!.options!.map((one) => one.value)).toEqual(['pass', 'fail']);
    expect(SUBJECTS.find((one) => one.path === 'form.town')!.options).toEqual([{ value: 'n', name: 'Nanjing' }]);
  });
});

/** Every condition that can be chosen. */
function* terms(): Generator<Term> {
  for (const subject of SUBJECTS) {
    yield begin(subject);
    for (const op of OPERATORS[subject.kind]) {
      const operands = op === 'answered' || op === 'empty' ? [undefined] : ({
        yes_no: [true, false], choice: subject.options?.map((one) => one.value) ?? [], choices: ['n', '\\ and \n'], number: [0, -3, 2.5, { of: 'form.m' }],
        day: ['2027-11-19', { of: 'today' }], text: ['', "it's", '中文 && (x)'], thing: [],
      } as const)[subject.kind];
      for (const operand of operands) if (typeof operand !== 'object' || operand.of !== subject.path) yield { subject: subject.path, op, operand };
    }
  }
}

describe('conditions and formulas', () => {
  it('come back from the formula they stand for, alone and joined, and every one compiles', () => {
    const all = [...terms()];
    expect(all.length).toBeGreaterThan(60);
    for (const [k, one] of all.entries()) {
      for (const logic of [{ all: true, terms: [one] }, { all: true, terms: [one, all[(k + 7) % all.length]!] }, { all: false, terms: [all[(k + 3) % all.length]!, one, one] }] satisfies Logic[]) {
        const source = written(logic);
        expect(parsed(source), source).toEqual(logic.terms.length === 1 ? { ...logic, all: true } : logic);
        expect(readable(parsed(source), SUBJECTS), source).not.toBeNull();
        expect(() => compile(source, fields), source).not.toThrow();
      }
    }
  });

  it('mean the same as they say', () => {
    const names = { form: { ok: true, kind: 'a', town: ['n'], n: 2.5, m: 3, day: '2027-11-18', name: '苏福便利', photos: null, fridge: { result: 'fail', value: 9, score: 0 } }, today: '2027-11-19' };
    const holds = (...all: Term[]) => compile(written({ all: true, terms: all }), fields).run(names);
    for (const [op, operand, wanted] of [['less', { of: 'form.m' }, true], ['at_least', 2.5, true], ['more', 2.5, false], ['is', 2.5, true]] as const) expect(holds({ subject: 'form.n', op, operand }), op).toBe(wanted);
    for (const [op, wanted] of [['less', true], ['at_most', true], ['more', false], ['is', false]] as const) expect(holds({ subject: 'form.day', op, operand: { of: 'today' } }), op).toBe(wanted);
    expect(holds({ subject: 'form.name', op: 'contains', operand: '便利' })).toBe(true);
    expect(holds({ subject: 'form.town', op: 'lacks', operand: 'n' })).toBe(false);
    expect(holds({ subject: 'form.photos', op: 'empty' }, { subject: 'form.fridge.result', op: 'is', operand: 'fail' })).toBe(true);
  });

  it('are not made up for what says more', () => {
    for (const source of ['form.n + 1 > 2', 'form.ok && form.n > 1 || form.m > 2', 'ff.count(form.town) > 0', 'form.kind == null', '!(form.n > 1)', 'true', 'form.n >', 'form.ok == true)', '2 < form.n', 'ff.empty(form.name) == true']) {
      expect(readable(parsed(source), SUBJECTS), source).toBeNull();
    }
    // A name that is not here, and a comparison its kind does not know.
    for (const source of ['form.gone == 1', "form.n == 'a'", 'form.ok > 1', "form.day == form.kind", 'form.photos == true']) expect(readable(parsed(source), SUBJECTS), source).toBeNull();
  });

  it('read what people and the library write', () => {
    for (const [source, wanted] of [['form.ok', 'form.ok == true'], ['!form.ok', 'form.ok == false'], ["(form.kind=='a')&&(form.n>3)", "form.kind == 'a' && form.n > 3"], ["!('n' in form.town)", "!('n' in form.town)"]] as const) expect(written(parsed(source)!)).toBe(wanted);
    const conditions = Object.values(libraries).flatMap((spec) => spec.fields.flatMap((field) => [spec, ...(field.type === 'table' ? field.fields : [field])].slice(1).flatMap((one) => {
      const all: Subject[] = [...subjectsOf(spec, spec.fields, 'form', 'en', WORDS), ...(field.type === 'table' ? subjectsOf(spec, field.fields, 'row', 'en', WORDS) : [])];
      const { visible, required } = one as { visible?: string; required?: string };
      return [visible, required].filter((source) => source && source !== 'true').map((source) => ({ source: source!, all }));
    })));
    expect(conditions.length).toBeGreaterThan(8);
    const beyond = conditions.filter(({ source, all }) => !readable(parsed(source), all)).map(({ source }) => source);
    expect(beyond).toEqual([]);
  });

  it('point at an option that is gone', () => {
    expect(goneOption(parsed("form.kind == 'z' && form.n > 1")!, SUBJECTS)).toEqual({ name: 'Kind', value: 'z' });
    expect(goneOption(parsed("form.kind == 'a'")!, SUBJECTS)).toBeNull();
  });
});
