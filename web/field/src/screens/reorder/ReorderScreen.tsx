import { useLiveQuery } from 'dexie-react-hooks';
import { type PointerEvent, Suspense, lazy, useEffect, useMemo, useRef, useState } from 'react';
import type { Id, ReorderCode, SyncBodies } from '@tashi/shared/api';
import { serverNow, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Sums } from '@tashi/shared/plan/ChangeTable.tsx';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { brokenText, secondText } from '@tashi/shared/plan/words.ts';
import { GradeTag, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useField, useStops, useToday } from '../../app/context.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { back, useLocation } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { type Stop, isClosed, minuteOf } from '../../work/day.ts';
import { reorderPlan } from '../../work/record.ts';
import { begunOf, lateStops, merge, moved, turnsLocked, waits, workOut } from '../../work/reorder.ts';
import { Choose } from '../approvals/Choose.tsx';
import { reorderText } from './text.ts';
import './reorder.css';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));
const CODES: readonly ReorderCode[] = ['traffic', 'customer_time', 'urgent', 'shorter', 'other'];

/** Another order of the open stops: dragged or moved by buttons, with what it costs said at once. */
export function ReorderScreen() {
  const t = useT(reorderText);
  const { snapshot } = useField();
  const day = useToday();
  const data = useStops();
  const wishId = useLocation().query.get('wish');
  const wish = useLiveQuery(async () => (wishId ? ((await db.outbox.get(wishId)) ?? null) : null), [wishId]);
  const plan = snapshot?.plans.find((p) => p.day === day && p.status === 'planned') ?? null;
  if (!data || wish === undefined) return <Page title={t('title')} backTo="/"><SkeletonRows rows={5} height={72} /></Page>;
  const stops = plan ? data.stops.filter((stop) => stop.task.plan_id === plan.id) : [];
  const open = stops.filter(waits);
  if (!plan || !snapshot) return <Page title={t('title')} backTo="/"><Empty title={t('noPlan')} text={t('over')} /></Page>;
  if (open.length < 2) return <Page title={t('title')} backTo="/"><Empty title={t('few')} /></Page>;
  const refused = wish?.kind === 'plan.reorder' && wish.status === 'refused' ? { id: wish.id, order: (wish.body as SyncBodies['plan.reorder']).order, why: wish.refusal?.title ?? '', locked: wish.refusal?.code === 'board.locked' } : null;
  return <Orderly key={refused?.id ?? plan.id} plan={plan} stops={stops} refused={refused} />;
}

