/** Which formulas are allowed. Port of `crates/forms/src/profile.rs`, which says why. */
import { Fault } from './fault.ts';
import { writtenOut } from './pattern.ts';
import { isSign, type Token, tokens, unquoted } from './token.ts';

export const ROOTS = ['form', 'row', 'customer', 'user', 'task', 'today'];
const WORDS = ['true', 'false', 'null', 'in'];
const METHODS = ['contains', 'startsWith', 'endsWith', 'matches'];
const WALKS = ['filter', 'map', 'exists', 'all', 'exists_one'];
export const FUNCTIONS = [
  'sum', 'avg', 'min', 'max', 'count', 'round', 'mod', 'abs', 'days_between', 'weekday', 'coalesce', 'join', 'text',
  'distance_m', 'empty', 'number', 'whole', 'sub',
];

/** Fields a formula may name: those of the form and, inside a table, those of its row. */
export interface Fields {
  form: ReadonlySet<string>;
  row: ReadonlySet<string>;
}

export interface Checked {
  /** The text for the expression engine, a word a line. */
  cel: string;
  /** Where each word starts in the formula as written. */
  places: number[];
  reads: string[];
  readsRow: string[];
}

/** Checks a formula against the profile. Throws a {@link Fault}. */
export function check(source: string, fields: Fields): Checked {
  const words = tokens(source);
  const bound = boundNames(words);
  const checked: Checked = { cel: '', places: words.map((w) => w.at), reads: [], readsRow: [] };
  const walks = new Walks();
  const out: string[] = [];
  words.forEach((word, i) => {
    walks.step(words, i);
    if (word.kind === 'name') out.push(nameOf(words, i, bound, fields, checked));
    else if (word.kind === 'number' && !isIndex(words, i) && !word.text.includes('.')) out.push(`${word.text}.0`);
    else if (word.kind === 'text' && isPattern(words, i)) out.push(quoted(patternOf(words, i - 2)));
    else out.push(word.text);
  });
  walks.end(words);
  checked.cel = out.join('\n');
  return checked;
}

const follows = (words: Token[], i: number, sign: string) => isSign(words[i - 1], sign);
const leads = (words: Token[], i: number, sign: string) => isSign(words[i + 1], sign);

function isIndex(words: Token[], i: number): boolean {
  const before = words[i - 2];
  return (
    follows(words, i, '[') &&
    leads(words, i, ']') &&
    before !== undefined &&
    (before.kind === 'name' || isSign(before, ')') || isSign(before, ']'))
  );
}

function boundNames(words: Token[]): Set<string> {
  const bound = new Set<string>();
  words.forEach((word, i) => {
    const name = words[i + 2];
    if (WALKS.includes(word.text) && leads(words, i, '(') && name?.kind === 'name' && isSign(words[i + 3], ',')) {
      if (!ROOTS.includes(name.text) && !WORDS.includes(name.text) && name.text !== 'ff') bound.add(name.text);
    }
  });
  return bound;
}

function nameOf(words: Token[], i: number, bound: Set<string>, fields: Fields, checked: Checked): string {
  const word = words[i]!;
  const { text } = word;
  const [member, called] = [follows(words, i, '.'), leads(words, i, '(')];
  const root = words[i - 2]?.text;
  const isRoot = !isSign(words[i - 3], '.');
  const unknown = (code: string) => new Fault(word.at, code, text);
  if (!member && called) {
    if (text === 'size') return 'ff_count';
    if (text === 'has' || text === 'in') return text;
    throw unknown('unknown_function');
  }
  if (member && called) {
    const ours = root === 'ff' && isRoot;
    if (ours ? !FUNCTIONS.includes(text) : !METHODS.includes(text) && !WALKS.includes(text)) {
      throw unknown('unknown_function');
    }
    if (!ours && text === 'matches') {
      patternOf(words, i);
      return 'like';
    }
    return text;
  }
  if (!member) {
    const house = text === 'ff' && leads(words, i, '.');
    if (!house && !ROOTS.includes(text) && !WORDS.includes(text) && !bound.has(text)) throw unknown('unknown_name');
    return text;
  }
  if (isRoot && root === 'ff') throw unknown('unknown_function');
  if (isRoot && root === 'form') read(word, fields.form, checked.reads);
  if (isRoot && root === 'row') read(word, fields.row, checked.readsRow);
  return text;
}

function read(word: Token, known: ReadonlySet<string>, reads: string[]): void {
  if (!known.has(word.text)) throw new Fault(word.at, 'unknown_field', word.text);
  if (!reads.includes(word.text)) reads.push(word.text);
}

/** The pattern of `x.matches('…')` at the name's place. */
function patternOf(words: Token[], i: number): string {
  const text = words[i + 2];
  if (text?.kind !== 'text' || !isSign(words[i + 3], ')')) throw new Fault(words[i]!.at, 'pattern', 'matches');
  const value = unquoted(text.text);
  const plain = writtenOut(value);
  if (plain === undefined) throw new Fault(text.at, 'pattern', value);
  return plain;
}

const isPattern = (words: Token[], i: number) =>
  follows(words, i, '(') && words[i - 2]?.text === 'matches' && isSign(words[i - 3], '.');

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `'${escaped}'`;
}

/** Finds a walk inside a walk, and brackets without a partner. */
class Walks {
  private readonly open: number[] = [];
  private since: number | undefined;

  step(words: Token[], i: number): void {
    const word = words[i]!;
    if (isSign(word, '(') || isSign(word, '[')) {
      const name = words[i - 1];
      const walk = word.text === '(' && name !== undefined && WALKS.includes(name.text) && isSign(words[i - 2], '.');
      if (walk && this.since !== undefined) throw new Fault(name.at, 'nested_list', name.text);
      if (walk) this.since = this.open.length;
      this.open.push(i);
    } else if (isSign(word, ')') || isSign(word, ']')) {
      const open = this.open.pop();
      if (open === undefined || !isSign(words[open], word.text === ')' ? '(' : '[')) {
        throw new Fault(word.at, 'bracket', word.text);
      }
      if (this.since === this.open.length) this.since = undefined;
    }
  }

  end(words: Token[]): void {
    const open = this.open[0];
    if (open !== undefined) throw new Fault(words[open]!.at, 'bracket', words[open]!.text);
  }
}
