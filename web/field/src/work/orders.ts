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
  used: { part: string; quantity: number; price_minor?: number }[];
  asked: { part: string; quantity: number }[];
  /** Meters read here and not yet in the server's answer. */
  read: { meter: string; value: number; at: string }[];
  /** Written at the end of the work and not yet at the server. */
  result: string | null;
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
    return { part: body.part_id, quantity: body.back ? -body.quantity : body.quantity, ...(body.price_minor === undefined ? {} : { price_minor: body.price_minor }) };
  });
  return {
    order, status, visit, result: (fresh.filter((row) => row.kind === 'order.finish').at(-1)?.body as SyncBodies['order.finish'] | undefined)?.result ?? null, used: of('order.part'), read: fresh.filter((row) => row.kind === 'order.reading').map((row) => { const body = row.body as SyncBodies['order.reading']; return { meter: body.meter_id, value: body.value, at: row.at }; }), asked: of('order.request'),
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

/** A part as the customer is charged for it. */
export interface Charge { id: string; name: string; unit: string; quantity: number; price_minor: number; minor: number }

/** What the customer signs for: the server's parts and what was recorded here since, at the prices that will be printed. */
export function charges(one: LocalOrder, known: readonly { id: string; name: string; unit: string; price_minor: number }[]): Charge[] {
  const rows: Charge[] = one.order.parts.map((kept) => ({ id: kept.part.id, name: kept.part.name, unit: kept.unit, quantity: kept.quantity, price_minor: kept.price_minor, minor: 0 }));
  for (const use of one.used) {
    const of = rows.filter((row) => row.id === use.part && row.quantity > 0);
    const list = known.find((part) => part.id === use.part);
    // What comes back is paid back at the price it was built in for, as the server does.
    const price = use.quantity < 0 ? (of.find((row) => row.quantity >= -use.quantity) ?? of[0])?.price_minor : use.price_minor;
    const price_minor = price ?? list?.price_minor ?? 0;
    const row = rows.find((found) => found.id === use.part && found.price_minor === price_minor);
    if (row) row.quantity += use.quantity;
    else rows.push({ id: use.part, name: list?.name ?? '', unit: list?.unit ?? '', quantity: use.quantity, price_minor, minor: 0 });
  }
  return rows.filter((row) => row.quantity !== 0).map((row) => ({ ...row, minor: row.quantity * row.price_minor }));
}

/** What was written at the end of the work, here or by the server. */
export const resultOf = (one: LocalOrder): string | null => one.result ?? one.order.order.result ?? null;

/** What the van holds after everything recorded here. */
export function vanLines(lines: readonly StockLine[], orders: readonly LocalOrder[]): (StockLine & { left: number })[] {
  const used = new Map<string, number>();
  for (const one of orders) for (const { part, quantity } of one.used) used.set(part, (used.get(part) ?? 0) + quantity);
  return lines.map((line) => ({ ...line, left: Math.max(0, line.quantity - (used.get(line.part.id) ?? 0)) }));
}

type About = { id: string; customer: { name: string } };

/** What a record cannot be without: a signature is under what was finished. All else travels in its order, and what is
 *  refused holds nothing back: an answer that came too late must not keep the work that was done after it on the phone. */
const BUILDS_ON: Partial<Record<OrderKind, OrderKind>> = { 'order.sign': 'order.finish' };

/** The ids a record waits for. */
export function needsOf(kind: OrderKind, orderId: string, queued: readonly OutboxRow[], visit: readonly OutboxRow[]): string[] {
  const below = BUILDS_ON[kind];
  const before = queued.filter((row) => row.kind === below && (row.body as { order_id: string }).order_id === orderId);
  return [...new Set([...visit.filter((row) => row.kind === 'visit.check_in'), ...before].map((row) => row.id))];
}

/** Records something of an order, after the check-in of its visit and what else it builds on. */
async function say<K extends OrderKind>(owner: string, order: About, kind: K, body: SyncBodies[K], visit: string | null = null): Promise<void> {
  await commit(async () => {
    const queued = await db.outbox.where('[owner+status]').equals([owner, 'queued']).toArray();
    const ofVisit = visit ? await db.outbox.where('visit_id').equals(visit).toArray() : [];
    const item: Draft = draft(owner, kind, body, { about: order.customer.name, needs: needsOf(kind, order.id, queued, ofVisit) });
    await append([item]);
  });
}

export const acceptOrder = (owner: string, order: About): Promise<void> => say(owner, order, 'order.accept', { order_id: order.id });
export const refuseOrder = (owner: string, order: About, reason: string): Promise<void> => say(owner, order, 'order.refuse', { order_id: order.id, reason });
export const resumeOrder = (owner: string, order: About): Promise<void> => say(owner, order, 'order.resume', { order_id: order.id });

export async function pauseOrder(owner: string, order: About, reason: string, visit: string | null): Promise<void> {
  await say(owner, order, 'order.pause', { order_id: order.id, reason }, visit);
}

export async function usePart(owner: string, order: About, part_id: string, quantity: number, visit: string | null, price: number | undefined, back = false): Promise<void> {
  // The customer signs for the price he is shown, so that one goes along.
  await say(owner, order, 'order.part', { move_id: newId(), order_id: order.id, part_id, quantity, ...(back ? { back } : price === undefined ? {} : { price_minor: price }) }, visit);
}

export async function askForPart(owner: string, order: About, part_id: string, quantity: number, note: string, visit: string | null): Promise<void> {
  await say(owner, order, 'order.request', { request_id: newId(), order_id: order.id, part_id, quantity, ...(note ? { note } : {}) }, visit);
}

export async function readMeter(owner: string, order: About, meter_id: string, value: number, replaced: boolean, visit: string | null): Promise<void> {
  await say(owner, order, 'order.reading', { reading_id: newId(), order_id: order.id, meter_id, value, ...(replaced ? { replaced } : {}) }, visit);
}

export async function finishOrder(owner: string, order: About, result: string, labour_minutes: number, visit: string | null): Promise<void> {
  await say(owner, order, 'order.finish', { order_id: order.id, result, labour_minutes }, visit);
}

export const signOrder = (owner: string, order: About, signer: string, strokes: [number, number][][]): Promise<void> => say(owner, order, 'order.sign', { order_id: order.id, signer, strokes });
