import { useLiveQuery } from 'dexie-react-hooks';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import type { SkipCode, Task } from '@tashi/shared/api';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useField, useOnline, useStops, useToday, useVisits } from '../../app/context.tsx';
import { usePosition } from '../../location/here.ts';
import { VisitKept } from '../../shell/KeptBadge.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { db, setKey } from '../../sync/store.ts';
import { saving } from '../../shell/saving.ts';
import { type Action, type Stop, isClosed, nextAction } from '../../work/day.ts';
import { stayS } from '../../work/visit.ts';
import { acceptTasks, readPlan, skipTask } from '../../work/record.ts';
import { Choose } from '../approvals/Choose.tsx';
import { OrderLine } from './OrderLine.tsx';
import { useMustReads } from '../../work/library.ts';
import { PrivacyLine } from './PrivacyLine.tsx';
import { RouteSketch } from './RouteSketch.tsx';
import { StopCard } from './StopCard.tsx';
import { UrgentCards } from './UrgentCards.tsx';
import { navigateTo, openStop } from './stopActions.ts';
import { todayText } from './text.ts';

const RouteMap = lazy(() => import('./RouteMap.tsx'));
const OrderCards = lazy(() => import('../orders/OrderCards.tsx'));
const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));
const SKIPS: readonly SkipCode[] = ['closed', 'absent', 'cancelled', 'no_time', 'too_far', 'other'];

/** Stops whose arrival was said since the app was opened. */
const told = new Set<string>();

