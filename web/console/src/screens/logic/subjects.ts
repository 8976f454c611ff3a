/** What a condition can be about. Pure. */
import type { Field, FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import type { Language } from '@tashi/shared/i18n';
import type { Logic, Operand, Operator, Term } from './logic';

/** How something can be compared; of a `thing` only whether it is there. */
export type Kind = 'yes_no' | 'choice' | 'choices' | 'number' | 'day' | 'text' | 'thing';

export interface Subject {
  path: string;
  name: string;
  kind: Kind;
  /** Of a list: what it offers; absent where only the words themselves are known. */
  options?: readonly { value: string; name: string }[];
}

const ORDERED: readonly Operator[] = ['more', 'at_least', 'less', 'at_most', 'is', 'is_not', 'answered', 'empty'];
export const OPERATORS: Record<Kind, readonly Operator[]> = {
  yes_no: ['is', 'answered', 'empty'],
  choice: ['is', 'is_not', 'answered', 'empty'],
  choices: ['has', 'lacks', 'answered', 'empty'],
  number: ORDERED,
  day: ORDERED,
  text: ['is', 'is_not', 'contains', 'answered', 'empty'],
  thing: ['answered', 'empty'],
};

export const takesOperand = (op: Operator): boolean => op !== 'answered' && op !== 'empty';

/** Words a caller gives in the language of the screen. */
export interface Words {
  check: Record<'pass' | 'fail' | 'na' | 'value' | 'score', string>;
}

/** The fields of one level of a form, under `root`. */
export function subjectsOf(spec: FormSpec, fields: readonly Field[], root: string, language: Language, words: Words): Subject[] {
  return fields.flatMap((field): Subject[] => {
    const [path, name] = [`${root}.${field.key}`, said(field.label, language) || field.key];
    switch (field.type) {
      case 'note': return [];
      case 'yes_no': return [{ path, name, kind: 'yes_no' }];
      case 'number':
      case 'rating': return [{ path, name, kind: 'number' }];
      case 'date': return [{ path, name, kind: 'day' }];
      case 'text':
      case 'phone':
      case 'barcode': return [{ path, name, kind: 'text' }];
      case 'choice':
      case 'choices': {
        const known = field.list === undefined ? field.options : spec.lists?.[field.list];
        return [{ path, name, kind: field.type, options: known?.map((one) => ({ value: one.value, name: said(one.label, language) || one.value })) }];
      }
      case 'check':
        return [
          { path: `${path}.result`, name, kind: 'choice', options: (['pass', 'fail', 'na'] as const).filter((one) => one !== 'na' || !field.always).map((value) => ({ value, name: words.check[value] })) },
          ...(field.measure ? [{ path: `${path}.value`, name: `${name} · ${words.check.value}`, kind: 'number' as const }] : []),
          { path: `${path}.score`, name: `${name} · ${words.check.score}`, kind: 'number' },
        ];
      default: return [{ path, name, kind: 'thing' }];
    }
  });
}

/** What a condition about `subject` compares with before anything is chosen. */
export function firstOperand(subject: Subject, op: Operator): Operand | undefined {
  if (!takesOperand(op)) return undefined;
  switch (subject.kind) {
    case 'yes_no': return true;
    case 'number': return 0;
    case 'day': return { of: 'today' };
    default: return subject.options?.[0]?.value ?? '';
  }
}

/** A condition about `subject`, good as it stands. */
export function begin(subject: Subject): Term {
  const op = OPERATORS[subject.kind][0]!;
  return { subject: subject.path, op, operand: firstOperand(subject, op) };
}

/** What it can be compared with beside a value of its own: others of its kind. */
export const peers = (subject: Subject, all: readonly Subject[]): Subject[] =>
  subject.kind === 'number' || subject.kind === 'day' ? all.filter((one) => one.kind === subject.kind && one.path !== subject.path) : [];

/** Does a term say something that can be chosen here? An option that is gone can: it is pointed at. */
function sayable(term: Term, all: readonly Subject[]): boolean {
  const subject = all.find((one) => one.path === term.subject);
  if (!subject || !OPERATORS[subject.kind].includes(term.op)) return false;
  const { operand } = term;
  if (operand === undefined) return !takesOperand(term.op);
  if (typeof operand === 'object') return (subject.kind === 'day' && operand.of === 'today') || peers(subject, all).some((one) => one.path === operand.of);
  return typeof operand === (subject.kind === 'yes_no' ? 'boolean' : subject.kind === 'number' ? 'number' : 'string');
}

/** The conditions where all of them can be said here; null otherwise. */
export const readable = (logic: Logic | null, all: readonly Subject[]): Logic | null => (logic?.terms.every((one) => sayable(one, all)) ? logic : null);

/** The first option a condition names that the list has no more. */
export function goneOption(logic: Logic, all: readonly Subject[]): { name: string; value: string } | null {
  for (const { subject, operand } of logic.terms) {
    const of = all.find((one) => one.path === subject);
    if (of?.options && typeof operand === 'string' && !of.options.some((one) => one.value === operand)) return { name: of.name, value: operand };
  }
  return null;
}
