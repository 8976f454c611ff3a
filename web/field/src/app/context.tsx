/** What every screen may ask: who, which day, what is waiting. All of it lives on the phone. */
import Dexie from 'dexie';
import { useLiveQuery } from 'dexie-react-hooks';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { SyncBodies } from '@tashi/shared/api';
import { serverNow, useNow } from '@tashi/shared/i18n';
import { localDay } from './clock.ts';
import { type Flying, onFlying } from '../sync/drain.ts';
import { type OutboxRow, type Session, type SnapshotRow, db } from '../sync/store.ts';
import { usePosition } from '../location/here.ts';
import { type Here, type Stop, type TaskNews, stopsOf } from '../work/day.ts';
import { type PrivateNews, type PrivateTrip, tripsOf } from '../work/private.ts';
import { type Wish, skipHolds, timed, withWish } from '../work/reorder.ts';
import type { Refusal } from '../sync/entry.ts';
import type { LocalVisit } from '../work/visit.ts';

export interface Field {
  session: Session;
  owner: string;
  /** Null until the first snapshot has arrived on this phone. */
  snapshot: SnapshotRow | null;
}

export const FieldContext = createContext<Field | null>(null);

export function useField(): Field {
  const field = useContext(FieldContext);
  if (!field) throw new Error('This screen needs a signed-in person');
  return field;
}

/** Today in the company's zone, following midnight. */
export function useToday(): string {
  useNow(30_000);
  return localDay(serverNow());
}

export function useOnline(): boolean {
  return useSyncExternalStore((listener) => {
    addEventListener('online', listener);
    addEventListener('offline', listener);
    return () => {
      removeEventListener('online', listener);
      removeEventListener('offline', listener);
    };
  }, () => navigator.onLine);
}

export interface SyncState {
  online: boolean;
  /** Records and files that want to go. */
  waiting: number;
  refused: number;
  flying: Flying;
}

/** What is travelling now. */
export function useFlying(): Flying {
  const [flying, setFlying] = useState<Flying>({ ids: [], offset: null });
  useEffect(() => onFlying(setFlying), []);
  return flying;
}

export function useSync(): SyncState {
  const { owner } = useField();
  const online = useOnline();
  const flying = useFlying();
  const counts = useLiveQuery(async () => ({
    // Positions leave every half minute by themselves; counted, the badge would never rest.
    waiting: await db.outbox.where('[owner+status]').equals([owner, 'queued']).filter((row) => row.lane !== 'fixes').count(),
    refused: await db.outbox.where('[owner+status]').equals([owner, 'refused']).count(),
  }), [owner]);
  return { online, waiting: counts?.waiting ?? 0, refused: counts?.refused ?? 0, flying };
}

export function useVisits(): LocalVisit[] | undefined {
  const { owner } = useField();
  return useLiveQuery(() => db.visits.where('owner').equals(owner).toArray(), [owner]);
}

/** Today's private trips with everything this phone knows; undefined while it reads. */
export function usePrivateTrips(): PrivateTrip[] | undefined {
  const { owner, snapshot } = useField();
  const day = useToday();
  const news = useLiveQuery(async () => {
    const rows = await db.outbox.where('[owner+day]').between([owner, day], [owner, Dexie.maxKey])
      .filter((row) => (row.kind === 'private.start' || row.kind === 'private.end') && row.status !== 'refused' && row.status !== 'set_aside').toArray();
    // The entry speaks by the phone's clock; duty time runs by the server's.
    return rows.map((row): PrivateNews => ({ kind: row.kind as PrivateNews['kind'], trip_id: (row.body as { trip_id: string }).trip_id, at: Math.round((Date.parse(row.at) - Date.now() + serverNow()) / 1000) * 1000 }));
  }, [owner, day]);
  return useMemo(() => news && tripsOf(snapshot?.day === day ? (snapshot.private_today ?? []) : [], news), [snapshot, day, news]);
}

const isNews = (row: OutboxRow) => (row.kind === 'task.accept' || row.kind === 'task.skip' || row.kind === 'task.on_the_way') && row.status !== 'refused' && row.status !== 'set_aside';

/** What this phone has recorded of the day's order and of visits left out. */
interface DayNews {
  news: (TaskNews & { id: string })[];
  wish: Wish | null;
  /** Another order the server did not take, which the person has not looked at. */
  refused: { id: string; refusal: Refusal | null } | null;
}

export interface Stops {
  stops: Stop[];
  openVisit: LocalVisit | null;
  here: Here | null;
  /** The order on the screen is this phone's; the server has not put it into the plan yet. */
  pending: boolean;
  refused: DayNews['refused'];
}

/** Today's stops with everything this phone knows; undefined while it reads. */
export function useStops(): Stops | undefined {
  const { owner, snapshot } = useField();
  const day = useToday();
  const visits = useVisits();
  const { fix } = usePosition(false);
  const news = useLiveQuery(async () => {
    const rows = await db.outbox.where('[owner+day]').between([owner, day], [owner, Dexie.maxKey]).filter((row) => isNews(row) || row.kind === 'plan.reorder').sortBy('seq');
    const orders = rows.filter((row) => row.kind === 'plan.reorder');
    const last = orders.filter((row) => row.status !== 'refused' && row.status !== 'set_aside').pop();
    const refused = orders.filter((row) => row.status === 'refused').pop();
    return {
      news: rows.filter(isNews).map((row) => ({ id: row.id, kind: row.kind as TaskNews['kind'], ...(row.body as { task_id: string; reason?: string }) })),
      wish: last ? { id: last.id, ...(last.body as SyncBodies['plan.reorder']) } : null,
      refused: refused ? { id: refused.id, refusal: refused.refusal } : null,
    } satisfies DayNews;
  }, [owner, day]);
  return useMemo(() => {
    if (!visits || !news) return undefined;
    const here = fix ? { at: fix.at, accuracy_m: fix.accuracy_m, speed_mps: fix.speed_mps } : null;
    const plan = snapshot?.plans.find((p) => p.day === day && p.status === 'planned') ?? null;
    const rule = snapshot?.plan_rule;
    // What has to be approved first changes nothing on the screen before it is.
    const mine = withWish(snapshot?.tasks ?? [], plan, rule?.reorder === 'free' ? news.wish : null);
    const tasks = mine.pending && snapshot?.ways && plan ? timed(mine.tasks, plan.id, snapshot.ways, serverNow(), snapshot.me.company.time_zone) : mine.tasks;
    const changes = snapshot?.plans.flatMap((one) => one.changes ?? []) ?? [];
    const said = news.news.filter((one) => one.kind !== 'task.skip' || skipHolds(one.id, changes, rule?.skip ?? 'free'));
    return { here, openVisit: visits.find((v) => v.status === 'open') ?? null, stops: stopsOf(tasks, day, said, visits, here), pending: mine.pending, refused: news.refused };
  }, [snapshot, day, visits, news, fix]);
}
