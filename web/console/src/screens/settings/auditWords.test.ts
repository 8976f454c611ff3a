import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { AUDIT_KINDS, auditText } from './auditWords';

/** The server's sources: what they write into the trail is what the page must have words for. */
const crates = fileURLToPath(new URL('../../../../../crates/', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['tests', 'testkit', 'target'].includes(entry.name) ? [] : sources(path);
    return entry.name.endsWith('.rs') ? [readFileSync(path, 'utf8')] : [];
  });
}

/** The first two arguments of a call whose opening bracket ends at `at`. */
function twoArguments(source: string, at: number): string[] {
  const found = [''];
  let depth = 0;
  let quoted = false;
  for (let i = at; i < source.length && found.length < 3; i++) {
    const letter = source[i]!;
    if (letter === '"') quoted = !quoted;
    else if (!quoted && '([{'.includes(letter)) depth++;
    else if (!quoted && ')]}'.includes(letter) && --depth < 0) break;
    if (letter === ',' && !quoted && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found.slice(0, 2).map((one) => one.trim());
}

/** Keys of the enums a composed action ends with: `order.{move}`, `stock.{kind}`. */
function keysOf(all: readonly string[], prefix: string): string[] {
  const text = all.join('\n');
  if (prefix === 'order') return [...(/keys!\(Move \{([^}]*)\}/.exec(text)?.[1] ?? '').matchAll(/= "(\w+)"/g)].map((m) => m[1]!);
  if (prefix === 'stock') return [...new Set([...text.matchAll(/StockMoveKind::\w+ => "(\w+)"/g)].map((m) => m[1]!))];
  throw new Error(`say here which words ${prefix}.{} may end with`);
}

function recorded() {
  const all = sources(crates);
  const actions = new Set<string>();
  const kinds = new Set<string>();
  for (const source of all) {
    for (const call of source.matchAll(/\.audit\(/g)) {
      const [action = '', kind = ''] = twoArguments(source, call.index + call[0].length);
      const literal = /^"([\w.]+)"$/;
      const composed = /^&format!\("(\w+)\.\{\}"/.exec(action);
      if (literal.test(action)) actions.add(action.slice(1, -1));
      else if (composed) for (const key of keysOf(all, composed[1]!)) actions.add(`${composed[1]}.${key}`);
      // Chosen before the call: the dotted words shortly behind `let … action` or in the call of the function that records.
      else if (action === 'action') {
        const bound = [...source.matchAll(/(?:let \(?[\w, ]*\baction\b|\b(?:trail|store_totp)\()[^"]{0,120}"([\w.]+)"(?:[^"]{0,200}"([\w.]+)")?/g)];
        const words = bound.flatMap((m) => [m[1], m[2]]).filter((word): word is string => /^(auth|task|part)\.\w+$/.test(word ?? ''));
        expect(words.length, source.slice(call.index - 200, call.index + 60)).toBeGreaterThan(0);
        for (const word of words) actions.add(word);
      } else expect(action).toBe('occasion.action');
      if (literal.test(kind)) kinds.add(kind.slice(1, -1));
      else expect(kind).toBe('occasion.subject');
    }
    for (const occasion of source.matchAll(/Occasion \{ action: "([\w.]+)", subject: "(\w+)"/g)) {
      actions.add(occasion[1]!);
      kinds.add(occasion[2]!);
    }
  }
  return { actions: [...actions].sort(), kinds: [...kinds].sort() };
}

it('every recorded action and kind has words, and no words are left over', () => {
  const { actions, kinds } = recorded();
  expect(actions.length).toBeGreaterThan(150);
  expect(Object.keys(auditText.zh).sort()).toEqual(actions);
  expect([...AUDIT_KINDS].sort()).toEqual(kinds);
});
