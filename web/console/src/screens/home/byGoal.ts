/** What the company chose first in the wizard decides what stands first on Home; nothing is left out by it. */
export type HomeColumn = 'out' | 'late' | 'needs';
export type HomeSum = 'effective' | 'open' | 'overdue' | 'driven';

interface Order {
  columns: readonly HomeColumn[];
  sums: readonly HomeSum[];
  /** Kinds of what waits for the person, first ones first; others follow as the server sends them. */
  needs: readonly string[];
}

const ORDERS: Record<string, Order> = {
  // Did it really happen: what does not count or cannot be told, then the silent.
  truth: { columns: ['needs', 'late', 'out'], sums: ['effective', 'open', 'overdue'], needs: ['ineffective', 'cannot_tell', 'skipped', 'silent', 'overdue'] },
  // More visits: how far the teams are, then who is late.
  efficiency: { columns: ['out', 'late', 'needs'], sums: ['effective', 'overdue', 'open'], needs: ['overdue', 'skipped', 'ineffective', 'silent', 'cannot_tell'] },
  // Kilometres as driven: counted against planned, then where everybody is.
  cost: { columns: ['out', 'late', 'needs'], sums: ['driven', 'effective', 'overdue'], needs: ['silent', 'skipped', 'ineffective', 'cannot_tell', 'overdue'] },
};

export function orderOf(goal: string): Order {
  return ORDERS[goal] ?? ORDERS.efficiency!;
}

/** `lines` with the kinds of the goal first. */
export function needsFirst<T extends { kind: string }>(goal: string, lines: readonly T[]): T[] {
  const first = orderOf(goal).needs;
  const rank = (one: T) => (first.includes(one.kind) ? first.indexOf(one.kind) : first.length);
  return [...lines].sort((a, b) => rank(a) - rank(b));
}
