/** Work orders on the phone: what it carries along, with what was recorded here and has not arrived yet. */
import Dexie from 'dexie';
import { useLiveQuery } from 'dexie-react-hooks';
import type { FieldOrder, OrderStatus, StockLine, SyncBodies } from '@tashi/shared/api';
import { newId } from '@tashi/shared/api/id.ts';
import { useField } from '../app/context.tsx';
import { type OutboxRow, append, db } from '../sync/store.ts';
import { type Draft, commit, draft } from './record.ts';

/** An order as it stands on this phone. */
export interface LocalOrder {
  order: FieldOrder;
  status: OrderStatus;
  /** Used here and not yet in the server's sum. */
  used: { part: string; quantity: number }[];
  asked: { part: string; quantity: number }[];
  /** The visit on this phone that belongs to it. */
  visit: { id: string; status: 'open' | 'done' } | null;
  /** What was recorded here and has not arrived, or was refused. */
  waiting: number;
  refused: OutboxRow[];
}

type OrderKind = Extract<keyof SyncBodies, `order.${string}`>;
const isOrder = (kind: string): kind is OrderKind => kind.startsWith('order.');

/** What each record leads to; the server says the same once it has them. */
const LEADS: Partial<Record<OrderKind, OrderStatus>> = {
  'order.accept': 'accepted', 'order.pause': 'paused', 'order.resume': 'on_site', 'order.finish': 'finished', 'order.sign': 'closed',
};

/** The server's order with what this phone has recorded since. */
export function standing(order: FieldOrder, rows: readonly OutboxRow[], visit: LocalOrder['visit'], fetched: number): LocalOrder {
  const own = rows.filter((row) => isOrder(row.kind) && (row.body as { order_id: string }).order_id === order.order.id);
  // What the server has taken is in its own order, once that was fetched after it.
  const fresh = own.filter((row) => row.status === 'queued' || (row.status === 'receipted' && (row.receipt?.at ?? 0) > fetched));
  let { status } = order.order;
  if (order.order.task_id && rows.some((row) => row.kind === 'task.on_the_way' && row.status !== 'refused' && (row.body as { task_id: string }).task_id === order.order.task_id) && (status === 'assigned' || status === 'accepted')) status = 'on_the_way';
  if (fresh.some((row) => row.kind === 'order.accept') && status === 'assigned') status = 'accepted';
  // Who has left without finishing goes on from a pause.
  if (visit && (status === 'assigned' || status === 'accepted' || status === 'on_the_way')) status = visit.status === 'open' ? 'on_site' : 'paused';
  for (const row of fresh) {
    const next = LEADS[row.kind as OrderKind];
    if (next && row.kind !== 'order.accept') status = next;
  }
  if (status === 'finished' && !order.order.signature) status = 'closed';
  const of = (kind: OrderKind) => fresh.filter((row) => row.kind === kind).map((row) => {
    const body = row.body as SyncBodies['order.part'];
    return { part: body.part_id, quantity: body.back ? -body.quantity : body.quantity };
  });
  return {
    order, status, visit, used: of('order.part'), asked: of('order.request'),
    waiting: own.filter((row) => row.status === 'queued').length, refused: own.filter((row) => row.status === 'refused'),
  };
}

/** All orders of this person; undefined while the phone reads. */
export function useOrders(): LocalOrder[] | undefined {
  const { owner, snapshot } = useField();
  return useLiveQuery(async () => {
    const rows = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => isOrder(row.kind) || row.kind === 'task.on_the_way').sortBy('seq');
    const visits = await db.visits.where('owner').equals(owner).toArray();
    // Refused here it is the desk's again, whatever the last answer of the server said.
    const gone = new Set(rows.filter((row) => row.kind === 'order.refuse' && row.status !== 'refused' && row.status !== 'set_aside').map((row) => (row.body as SyncBodies['order.refuse']).order_id));
    return (snapshot?.orders ?? [])
      .filter((one) => !gone.has(one.order.id) || one.order.status !== 'assigned')
      .map((one) => {
        const mine = visits.filter((visit) => visit.task_id === one.order.task_id && visit.task_id !== null).at(-1);
        return standing(one, rows, mine ? { id: mine.id, status: mine.status } : null, Date.parse(snapshot?.server_time ?? '') || 0);
      });
  }, [owner, snapshot]);
}

/** What the van holds after everything recorded here. */
export function vanLines(lines: readonly StockLine[], orders: readonly LocalOrder[]): (StockLine & { left: number })[] {
  const used = new Map<string, number>();
  for (const one of orders) for (const { part, quantity } of one.used) used.set(part, (used.get(part) ?? 0) + quantity);
  return lines.map((line) => ({ ...line, left: Math.max(0, line.quantity - (used.get(line.part.id) ?? 0)) }));
}

type About = { id: string; customer: { name: string } };

/** Records something of an order; what was recorded of it before travels first. */
async function say<K extends OrderKind>(owner: string, order: About, kind: K, body: SyncBodies[K], after: readonly string[] = []): Promise<void> {
  await commit(async () => {
    const rows = await db.outbox.where('[owner+status]').equals([owner, 'queued']).toArray();
    const before = rows.filter((row) => isOrder(row.kind) && (row.body as { order_id: string }).order_id === order.id).map((row) => row.id);
    const item: Draft = draft(owner, kind, body, { about: order.customer.name, needs: [...new Set([...after, ...before])] });
    await append([item]);
  });
}

/** The check-in, steps and so on of a visit that this phone has not sent yet: the order's records build on them. */
async function ofVisit(visit: string | null): Promise<string[]> {
  if (!visit) return [];
  return (await db.outbox.where('visit_id').equals(visit).filter((row) => row.kind === 'visit.check_in' || row.kind === 'visit.step').toArray()).map((row) => row.id);
}

export const acceptOrder = (owner: string, order: About): Promise<void> => say(owner, order, 'order.accept', { order_id: order.id });
export const refuseOrder = (owner: string, order: About, reason: string): Promise<void> => say(owner, order, 'order.refuse', { order_id: order.id, reason });
export const resumeOrder = (owner: string, order: About): Promise<void> => say(owner, order, 'order.resume', { order_id: order.id });

export async function pauseOrder(owner: string, order: About, reason: string, visit: string | null): Promise<void> {
  await say(owner, order, 'order.pause', { order_id: order.id, reason }, await ofVisit(visit));
}

export async function usePart(owner: string, order: About, part_id: string, quantity: number, visit: string | null, back = false): Promise<void> {
  await say(owner, order, 'order.part', { move_id: newId(), order_id: order.id, part_id, quantity, ...(back ? { back } : {}) }, await ofVisit(visit));
}

export async function askForPart(owner: string, order: About, part_id: string, quantity: number, note: string, visit: string | null): Promise<void> {
  await say(owner, order, 'order.request', { request_id: newId(), order_id: order.id, part_id, quantity, ...(note ? { note } : {}) }, await ofVisit(visit));
}

export async function finishOrder(owner: string, order: About, result: string, labour_minutes: number, visit: string | null): Promise<void> {
  await say(owner, order, 'order.finish', { order_id: order.id, result, labour_minutes }, await ofVisit(visit));
}

export const signOrder = (owner: string, order: About, signer: string, strokes: [number, number][][]): Promise<void> => say(owner, order, 'order.sign', { order_id: order.id, signer, strokes });
