/** Searching on the phone, without a network: the same folding as the server's (`crates/domain/knowledge/src/terms.rs`). Pure. */

export interface Snippet {
  text: string;
  mark: boolean;
}

/** One character for one: case and width make no difference. */
export function fold(text: string): string {
  return [...text].map((c) => {
    const code = c.codePointAt(0)!;
    const narrow = code >= 0xff01 && code <= 0xff5e ? String.fromCodePoint(code - 0xfee0) : code === 0x3000 ? ' ' : c;
    return [...narrow.toLowerCase()][0] ?? narrow;
  }).join('');
}

/** The words of a question. */
export function wordsOf(question: string): string[] {
  return fold(question).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** Where all words stand: 3 in the title, 2 in title and tags, 1 with the text; 0 when one is missing. */
export function rank(question: string, article: { title: string; tags: readonly string[]; text?: string }): number {
  const words = wordsOf(question);
  if (words.length === 0) return 0;
  const title = fold(article.title);
  const tags = `${title}\n${fold(article.tags.join('\n'))}`;
  const text = `${tags}\n${fold(article.text ?? '')}`;
  const all = (where: string) => words.every((word) => where.includes(word));
  return all(title) ? 3 : all(tags) ? 2 : all(text) ? 1 : 0;
}

const LONG = 80;
const BEFORE = 24;

/** The part of a text around what was asked for, with marks. */
export function excerpt(text: string, question: string): Snippet[] {
  const chars = [...text];
  const folded = [...fold(text)];
  const marked = new Set<number>();
  for (const word of wordsOf(question).map((w) => [...w])) {
    for (let at = 0; at + word.length <= folded.length; at += 1) {
      if (word.every((c, k) => folded[at + k] === c)) word.forEach((_, k) => marked.add(at + k));
    }
  }
  const first = marked.size ? Math.min(...marked) : 0;
  const from = Math.max(0, first - BEFORE);
  const to = Math.min(chars.length, from + LONG);
  const parts: Snippet[] = [];
  for (let at = from; at < to; at += 1) {
    const last = parts[parts.length - 1];
    if (last && last.mark === marked.has(at)) last.text += chars[at];
    else parts.push({ text: chars[at]!, mark: marked.has(at) });
  }
  if (from > 0 && parts[0]) parts[0].text = `…${parts[0].text}`;
  if (to < chars.length) parts.push({ text: '…', mark: false });
  return parts;
}