function Orderly({ plan, stops, refused }: { plan: { id: Id; version: number }; stops: readonly Stop[]; refused: { id: Id; order: readonly Id[]; why: string; locked: boolean } | null }) {
  const t = useT(reorderText);
  const c = useT(planChangeText);
  const f = useFormat();
  const { owner, snapshot } = useField();
  useNow(60_000);
  const open = useMemo(() => stops.filter(waits).map((stop) => stop.task), [stops]);
  const ids = open.map((task) => task.id);
  const locked = new Set(open.filter((task) => task.locked).map((task) => task.id));
  const over = new Set(stops.filter((stop) => !waits(stop) && (isClosed(stop.status) ? stop.status !== 'cancelled' : true)).map((stop) => stop.task.id));
  const laid = refused ? merge(refused.order, ids, over, locked) : null;
  const [chosen, setChosen] = useState<readonly Id[]>(laid?.order ?? ids);
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  const [turned, setTurned] = useState(false);
  // The dispatcher or a visit may change the day while this is open: the order follows.
  const order = merge(chosen, ids, over, locked).order;
  const rule = snapshot?.plan_rule?.reorder ?? 'free';
  const ways = snapshot?.ways?.plan_id === plan.id ? snapshot.ways : null;
  const taskOf = (id: Id) => open.find((task) => task.id === id);
  const tasks = order.flatMap((id) => taskOf(id) ?? []);
  const nowS = minuteOf(serverNow(), snapshot?.me.company.time_zone ?? 'UTC') * 60;
  const begun = begunOf(stops);
  const after = ways ? workOut(ways, begun, tasks, nowS) : null;
  const before = ways ? workOut(ways, begun, open, nowS) : null;
  const same = order.join() === ids.join();
  const late = after ? lateStops(after) : 0;

  const put = (next: readonly Id[], id: Id) => {
    if (turnsLocked(ids, next, locked)) {
      setTurned(true);
      return setSaid(t('turned'));
    }
    setTurned(false);
    setChosen(next);
    setSaid(t('place', { name: taskOf(id)?.customer.name ?? '', at: next.indexOf(id) + 1, count: next.length }));
  };
  const { rows, grab, held } = useDrag(order, put, (id) => !locked.has(id) && rule !== 'no');
  const save = async (chosenReason: number, words: string) => {
    setAsking(false);
    const code = CODES[chosenReason] ?? 'other';
    if (!(await saving(reorderPlan(owner, plan, order, code, words, refused?.id ?? null)))) return;
    toast(t(rule === 'approval' ? 'savedWaits' : 'saved'));
    back('/');
  };
  const name = (id: Id) => stops.find((stop) => stop.task.id === id)?.task.customer.name ?? '—';
  return (
    <Page
      title={t('title')} backTo="/"
      right={same ? undefined : <button type="button" className="textlink" style={{ width: 'auto', minHeight: 48 }} onClick={() => { setChosen(ids); setSaid(''); setTurned(false); }}>{t('reset')}</button>}
      foot={rule === 'no' ? null : <button type="button" className="cta" disabled={same} style={same ? { opacity: 0.55 } : undefined} onClick={() => setAsking(true)}><Icon name="check" size={22} weight={2} />{t(same ? 'same' : rule === 'approval' ? 'hand' : 'save')}</button>}
    >
      {refused && laid ? (
        <div className="say late mx" role="status" style={{ marginBottom: 10 }}>
          <Icon name="info" size={22} />
          <div>{t(refused.locked ? 'againLocked' : 'again', { why: refused.why })}{laid.added.length ? <span className="ro-line">{t('added', { names: f.names(laid.added.map(name)) })}</span> : null}{laid.gone.length ? <span className="ro-line">{t('gone', { names: f.names(laid.gone.map(name)) })}</span> : null}</div>
        </div>
      ) : null}
      <p className={rule === 'no' ? 'say late mx' : 'mx m2 ro-rule'}><Icon name={rule === 'no' ? 'lock' : 'info'} size={18} />{t(`rule.${rule}`)}</p>
      <section className="card mx ro-sums" aria-live="polite">
        {before && after ? <Sums before={before} after={after} /> : <p className="m2">{t('noWays')}</p>}
        {late > 0 ? <p className="row g6 fg-late ro-late"><Icon name="clock" size={17} weight={2} />{t('late', { count: late })}</p> : null}
      </section>
      <ol className="ro-list" aria-label={t('list')} ref={rows}>
        {order.map((id, k) => {
          const task = taskOf(id);
          const stop = after?.stops.find((one) => one.task_id === id);
          if (!task) return null;
          const still = task.locked || rule === 'no';
          const { customer } = task;
          return (
            <li key={id} data-id={id} className={`ro-stop${held === id ? ' held' : ''}`}>
              <button type="button" className="ro-grab" disabled={still} aria-label={still ? t('locked') : t('drag', { name: customer.name })} onPointerDown={(e) => grab(e, id)} onKeyDown={(e) => { if (e.key === 'ArrowUp' || e.key === 'ArrowDown') { e.preventDefault(); put(moved(order, id, e.key === 'ArrowUp' ? -1 : 1), id); } }}>
                <Icon name={still ? 'lock' : 'grip'} size={20} />
              </button>
              <span className="ro-no" aria-hidden="true">{k + 1}</span>
              <div className="ro-words">
                <b className="row g4">{customer.grade ? <GradeTag grade={customer.grade} /> : null}<span className="clip">{customer.name}</span></b>
                <span className="d m2">{f.dots([stop ? secondText(f, stop.begin_s) : null, t('window', { window: f.window(task.window) }), task.locked ? t('lockedShort') : null])}</span>
                {stop?.broken.map((one) => <span key={one.rule} className="row g4 fg-late ro-broken"><Icon name="clock" size={14} weight={2} />{brokenText(c, f, one)}</span>)}
              </div>
              <span className="ro-keys">
                <button type="button" disabled={still || k === 0} aria-label={t('up', { name: customer.name })} onClick={() => put(moved(order, id, -1), id)}><Icon name="up" size={22} /></button>
                <button type="button" disabled={still || k === order.length - 1} aria-label={t('down', { name: customer.name })} onClick={() => put(moved(order, id, 1), id)}><Icon name="down" size={22} /></button>
              </span>
            </li>
          );
        })}
      </ol>
      <p className={turned ? 'say late mx' : 'sr'} role="status">{turned ? <Icon name="lock" size={18} /> : null}{said}</p>
      {asking ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('whyTitle')} reasons={CODES.map((code) => c(`why.${code}`))} ownWords={t('ownWords')} moreWords={t('moreWords')} confirmText={t(rule === 'approval' ? 'hand' : 'save')}
            onClose={() => setAsking(false)} onReason={(_, k, words) => void save(k, words)}
          >
            {rule === 'approval' ? <Choose kind="plan_change" place={`plan.reorder/${plan.id}`} /> : null}
          </ReasonSheet>
        </Suspense>
      ) : null}
    </Page>
  );
}

/** Takes a row by its handle and lets it change places with those it passes. */
function useDrag(order: readonly Id[], put: (next: readonly Id[], id: Id) => void, may: (id: Id) => boolean) {
  const rows = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<Id | null>(null);
  const latest = useRef({ order, put });
  latest.current = { order, put };
  useEffect(() => {
    if (held === null) return undefined;
    const move = (event: globalThis.PointerEvent) => {
      const { order: now, put: place } = latest.current;
      const at = now.indexOf(held);
      const middle = (k: number) => {
        const box = rows.current?.querySelector(`[data-id="${now[k]}"]`)?.getBoundingClientRect();
        return box ? box.top + box.height / 2 : null;
      };
      const [above, below] = [middle(at - 1), middle(at + 1)];
      if (above !== null && event.clientY < above) place(moved(now, held, -1), held);
      else if (below !== null && event.clientY > below) place(moved(now, held, 1), held);
    };
    const drop = () => setHeld(null);
    addEventListener('pointermove', move);
    addEventListener('pointerup', drop);
    addEventListener('pointercancel', drop);
    return () => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', drop);
      removeEventListener('pointercancel', drop);
    };
  }, [held]);
  const grab = (event: PointerEvent, id: Id) => {
    if (!may(id)) return;
    event.preventDefault();
    (event.target as Element).releasePointerCapture?.(event.pointerId);
    setHeld(id);
  };
  return { rows, grab, held };
}
