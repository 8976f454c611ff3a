/** What changed between two texts, line by line. Pure. */
export interface DiffLine {
  is: 'same' | 'added' | 'removed';
  text: string;
}

/** Longer texts than this are compared as a whole: the table of all pairs of lines would not fit. */
const MOST = 1500;

export function diff(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (text: string): DiffLine => ({ is: 'same', text });
  return [...a.slice(0, head).map(same), ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)), ...a.slice(a.length - tail).map(same)];
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ is: 'removed', text });
  const added = (text: string): DiffLine => ({ is: 'added', text });
  if (a.length > MOST || b.length > MOST) return [...a.map(removed), ...b.map(added)];
  // long[i][j]: how many lines the ends of both from i and j have in common, in order.
  const long = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) long[i]![j] = a[i] === b[j] ? long[i + 1]![j + 1]! + 1 : Math.max(long[i + 1]![j]!, long[i]![j + 1]!);
  }
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ is: 'same', text: a[i]! });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || long[i + 1]![j]! >= long[i]![j + 1]!)) out.push(removed(a[i++]!));
    else out.push(added(b[j++]!));
  }
  return out;
}

/** Only changed lines with two lines around them; `null` where lines are left out. */
export function around(lines: readonly DiffLine[]): (DiffLine | null)[] {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - 2), at + 3).some((one) => one.is !== 'same'));
  return lines.flatMap((line, at) => (near[at] ? [line] : at === 0 || near[at - 1] ? [null] : []));
}
