/** Patterns for `matches`. Port of `crates/forms/src/pattern.rs`, which says what is allowed and why. */
const MAX_CHARS = 200;
const MAX_UNLIMITED = 2;
const MAX_WAYS = 16;
/** Longest text a pattern is held against, in characters. */
export const MAX_TEXT = 200;

/** The pattern as both engines get it, or nothing when it is not allowed. */
export function writtenOut(pattern: string): string | undefined {
  const chars = [...pattern];
  if (chars.length > MAX_CHARS) return undefined;
  let [unlimited, ways, inClass, plain, i] = [0, 1, false, '', 0];
  const repeats = (c: string | undefined) => c !== undefined && '*+?{'.includes(c);
  while (i < chars.length) {
    const c = chars[i]!;
    const next = chars[i + 1];
    if (c === '\\') {
      const escaped = next === undefined ? undefined : escape(next, inClass);
      if (escaped === undefined) return undefined;
      plain += escaped;
      i += 2;
      continue;
    }
    if (inClass) {
      if (c === '[' || ('&~-'.includes(c) && next === c)) return undefined;
      if (c === ']') inClass = false;
    } else if (c === '[') {
      inClass = true;
      if (next === '^') {
        plain += '[';
        i += 1;
      }
      if (chars[i + 1] !== undefined && ']&~-'.includes(chars[i + 1]!)) return undefined;
    } else if (c === ']' || c === '}' || (c === '(' && next === '?')) {
      return undefined;
    } else if (c === ')' && next !== undefined && '*+{'.includes(next)) {
      return undefined;
    } else if (c === '*' || c === '+') {
      unlimited += 1;
      if (repeats(next)) return undefined;
    } else if (c === '?') {
      if (repeats(next)) return undefined;
      ways *= 2;
    } else if (c === '{') {
      const limit = /^\{(\d{1,2})(,(\d{1,2})?)?\}/.exec(chars.slice(i).join(''));
      if (!limit) return undefined;
      if (limit[3] !== undefined) ways *= Math.max(0, Number(limit[3]) - Number(limit[1])) + 1;
      else if (limit[2] !== undefined) unlimited += 1;
      const length = limit[0].length - 1;
      plain += limit[0].slice(0, -1);
      i += length;
      if (repeats(chars[i + 1])) return undefined;
    }
    plain += chars[i];
    i += 1;
  }
  if (unlimited > MAX_UNLIMITED || ways > (unlimited < MAX_UNLIMITED ? MAX_WAYS : 2) || inClass) return undefined;
  try {
    new RegExp(plain, 'u');
    return plain;
  } catch {
    return undefined;
  }
}

function escape(c: string, inClass: boolean): string | undefined {
  const ascii: Record<string, string> = { d: '0-9', w: 'A-Za-z0-9_', s: ' \\t\\r\\n' };
  if (Object.hasOwn(ascii, c)) return inClass ? ascii[c] : `[${ascii[c]}]`;
  if ('^$\\.*+?()[]{}|/-'.includes(c)) return c === '-' && !inClass ? '-' : `\\${c}`;
  return undefined;
}
