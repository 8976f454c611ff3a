/**
 * Positions of the working day while the app is open: only in duty time and in no private trip, only with consent, only under a policy
 * that is not off. Each fix is on the phone's disk before it may travel. With the screen off a web app records
 * nothing; the set-up page for tracker apps says so.
 */
import { newId } from '@tashi/shared/api/id.ts';
import type { TrackFix } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';
import { keepAwake } from '../app/awake.ts';
import { localDay } from '../app/clock.ts';
import { distanceM } from '@tashi/shared/geo/measure.ts';
import { drain } from '../sync/drain.ts';
import { type OutboxRow, type SnapshotRow, append, db, save } from '../sync/store.ts';
import { minuteOf, onDuty } from '../work/day.ts';
import { type PrivateTrip, tripAt } from '../work/private.ts';
import { batteryPercent, lowBattery } from './battery.ts';
import { bursting } from './burst.ts';
import { type Fix, currentPosition, watchPosition } from './here.ts';

/** A batch is closed and sent after this long, ms. */
const BATCH_MS = 30_000;
const BATCH_MAX = 500;

export interface TrackingRule {
  owner: string;
  snapshot: Pick<SnapshotRow, 'policy' | 'calendar_today' | 'day' | 'me'>;
  consented: boolean;
  /** Private trips of today. */
  private?: readonly PrivateTrip[];
}

/** Why a fix at this moment may or may not be kept. Without today's calendar nothing is recorded. */
export function mayRecord({ snapshot, consented, private: trips = [] }: TrackingRule, at: number): 'yes' | 'no_consent' | 'policy_off' | 'off_duty' | 'private' | 'calendar_unknown' {
  if (!consented) return 'no_consent';
  if (!snapshot.policy || snapshot.policy.mode === 'off') return 'policy_off';
  const zone = snapshot.me.company.time_zone;
  if (new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at) !== snapshot.day) return 'calendar_unknown';
  if (!onDuty(snapshot.calendar_today, minuteOf(at, zone))) return 'off_duty';
  return tripAt(trips, at) ? 'private' : 'yes';
}

/**
 * True when this fix adds something to the last one kept: enough time, or enough way. On a low battery the interval doubles, but never
 * beyond the heartbeat: nobody shall seem lost because his phone is sparing.
 */
export function isNews(policy: { interval_s: number; distance_m: number; heartbeat_s: number }, last: Fix | null, fix: Fix, low = false): boolean {
  if (!last) return true;
  const seconds = (Date.parse(fix.t) - Date.parse(last.t)) / 1000;
  const interval = Math.max(1, policy.interval_s);
  if (seconds < (low ? Math.max(interval, Math.min(2 * interval, policy.heartbeat_s)) : interval)) return false;
  return seconds >= policy.heartbeat_s || distanceM(last.at, fix.at) >= policy.distance_m;
}

/** Records while the page is open, with the screen kept on in duty time if the person chose so; returns the way to stop. */
export function startTracking(rule: TrackingRule, awake: boolean): () => void {
  let last: Fix | null = null;
  let seen: Fix | null = null;
  let leave: (() => void) | null = null;
  let sleep: (() => void) | null = null;
  const tick = () => {
    // The receiver itself is off outside duty time.
    const wanted = mayRecord(rule, serverNow()) === 'yes';
    if (wanted && !leave) {
      leave = watchPosition();
      sleep = awake ? keepAwake() : null;
    }
    if (!wanted && leave) {
      leave();
      sleep?.();
      leave = sleep = null;
    }
    const { fix } = currentPosition();
    const policy = rule.snapshot.policy;
    if (wanted && policy && fix && fix !== seen) {
      seen = fix;
      if (mayRecord(rule, Date.parse(fix.t) - Date.now() + serverNow()) === 'yes' && (bursting() || isNews(policy, last, fix, lowBattery()))) {
        last = fix;
        void keep(rule.owner, fix);
      }
    }
    void seal(rule.owner, false);
  };
  void batteryPercent();
  void seal(rule.owner, true);
  const timer = setInterval(tick, 1000);
  tick();
  return () => {
    clearInterval(timer);
    leave?.();
    sleep?.();
    void seal(rule.owner, true);
  };
}

/** Appends to the open batch, on disk. */
async function keep(owner: string, fix: Fix): Promise<void> {
  const battery = await batteryPercent();
  const { at, accuracy_m, t, speed_mps, bearing_deg, altitude_m } = fix;
  const point: TrackFix = {
    t, at, accuracy_m, ...(speed_mps === undefined ? {} : { speed_mps }), ...(bearing_deg === undefined ? {} : { bearing_deg }),
    ...(altitude_m === undefined ? {} : { altitude_m }), ...(battery === null ? {} : { battery }),
  };
  await db.transaction('rw', db.outbox, async () => {
    const open = await db.outbox.where('[owner+status]').equals([owner, 'open']).first();
    if (open) {
      const { fixes } = open.body as { fixes: TrackFix[] };
      if (fixes.length < BATCH_MAX) return void (await db.outbox.put({ ...open, body: { fixes: [...fixes, point] } }));
      await save([[open.id, { to: 'queued' }]]);
    }
    const row: Omit<OutboxRow, 'seq'> = {
      id: newId(), owner, lane: 'fixes', needs: [], size: 0, restarts: 0, status: 'open', receipt: null, refusal: null, kind: 'fixes', at: t,
      body: { fixes: [point] }, visit_id: null, about: '', day: localDay(serverNow()), app: '', offline: navigator.onLine === false, receipt_epoch: '', sent: 0,
    };
    await append([row]);
  });
}

/** Closes a batch that is old enough, or any batch at start and stop. */
export async function seal(owner: string, always: boolean): Promise<void> {
  const open = await db.outbox.where('[owner+status]').equals([owner, 'open']).toArray();
  const ready = open.filter((row) => always || Date.now() - Date.parse(row.at) >= BATCH_MS);
  if (ready.length === 0) return;
  await save(ready.map((row) => [row.id, { to: 'queued' }] as const));
  void drain(false);
}