/** What next, how far am I? */
export function TodayScreen() {
  const t = useT(todayText);
  const c = useT(planChangeText);
  const f = useFormat();
  const { owner, snapshot } = useField();
  const day = useToday();
  const online = useOnline();
  const position = usePosition();
  const now = useNow(15_000);
  const data = useStops();
  const started = useLiveQuery(async () => (await db.kv.get('started'))?.value === `${owner}/${day}`, [owner, day]) ?? false;
  const [mapOpen, setMapOpen] = useState(false);
  const [skipping, setSkipping] = useState<Task | null>(null);
  const plan = snapshot?.plans.find((p) => p.day === day && p.status === 'planned') ?? null;
  const stops = data?.stops ?? [];
  // The way in the store belongs to the order in the store.
  const route = data?.pending ? null : (plan?.route ?? null);
  const skip = snapshot?.plan_rule?.skip ?? 'free';
  const skipWaits = useWaitingSkips(owner, day);
  const here = data?.here ?? null;
  const unread = snapshot?.notices.filter((n) => n.read_at === null).length ?? 0;
  const action = data ? nextAction({ stops, openVisit: data.openVisit, started, locationDenied: position.state === 'denied' }) : null;
  const facts = useStopFacts(owner, stops);

  // Said once a stop: the phone may lie in a pocket or on the seat.
  const arrivedAt = action?.is === 'check_in' && action.stop.arrived ? action.stop.task.id : null;
  const arrivedName = arrivedAt ? stops.find((s) => s.task.id === arrivedAt)?.task.customer.name : undefined;
  useEffect(() => {
    if (!arrivedAt || arrivedName === undefined || told.has(arrivedAt)) return;
    told.add(arrivedAt);
    navigator.vibrate?.(120);
    toast(t('arrivedAt', { name: arrivedName }));
  }, [arrivedAt, arrivedName, t]);

  const unreadPlan = plan && !plan.read_at ? plan.id : null;
  useEffect(() => { if (unreadPlan) void saving(readPlan(owner, unreadPlan)); }, [owner, unreadPlan]);

  const head = (
    <Link to="/inbox" className="ib" aria-label={unread > 0 ? t('noticesUnread', { count: unread }) : t('notices')}>
      <Icon name="bell" size={22} />
      {unread > 0 ? <span className="n" aria-hidden="true">{unread}</span> : null}
    </Link>
  );
  const begin = async () => {
    const fresh = stops.filter((s) => s.status === 'new').map((s) => s.task);
    if (await saving(acceptTasks(owner, fresh))) await setKey('started', `${owner}/${day}`);
  };
  return (
    <Page
      title={t('title')} sub={f.dayWeek(day)} right={head} tabs
      foot={action ? <ActionBar action={action} stops={stops} owner={owner} onStart={begin} /> : null}
    >
      {!snapshot ? (
        online ? <SkeletonRows rows={6} height={72} /> : <Empty title={t('firstTitle')} text={t('firstOffline')} />
      ) : (
        <>
          {snapshot.day !== day && stops.length === 0 ? <p className="say late mx" style={{ marginBottom: 10 }}><Icon name="info" size={20} />{t('staleDay', { day: f.day(snapshot.day) })}</p> : null}
          <UrgentCards owner={owner} calls={snapshot.urgent ?? []} online={online} />
          <MustRead />
          {snapshot.orders?.length ? <Suspense fallback={null}><OrderCards /></Suspense> : null}
          {stops.length > 0 ? (
            <section className="card mx" style={{ overflow: 'hidden', marginBottom: 10 }}>
              {mapOpen ? (
                <Suspense fallback={<RouteSketch stops={stops} route={route} here={here?.at ?? null} label={t('routeMap', { count: stops.length })} />}>
                  <RouteMap stops={stops} route={route} here={here} label={t('routeMap', { count: stops.length })} />
                </Suspense>
              ) : (
                <RouteSketch stops={stops} route={route} here={here?.at ?? null} label={t('routeMap', { count: stops.length })} />
              )}
              <Progress stops={stops} open={mapOpen} onToggle={() => setMapOpen(!mapOpen)} planM={route?.meters ?? null} doneM={snapshot.day_summary?.day === day ? snapshot.day_summary.counted_m : null} />
            </section>
          ) : null}
          {data && stops.length === 0 ? (
            <Empty title={t('emptyTitle')} text={t('emptyText')} action={<Link className="textlink" to="/new-visit">{t('nearby')}</Link>} />
          ) : null}
          {plan && data ? <OrderLine plan={plan} stops={stops} pending={data.pending} refused={data.refused} leave={snapshot.plan_rule?.reorder ?? 'free'} /> : null}
          <ol aria-label={t('list')}>
            {stops.map((stop, i) => (
              <StopCard
                key={stop.task.id} stop={stop} now={now} onOpen={() => void openStop(stop, owner, skip, setSkipping)} skipWaits={skip === 'approval' && (skipWaits?.has(stop.task.id) || plan?.changes?.some((one) => one.status === 'waiting' && one.task_id === stop.task.id)) === true}
                skipReturned={plan?.changes?.some((one) => one.status === 'returned' && one.task_id === stop.task.id) === true}
                legM={route?.legs.find((leg) => leg.to === stop.task.customer.id)?.meters ?? null}
                judged={facts?.[i]?.judged ?? null} problem={facts?.[i]?.problem ?? null} lastVisitDay={facts?.[i]?.lastVisitDay ?? null}
                highlighted={isHighlighted(stop, action)}
              />
            ))}
          </ol>
          <Extras day={day} now={now} />
          <p className="m3" style={{ textAlign: 'center', font: '13px/18px var(--font)', padding: '4px 16px 16px' }}>{t('asOf', { age: f.age(snapshot.fetched, Date.now()) })}</p>
        </>
      )}
      {skipping ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('skipTitle', { name: skipping.customer.name })} reasons={SKIPS.map((code) => c(`why.${code}`))}
            ownWords={t('skipWhy')} moreWords={t('skipMore')} confirmText={t(skip === 'approval' ? 'skipHand' : 'skipDo')} onClose={() => setSkipping(null)}
            onReason={async (_, chosen, words) => {
              setSkipping(null);
              if (await saving(skipTask(owner, skipping, SKIPS[chosen] ?? 'other', words))) toast(t(skip === 'approval' ? 'skipHanded' : 'skippedDone', { name: skipping.customer.name }));
            }}
          >
            {skip === 'approval' ? <Choose kind="plan_change" place={`task.skip/${skipping.id}`} /> : null}
          </ReasonSheet>
        </Suspense>
      ) : null}
    </Page>
  );
}

