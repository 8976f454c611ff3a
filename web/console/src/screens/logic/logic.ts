/** Conditions as people say them, and the formulas they stand for. Pure. */
import { isSign, tokens, unquoted, type Token } from '@tashi/shared/forms/token.ts';

export type Operator = 'is' | 'is_not' | 'more' | 'at_least' | 'less' | 'at_most' | 'has' | 'lacks' | 'contains' | 'answered' | 'empty';

/** What something is compared with: a value, or another name (`form.total`, `today`). */
export type Operand = string | number | boolean | { readonly of: string };

export interface Term {
  /** `form.kind`, `row.qty`, `customer.grade`. */
  readonly subject: string;
  readonly op: Operator;
  readonly operand?: Operand;
}

/** Terms that hold all together, or of which one is enough. */
export interface Logic {
  readonly all: boolean;
  readonly terms: readonly Term[];
}

const COMPARED: Record<string, Operator> = { '==': 'is', '!=': 'is_not', '>': 'more', '>=': 'at_least', '<': 'less', '<=': 'at_most' };
const SIGN = Object.fromEntries(Object.entries(COMPARED).map(([sign, op]) => [op, sign])) as Partial<Record<Operator, string>>;

/** The conditions a formula stands for; null where it says more than conditions can. */
export function parsed(source: string): Logic | null {
  let words: Token[];
  try {
    words = tokens(source);
  } catch {
    return null;
  }
  const parts = split(words);
  if (!parts) return null;
  const terms = parts.parts.map(termOf);
  return terms.every((one) => one !== null) ? { all: parts.all, terms } : null;
}

/** Cut at `&&` or at `||` outside of brackets; null where both are mixed. */
function split(words: readonly Token[]): { all: boolean; parts: Token[][] } | null {
  const parts: Token[][] = [[]];
  let sign: string | null = null;
  let depth = 0;
  for (const word of words) {
    if (isSign(word, '(') || isSign(word, '[')) depth += 1;
    if (isSign(word, ')') || isSign(word, ']')) depth -= 1;
    if (depth === 0 && (isSign(word, '&&') || isSign(word, '||'))) {
      if (sign !== null && sign !== word.text) return null;
      sign = word.text;
      parts.push([]);
    } else parts.at(-1)!.push(word);
  }
  return { all: sign !== '||', parts };
}

/** Without the brackets that hold all of it. */
function bare(words: readonly Token[]): readonly Token[] {
  let depth = 0;
  const end = words.findIndex((word) => {
    if (isSign(word, '(')) depth += 1;
    if (isSign(word, ')')) depth -= 1;
    return depth === 0;
  });
  return isSign(words[0], '(') && end === words.length - 1 ? bare(words.slice(1, -1)) : words;
}

/** The dotted name that begins at `at`, and where it ends; a called name is none. */
function nameAt(words: readonly Token[], at: number): [string, number] | null {
  if (words[at]?.kind !== 'name') return null;
  let end = at + 1;
  while (isSign(words[end], '.') && words[end + 1]?.kind === 'name') end += 2;
  if (isSign(words[end], '(')) return null;
  return [words.slice(at, end).map((one) => one.text).join(''), end];
}

function termOf(whole: readonly Token[]): Term | null {
  const outer = bare(whole);
  const negated = isSign(outer[0], '!');
  const words = negated ? bare(outer.slice(1)) : outer;
  const [first, second] = words;
  if (first?.text === 'ff' && words[2]?.text === 'empty' && isSign(words[3], '(')) {
    const name = nameAt(words, 4);
    return name && name[1] === words.length - 1 && isSign(words[name[1]], ')') ? { subject: name[0], op: negated ? 'answered' : 'empty' } : null;
  }
  if (first?.kind === 'text' && second?.text === 'in') {
    const name = nameAt(words, 2);
    return name && name[1] === words.length ? { subject: name[0], op: negated ? 'lacks' : 'has', operand: unquoted(first.text) } : null;
  }
  const text = words.at(-2);
  if (!negated && words.at(-5)?.text === '.' && words.at(-4)?.text === 'contains' && isSign(words.at(-3), '(') && text?.kind === 'text' && isSign(words.at(-1), ')')) {
    const name = nameAt(words.slice(0, -5), 0);
    return name && name[1] === words.length - 5 ? { subject: name[0], op: 'contains', operand: unquoted(text.text) } : null;
  }
  const name = nameAt(words, 0);
  if (!name || ['true', 'false', 'null', 'today'].includes(name[0])) return null;
  const [subject, end] = name;
  if (end === words.length) return { subject, op: 'is', operand: !negated };
  const op = words[end]?.kind === 'sign' ? COMPARED[words[end].text] : undefined;
  const operand = op && !negated ? operandOf(words.slice(end + 1)) : null;
  return op && operand !== null ? { subject, op, operand } : null;
}

function operandOf(words: readonly Token[]): Operand | null {
  const minus = isSign(words[0], '-');
  const [first, ...rest] = minus ? words.slice(1) : words;
  if (first?.kind === 'number' && rest.length === 0) return minus ? -Number(first.text) : Number(first.text);
  if (minus) return null;
  if (first?.kind === 'text' && rest.length === 0) return unquoted(first.text);
  if (rest.length === 0 && (first?.text === 'true' || first?.text === 'false')) return first.text === 'true';
  const name = nameAt(words, 0);
  return name && name[1] === words.length && name[0] !== 'null' ? { of: name[0] } : null;
}

/** The formula of conditions; empty for none. */
export const written = (logic: Logic): string => logic.terms.map(formulaOf).join(logic.all ? ' && ' : ' || ');

function formulaOf({ subject, op, operand = '' }: Term): string {
  switch (op) {
    case 'empty': return `ff.empty(${subject})`;
    case 'answered': return `!ff.empty(${subject})`;
    case 'has': return `${valueOf(operand)} in ${subject}`;
    case 'lacks': return `!(${valueOf(operand)} in ${subject})`;
    case 'contains': return `${subject}.contains(${valueOf(operand)})`;
    default: return `${subject} ${SIGN[op]} ${valueOf(operand)}`;
  }
}

function valueOf(operand: Operand): string {
  if (typeof operand === 'object') return operand.of;
  if (typeof operand === 'string') return `'${operand.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`;
  // Formulas know digits with a point, not 1e-7, and at most 15 of them.
  return typeof operand === 'number' ? String(Number(operand.toFixed(6))).slice(0, 15) : String(operand);
}
