/**
 * The part of Markdown an article is written in: headings, paragraphs, lists, quotes, tables, code, rules; strong, emphasis, struck
 * out, code, links, pictures. Nothing of it becomes HTML: whoever draws it draws these nodes. Pure.
 */
export type Inline =
  | { is: 'text'; text: string }
  | { is: 'strong' | 'em' | 'del'; of: Inline[] }
  | { is: 'code'; text: string }
  | { is: 'link'; to: string; of: Inline[] }
  | { is: 'picture'; to: string; alt: string }
  | { is: 'break' };

export type Block =
  | { is: 'heading'; level: number; of: Inline[] }
  | { is: 'paragraph'; of: Inline[] }
  | { is: 'list'; start: number | null; items: Block[][] }
  | { is: 'quote'; of: Block[] }
  | { is: 'code'; text: string }
  | { is: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { is: 'rule' };

/** Deeper than this a list or quote is a paragraph: a text made to hurt cannot make us call ourselves for ever. */
const DEEPEST = 6;

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const FENCE = /^\s*(```+|~~~+)/;
const SPLIT = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

export function parse(text: string): Block[] {
  return blocks(text.replace(/\r\n?/g, '\n').split('\n'), 0);
}

function blocks(lines: readonly string[], depth: number): Block[] {
  const out: Block[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) out.push({ is: 'paragraph', of: paragraph(words) });
    words = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    if (line.trim() === '') flush();
    else if (fence) {
      flush();
      const end = lines.findIndex((one, k) => k > at && one.trim().startsWith(fence));
      const last = end === -1 ? lines.length : end;
      out.push({ is: 'code', text: lines.slice(at + 1, last).join('\n') });
      at = last;
    } else if (heading) {
      flush();
      out.push({ is: 'heading', level: heading[1]!.length, of: inlines(heading[2]!) });
    } else if (RULE.test(line)) {
      flush();
      out.push({ is: 'rule' });
    } else if (depth < DEEPEST && /^ {0,3}>/.test(line)) {
      flush();
      const end = until(lines, at, (one) => /^ {0,3}>/.test(one));
      out.push({ is: 'quote', of: blocks(lines.slice(at, end).map((one) => one.replace(/^ {0,3}> ?/, '')), depth + 1) });
      at = end - 1;
    } else if (depth < DEEPEST && ITEM.test(line) && (words.length === 0 || /^\s*([-*+]|1[.)])\s/.test(line))) {
      flush();
      const end = listEnd(lines, at);
      out.push(list(lines.slice(at, end), depth));
      at = end - 1;
    } else if (words.length === 0 && line.includes('|') && SPLIT.test(lines[at + 1] ?? '') && cells(line).length === cells(lines[at + 1] ?? '').length) {
      const end = until(lines, at + 2, (one) => one.includes('|'));
      const head = cells(line);
      const row = (one: string) => head.map((_, k) => inlines(cells(one)[k] ?? ''));
      out.push({ is: 'table', head: head.map(inlines), rows: lines.slice(at + 2, end).map(row) });
      at = end - 1;
    } else words.push(line);
  }
  flush();
  return out;
}

/** First line from `at` that does not hold. */
function until(lines: readonly string[], at: number, holds: (line: string) => boolean): number {
  let end = at;
  while (end < lines.length && holds(lines[end] ?? '')) end += 1;
  return end;
}

const indent = (line: string) => /^\s*/.exec(line)![0].replace(/\t/g, '    ').length;

/** A list goes on over its items, what is indented under them, and single blank lines between. */
function listEnd(lines: readonly string[], from: number): number {
  const base = indent(lines[from] ?? '');
  let end = from + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    const next = lines[end + 1] ?? '';
    const inside = (one: string) => one.trim() !== '' && (indent(one) > base || (ITEM.test(one) && indent(one) === base));
    if (inside(line)) end += 1;
    else if (line.trim() === '' && inside(next)) end += 1;
    else break;
  }
  return end;
}

function list(lines: readonly string[], depth: number): Block {
  const base = indent(lines[0] ?? '');
  const first = ITEM.exec(lines[0] ?? '');
  const ordered = /\d/.test(first?.[2] ?? '');
  const items: string[][] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && indent(line) === base) items.push([item[3]!]);
    else items[items.length - 1]?.push(line.replace(/^(?: {1,4}|\t)/, ''));
  }
  return { is: 'list', start: ordered ? Number.parseInt(first![2]!, 10) : null, items: items.map((one) => blocks(one, depth + 1)) };
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((one) => one.trim().replace(/\\\|/g, '|'));
}

function paragraph(lines: readonly string[]): Inline[] {
  return lines.flatMap((line, k) => {
    const part = inlines(line.trim());
    return k === 0 ? part : [{ is: 'break' } as const, ...part];
  });
}

const PATTERNS: readonly [RegExp, (m: RegExpExecArray, depth: number) => Inline][] = [
  [/^\\([\\`*_{}[\]()#+\-.!|~>])/, (m) => ({ is: 'text', text: m[1]! })],
  [/^`([^`]+)`/, (m) => ({ is: 'code', text: m[1]! })],
  [/^!\[([^\]]*)\]\(([^()\s]+)\)/, (m) => ({ is: 'picture', alt: m[1]!, to: m[2]! })],
  [/^\[([^\]]+)\]\(([^()\s]+)\)/, (m, depth) => ({ is: 'link', to: m[2]!, of: inlines(m[1]!, depth + 1) })],
  [/^\*\*(?=\S)([^*]+(?:\*[^*]+\*[^*]*)*)\*\*/, (m, depth) => ({ is: 'strong', of: inlines(m[1]!, depth + 1) })],
  [/^~~(?=\S)([^~]+)~~/, (m, depth) => ({ is: 'del', of: inlines(m[1]!, depth + 1) })],
  [/^\*(?=[^\s*])([^*]+)\*/, (m, depth) => ({ is: 'em', of: inlines(m[1]!, depth + 1) })],
  [/^https?:\/\/[^\s<>（）()，。；、]+/, (m) => ({ is: 'link', to: m[0], of: [{ is: 'text', text: m[0] }] })],
];

export function inlines(text: string, depth = 0): Inline[] {
  if (depth > DEEPEST) return [{ is: 'text', text }];
  const out: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain) out.push({ is: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    // Only where something may begin is it worth looking.
    const found = /[\\`!*~[h]/.test(text[at]!) ? first(text.slice(at, at + 4000), depth) : null;
    if (found) {
      flush();
      out.push(found.node);
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

function first(rest: string, depth: number): { node: Inline; length: number } | null {
  for (const [pattern, make] of PATTERNS) {
    const m = pattern.exec(rest);
    if (m) return { node: make(m, depth), length: m[0].length };
  }
  return null;
}

/** The id in `file:<id>`; null for any other address. */
export function fileOf(to: string): string | null {
  return /^file:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i.exec(to)?.[1] ?? null;
}

/** An address a browser may follow; null for everything that could run something. */
export function safeAddress(to: string): string | null {
  return /^(https?:\/\/|mailto:|tel:)/i.test(to) ? to : null;
}

/** The words of a text in one line, for searching without a network. */
export function plainWords(text: string): string {
  const said = (nodes: readonly Inline[]): string => nodes.map((n) => ('of' in n ? said(n.of) : n.is === 'picture' ? n.alt : n.is === 'break' ? ' ' : n.text)).join('');
  const all = (nodes: readonly Block[]): string => nodes.map((n) =>
    n.is === 'rule' ? '' : n.is === 'code' ? n.text : n.is === 'list' ? n.items.map(all).join(' ') : n.is === 'quote' ? all(n.of)
    : n.is === 'table' ? [n.head, ...n.rows].flat().map(said).join(' ') : said(n.of)).join(' ');
  return all(parse(text)).replace(/\s+/g, ' ').trim();
}