/** Tasks this phone asked to leave out and has not heard of again. */
function useWaitingSkips(owner: string, day: string): ReadonlySet<string> | undefined {
  return useLiveQuery(async () => {
    const rows = await db.outbox.where('[owner+day]').equals([owner, day]).filter((row) => row.kind === 'task.skip' && row.status === 'queued').toArray();
    return new Set(rows.map((row) => (row.body as { task_id: string }).task_id));
  }, [owner, day]);
}

/** Articles that must be read: one line until they are. */
function MustRead() {
  const t = useT(todayText);
  const f = useFormat();
  const all = useMustReads();
  const first = all[0];
  if (!first) return null;
  return (
    <Link className="say late mx must-read" to={all.length === 1 ? `/knowledge/${first.id}` : '/knowledge?must=1'}>
      <Icon name="book" size={22} />
      <div style={{ flex: 1, minWidth: 0 }}><b>{t('mustRead', { count: all.length })}</b><span className="clip" style={{ display: 'block' }}>{f.dots([first.title, first.due_day ? t('mustBy', { day: f.dayNear(first.due_day) }) : null])}</span></div>
      <Icon name="right" size={20} />
    </Link>
  );
}

/** Visits of today without a task. */
function Extras({ day, now }: { day: string; now: number }) {
  const t = useT(todayText);
  const f = useFormat();
  const extras = (useVisits() ?? []).filter((v) => v.task_id === null && v.day === day);
  if (extras.length === 0) return null;
  return (
    <>
      <h2 className="h3">{t('extras')}</h2>
      <ul className="card list mx" style={{ marginBottom: 12 }}>
        {extras.map((v) => (
          <li key={v.id}>
            <Link className="li" to={`/visit/${v.id}`}>
              <span className="ico"><Icon name={v.status === 'done' ? 'okCircle' : 'store'} size={22} /></span>
              <span style={{ minWidth: 0 }}><b className="clip">{v.customer.name}</b><span className="d" style={{ display: 'block' }}>{v.status === 'done' ? t('result', { minutes: f.minutes(stayS(v, now)), photos: v.photos.length }) : t('inShopSince', { time: f.time(v.check_in.at), minutes: f.minutes(stayS(v, now)) })}</span><span className="kept"><VisitKept visit={v} /></span></span>
              <span className="w">{v.check_out_at ? f.time(v.check_out_at) : t('inShop')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function isHighlighted(stop: Stop, action: Action | null): boolean {
  if (action?.is === 'resume') return stop.visit?.id === action.visit.id;
  return action?.is === 'check_in' && action.stop.task.id === stop.task.id;
}

/** What the phone knows of each stop's customer: the judged visit, open problems, the last time. */
function useStopFacts(owner: string, stops: readonly Stop[]) {
  const ids = stops.map((s) => s.task.customer.id).join();
  return useLiveQuery(async () => {
    const rows = await db.customers.bulkGet(stops.map((s) => [owner, s.task.customer.id] as [string, string]));
    return stops.map((stop, i) => {
      const row = rows[i];
      const judged = row?.visits.find((v) => v.task_id === stop.task.id || (stop.visit !== null && v.id === stop.visit.id)) ?? null;
      const open = row?.problems.filter((p) => p.closed_at === null) ?? [];
      return { judged, problem: open[0]?.text ?? null, lastVisitDay: row?.visits.find((v) => v.day < stop.task.day)?.day ?? null };
    });
  }, [owner, ids, stops.map((s) => s.visit?.id).join()]);
}

function Progress({ stops, planM, doneM, open, onToggle }: { stops: readonly Stop[]; planM: number | null; doneM: number | null; open: boolean; onToggle: () => void }) {
  const t = useT(todayText);
  const f = useFormat();
  const total = stops.filter((s) => s.status !== 'cancelled').length;
  const done = stops.filter((s) => s.status === 'done').length;
  const running = stops.some((s) => s.status === 'on_site') ? 1 : 0;
  const last = [...stops].reverse().find((s) => !isClosed(s.status) && s.task.eta);
  const end = last?.task.eta ? Date.parse(last.task.eta) + last.task.min_stay_s * 1000 : null;
  return (
    <div className="progress">
      <div style={{ flex: 1, minWidth: 0 }}>
        <div className="row s14" style={{ gap: '2px 10px', flexWrap: 'wrap' }}>
          <span><b style={{ fontWeight: 700 }}>{done}</b><span className="m3">{t('stopsDone', { count: total })}</span></span>
          {planM !== null ? <span><b style={{ fontWeight: 700 }}>{f.km(doneM ?? 0)}</b><span className="m3">{t('km', { km: f.km(planM, 0) })}</span></span> : null}
          {end ? <span className="m3">{t('until', { time: f.time(end) })}</span> : null}
        </div>
        <div className="pb" style={{ marginTop: 7, height: 5 }} role="progressbar" aria-valuenow={done} aria-valuemin={0} aria-valuemax={total} aria-label={t('progress', { done, total })}>
          <i style={{ width: `${total ? (100 * done) / total : 0}%`, background: 'var(--visit-mark)' }} />
          <i style={{ width: `${total ? (100 * running) / total : 0}%`, opacity: 0.55 }} />
        </div>
      </div>
      <button type="button" className="textlink" style={{ width: 'auto' }} aria-expanded={open} onClick={onToggle}>
        {open ? t('hideRoute') : t('route')}
        <Icon name={open ? 'up' : 'down'} size={18} />
      </button>
    </div>
  );
}

function ActionBar({ action, stops, owner, onStart }: { action: Action; stops: readonly Stop[]; owner: string; onStart: () => Promise<void> }) {
  const t = useT(todayText);
  const [busy, setBusy] = useState(false);
  useEffect(() => setBusy(false), [action.is]);
  const next = stops.find((s) => !isClosed(s.status)) ?? null;
  const drive = (stop: Stop) => {
    const { at, name } = stop.task.customer;
    if (at) void navigateTo(at, name, stop.task, owner, stop.status === 'on_the_way');
  };
  const short = (name: string) => name.replace(/[（(].*$/, '');
  const square = (icon: 'navigate' | 'visit', label: string, press: () => void) => (
    <button type="button" className="cta sec square" aria-label={label} onClick={press}><Icon name={icon} size={22} /></button>
  );
  return (
    <>
      <div className="row">
        {action.is === 'resume' ? <button type="button" className="cta" onClick={() => go(`/visit/${action.visit.id}`)}><Icon name="store" size={22} weight={2} /><span className="clip">{t('resume', { name: short(action.visit.customer.name) })}</span></button> : null}
        {action.is === 'start' ? (
          <>
            <button type="button" className="cta" disabled={busy} onClick={() => { setBusy(true); void onStart(); }}><Icon name="flag" size={22} weight={2} />{t('start')}</button>
            {next ? square('visit', t('checkIn', { name: next.task.customer.name }), () => go(`/check-in/${next.task.id}`)) : null}
          </>
        ) : null}
        {action.is === 'check_in' ? (
          <>
            <button type="button" className="cta" onClick={() => go(`/check-in/${action.stop.task.id}`)}><Icon name="visit" size={22} weight={2} /><span className="clip">{t('checkIn', { name: short(action.stop.task.customer.name) })}</span></button>
            {action.stop.task.customer.at ? square('navigate', t('navigate'), () => drive(action.stop)) : null}
          </>
        ) : null}
        {action.is === 'navigate' ? (
          <>
            <button type="button" className="cta" onClick={() => drive(action.stop)}><Icon name="navigate" size={22} weight={2} /><span className="clip">{t('navigateTo', { name: short(action.stop.task.customer.name) })}</span></button>
            {square('visit', t('checkIn', { name: action.stop.task.customer.name }), () => go(`/check-in/${action.stop.task.id}`))}
          </>
        ) : null}
        {action.is === 'my_day' ? <button type="button" className="cta" onClick={() => go('/me/day')}><Icon name="okCircle" size={22} weight={2} />{t('myDay')}</button> : null}
        {action.is === 'ad_hoc' ? <button type="button" className="cta" onClick={() => go('/new-visit')}><Icon name="plus" size={22} weight={2} />{t('adHoc')}</button> : null}
        {action.is === 'repair_location' ? <button type="button" className="cta" onClick={() => go('/me/permissions')}><Icon name="locate" size={22} weight={2} />{t('repair')}</button> : null}
      </div>
      <PrivacyLine />
    </>
  );
}
