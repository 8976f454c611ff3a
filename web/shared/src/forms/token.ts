/** The words of a formula. Port of `crates/forms/src/token.rs`; both are held to `crates/forms/vectors`. */
import { Fault } from './fault.ts';

export const MAX_CHARS = 1000;
export const MAX_TOKENS = 300;
export const MAX_DEPTH = 12;

export type Kind = 'name' | 'number' | 'text' | 'sign';
export interface Token {
  kind: Kind;
  /** Where it starts, in characters (code points). */
  at: number;
  text: string;
}

const LONG_SIGNS = ['==', '!=', '<=', '>=', '&&', '||'];
const SIGNS = '<>!?:+-*/.,()[]';
const isDigit = (c: string | undefined) => c !== undefined && /^[0-9]$/.test(c);
const isLetter = (c: string | undefined) => c !== undefined && /^[A-Za-z_]$/.test(c);
export const isSign = (token: Token | undefined, text: string) => token?.kind === 'sign' && token.text === text;

/** Cuts a formula into words and bounds its size. Throws a {@link Fault}. */
export function tokens(source: string): Token[] {
  const chars = [...source];
  if (chars.length > MAX_CHARS) throw new Fault(MAX_CHARS, 'too_long', String(MAX_CHARS));
  const found: Token[] = [];
  let at = 0;
  while (at < chars.length) {
    if (' \t\n\r'.includes(chars[at]!)) {
      at += 1;
      continue;
    }
    if (found.length === MAX_TOKENS) throw new Fault(at, 'too_long', String(MAX_TOKENS));
    const [kind, end] = word(chars, at);
    found.push({ kind, at, text: chars.slice(at, end).join('') });
    at = end;
  }
  if (found.length === 0) throw new Fault(0, 'empty', '');
  boundDepth(found);
  return found;
}

function word(chars: string[], at: number): [Kind, number] {
  const first = chars[at]!;
  if (isLetter(first)) {
    let end = at;
    while (isLetter(chars[end]) || isDigit(chars[end])) end += 1;
    // r'…' and b'…' are texts with other rules of escape
    if (chars[end] === "'" || chars[end] === '"') throw new Fault(at, 'character', chars.slice(at, end + 1).join(''));
    return ['name', end];
  }
  if (isDigit(first)) return ['number', numberEnd(chars, at)];
  if (first === "'" || first === '"') return ['text', textEnd(chars, at)];
  if (LONG_SIGNS.includes(chars.slice(at, at + 2).join(''))) return ['sign', at + 2];
  if (SIGNS.includes(first)) return ['sign', at + 1];
  throw new Fault(at, 'character', first);
}

function numberEnd(chars: string[], at: number): number {
  let end = at;
  while (isDigit(chars[end])) end += 1;
  if (chars[end] === '.' && isDigit(chars[end + 1])) {
    end += 1;
    while (isDigit(chars[end])) end += 1;
  }
  const glued = chars[end] !== undefined && /^[\p{L}\p{N}_]$/u.test(chars[end]!);
  if (glued || end - at > 15) throw new Fault(at, 'number', chars.slice(at, end + 1).join(''));
  return end;
}

function textEnd(chars: string[], at: number): number {
  let end = at + 1;
  for (;;) {
    const c = chars[end];
    if (c === chars[at]) return end + 1;
    if (c === undefined || c === '\n' || c === '\r') throw new Fault(at, 'text_open', chars[at]!);
    if (c === '\\') {
      const next = chars[end + 1];
      if (next === undefined || !`'"\\nt`.includes(next)) throw new Fault(end, 'escape', '\\');
      end += 2;
    } else end += 1;
  }
}

function boundDepth(found: Token[]): void {
  let [open, conditions, signs] = [0, 0, 0];
  for (const token of found) {
    if (token.kind === 'sign') {
      if (token.text === '(' || token.text === '[') open += 1;
      if (token.text === ')' || token.text === ']') open = Math.max(0, open - 1);
      if (token.text === '?') conditions += 1;
    }
    signs = isSign(token, '!') || isSign(token, '-') ? signs + 1 : 0;
    if (open > MAX_DEPTH || conditions > MAX_DEPTH || signs > 2) throw new Fault(token.at, 'too_deep', String(MAX_DEPTH));
  }
}

/** The value of a text word. */
export function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}
