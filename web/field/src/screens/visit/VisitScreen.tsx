import { useLiveQuery } from 'dexie-react-hooks';
import { type ReactNode, Suspense, lazy, useEffect, useRef, useState } from 'react';
import type { StepValue, SyncBodies } from '@tashi/shared/api';
import { commonText, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useAwake } from '../../app/awake.ts';
import { useField } from '../../app/context.tsx';
import { freshFix, usePosition } from '../../location/here.ts';
import { KeptBadge, VisitKept, useVisitRows } from '../../shell/KeptBadge.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { shellText } from '../../shell/text.ts';
import { db } from '../../sync/store.ts';
import { type Kept, ofStep } from '../../work/kept.ts';
import { finishStep, saveAnswer, skipStep } from '../../work/record.ts';
import { type StepPlace, currentStep, lackOf, placeSteps } from '../../work/steps.ts';
import { type LocalVisit, stayS } from '../../work/visit.ts';
import { OwnFields, hasOwn } from '../customers/OwnFields.tsx';
import { StepEditor, useStepTitle } from './StepEditor.tsx';
import { visitText } from './text.ts';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));

export function VisitScreen({ visitId }: { visitId: string }) {
  const s = useT(shellText);
  const visit = useLiveQuery(() => db.visits.get(visitId).then((found) => found ?? null), [visitId]);
  if (visit === undefined) return <div className="phone" />;
  if (visit === null) {
    return <Page title={s('today')} backTo="/"><Empty title={s('notOnPhone')} text={s('notOnPhoneText')} action={<Link to="/" className="textlink">{s('toToday')}</Link>} /></Page>;
  }
  return <Steps visit={visit} />;
}

/** Which step, what is left, is it safe? */
function Steps({ visit }: { visit: LocalVisit }) {
  const t = useT(visitText);
  const f = useFormat();
  const titleOf = useStepTitle();
  usePosition(visit.status === 'open');
  useAwake(visit.status === 'open');
  const places = placeSteps(visit.steps, visit.answers);
  const refused = useRefusedSteps(visit.id);
  const rows = useVisitRows(visit.id);
  // What is practised has no entries: it stays here.
  const kept = (those: (all: readonly Kept[]) => readonly Kept[]) => (rows && !visit.practice ? <KeptBadge rows={those(rows)} /> : null);
  // After check-out only what the server refused may still be mended.
  const open = visit.status === 'open' ? currentStep(places, visit.current) : (places.find((p) => p.answer.status === 'todo' && refused.has(p.step.id)) ?? null);
  const [complained, setComplained] = useState<string | null>(null);
  const [skipping, setSkipping] = useState(false);
  const box = useRef<HTMLLIElement>(null);
  const openId = open?.step.id ?? null;
  useEffect(() => { void box.current?.scrollIntoView({ block: 'nearest' }); }, [openId, complained]);
  const lack = open ? lackOf(open.step, open.answer) : null;
  const at = open ? places.indexOf(open) + 2 : places.length + 2;

  const change = (value: StepValue) => { if (open) void saving(saveAnswer(visit.id, open.step.id, { value })); };
  const advance = async () => {
    if (!open) return go(`/visit/${visit.id}/finish`);
    if (lack?.code === 'scan' || lack?.code === 'proof') return setComplained(open.step.id);
    if (lack?.code === 'guide') return go(`/visit/${visit.id}/guide/${open.step.id}`);
    if (open.step.kind === 'photo' && lack?.code === 'photos_min') return go(`/visit/${visit.id}/camera/${open.step.id}`);
    if (open.step.kind === 'form') return go(`/visit/${visit.id}/form/${open.step.id}`);
    // The screen may be one write behind the finger, so what is on the disk decides.
    await saving(finishStep(visit.id, open.step, freshFix()).then((lacking) => setComplained(lacking ? open.step.id : null)));
  };

  return (
    <Page
      title={visit.practice ? t('practiceTitle') : visit.customer.name} sub={<StayLine visit={visit} />} backTo={visit.practice ? '/practice' : '/'}
      right={
        <>
          <Link to="/knowledge" className="ib" aria-label={t('knowledge')}><Icon name="book" size={22} /></Link>
          {visit.practice ? null : <Link to={`/customers/${visit.customer.id}`} className="ib" aria-label={t('customer')}><Icon name="info" size={22} /></Link>}
        </>
      }
      head={
        <>
        {visit.practice ? <PracticeBanner /> : null}
        <div style={{ padding: '6px 16px 12px', borderBottom: '1px solid var(--line)', flex: 'none' }}>
          <div className="pips" aria-hidden="true"><i className="f" />{places.map((p) => <i key={p.step.id} className={p === open ? 'n' : p.state === 'done' ? 'f' : p.state === 'skipped' ? 's' : ''} />)}<i className={visit.status === 'done' ? 'f' : open ? '' : 'n'} /></div>
          <div className="row m2" style={{ font: '13px/18px var(--font)', marginTop: 7 }}>
            <span>{open ? t('position', { at, total: places.length + 2 }) : t('allDone')}</span>
            {visit.status === 'done' && !open && !visit.practice ? <span className="end"><VisitKept visit={visit} /></span> : <span className="end row g4 fg-visit"><Icon name="okCircle" size={15} weight={2} />{t('saved', { time: f.timeSeconds(visit.saved_at) })}</span>}
          </div>
        </div>
        </>
      }
      foot={
        visit.status === 'done' && !open ? (
          <button type="button" className="cta" onClick={() => go(visit.practice ? '/practice' : '/')}>{t(visit.practice ? 'practiceOver' : 'already')}</button>
        ) : (
          <div className="row">
            {open && visit.status === 'open' ? <button type="button" className="cta sec" style={{ width: 112, flex: 'none' }} onClick={() => setSkipping(true)}>{t('skip')}</button> : null}
            <button type="button" className="cta" onClick={() => void advance()}>
              {lack?.code === 'guide' ? <Icon name="book" size={22} weight={2} /> : open?.step.kind === 'photo' && lack?.code === 'photos_min' ? <Icon name="camera" size={22} weight={2} /> : null}
              <span className="clip">{!open ? t('toFinish') : lack?.code === 'guide' ? t('guideFirst') : open.step.kind === 'photo' && lack?.code === 'photos_min' ? t('nextPhoto', { title: titleOf(open.step) }) : t(open.step.kind === 'form' && lack?.code !== 'proof' ? 'fillIn' : 'complete', { title: titleOf(open.step) })}</span>
            </button>
          </div>
        )
      }
    >
      <TaskFacts visit={visit} />
      <ol aria-label={t('steps')} style={{ paddingTop: 8 }}>
        <li className="stp f r"><Mark><Icon name="check" size={16} weight={2.8} /></Mark><div className="b">{t('checkIn')} <small><CheckInFacts visit={visit} /></small></div>{kept((all) => all.filter((row) => row.id === visit.check_in.entry))}</li>
        {places.map((place, i) => (
          <li key={place.step.id} ref={place === open ? box : undefined} className={`stp ${place === open ? 'n' : place.state === 'done' ? 'f' : place.state === 'skipped' ? 's' : place.state === 'locked' ? 'l' : ''}${place !== open && isSettled(place) ? ' r' : ''}`} aria-current={place === open ? 'step' : undefined}>
            <Mark>{place.state === 'done' ? <Icon name="check" size={16} weight={2.8} /> : place.state === 'skipped' ? <Icon name="minus" size={16} weight={2.4} /> : place.state === 'locked' ? <Icon name="lock" size={14} weight={2} /> : i + 2}</Mark>
            <div style={{ minWidth: 0 }}>
              <StepHead place={place} visit={visit} current={place === open} refused={refused.has(place.step.id)} />
              {place === open ? <StepEditor key={place.step.id} visit={visit} step={place.step} answer={place.answer} lack={complained === place.step.id ? lack : null} onChange={change} /> : null}
            </div>
            {place !== open && isSettled(place) ? kept((all) => ofStep(all, place.step.id)) : null}
          </li>
        ))}
        <li className={`stp ${visit.status === 'done' ? 'f r' : open ? 'l' : 'n'}`}>
          <Mark>{visit.status === 'done' ? <Icon name="check" size={16} weight={2.8} /> : open ? <Icon name="lock" size={14} weight={2} /> : places.length + 2}</Mark>
          <div className="b">{t('finish')} <small>{visit.check_out_at ? f.time(visit.check_out_at) : t('finishHint')}</small></div>
          {visit.status === 'done' ? kept((all) => all.filter((row) => row.kind === 'visit.check_out' || row.kind === 'visit.summary')) : null}
        </li>
      </ol>
      {skipping && open ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('skipTitle', { title: titleOf(open.step) })} reasons={[t('skipAbsent'), t('skipNone'), t('skipRefused'), t('skipTime'), t('skipOther')]}
            ownWords={t('skipWhy')} confirmText={t('skipDo')} onClose={() => setSkipping(false)}
            onReason={async (reason) => {
              setSkipping(false);
              setComplained(null);
              await saving(skipStep(visit.id, open.step, reason, freshFix()));
            }}
          />
        </Suspense>
      ) : null}
    </Page>
  );
}

/** Done or left out: there is a record of it. */
const isSettled = (place: StepPlace): boolean => place.state === 'done' || place.state === 'skipped';

/** What the company said of the task in fields of its own. */
function TaskFacts({ visit }: { visit: LocalVisit }) {
  const { snapshot } = useField();
  const task = snapshot?.tasks.find((one) => one.id === visit.task_id);
  if (!task || !hasOwn(task.custom, snapshot?.task_fields)) return null;
  return <dl className="card mx dl" style={{ padding: '10px 14px', marginTop: 8, font: '14px/22px var(--font)' }}><OwnFields answers={task.custom} spec={snapshot?.task_fields} /></dl>;
}

/** Said wherever a practice is on the screen. */
export function PracticeBanner() {
  const t = useT(visitText);
  return <p className="banner practice" role="status"><Icon name="flag" size={18} />{t('practiceBanner')}</p>;
}

/** Steps whose record the server has refused. */
function useRefusedSteps(visitId: string): ReadonlySet<string> {
  const rows = useLiveQuery(() => db.outbox.where('visit_id').equals(visitId).filter((row) => row.status === 'refused' && row.kind === 'visit.step').toArray(), [visitId]);
  return new Set(rows?.map((row) => (row.body as SyncBodies['visit.step']).step_id));
}

function Mark({ children }: { children: ReactNode }) {
  return <div className="m" aria-hidden="true"><span>{children}</span></div>;
}

function StepHead({ place, visit, current, refused }: { place: StepPlace; visit: LocalVisit; current: boolean; refused: boolean }) {
  const t = useT(visitText);
  const f = useFormat();
  const titleOf = useStepTitle();
  const { step, answer, state, waitsFor } = place;
  const time = f.time(answer.ended_at ?? answer.started_at);
  const value = Array.isArray(answer.value) ? f.names(answer.value.map(String)) : typeof answer.value === 'boolean' ? t(answer.value ? 'yes' : 'no') : answer.value === null || typeof answer.value === 'object' ? '' : String(answer.value);
  const facts =
    refused ? t('refused')
    : state === 'done' && step.kind === 'photo' ? t('photosTaken', { time, count: answer.photo_ids.length })
    : state === 'done' ? (value ? t('doneWith', { time, value: [...value].slice(0, 24).join('') }) : t('doneAt', { time }))
    : state === 'skipped' ? t('skippedBecause', { reason: answer.reason ?? '' })
    : state === 'locked' && waitsFor && !current ? t('lockedBy', { title: titleOf(waitsFor) })
    : step.mandatory ? '' : t('optional');
  const words = <>{titleOf(step)} <small className={refused ? 'fg-problem' : undefined}>{facts}</small></>;
  if ((visit.status === 'open' || refused) && (state === 'done' || state === 'skipped')) {
    return <button type="button" className="b" aria-label={state === 'done' ? t('stepDone', { title: titleOf(step) }) : undefined} onClick={() => void saving(saveAnswer(visit.id, step.id, { status: 'todo' }))}>{words}</button>;
  }
  if (visit.status === 'open' && state === 'open' && !current) {
    return <button type="button" className="b" onClick={() => void saving(saveAnswer(visit.id, step.id, {}))}>{words}</button>;
  }
  return <div className="b">{words}</div>;
}

function CheckInFacts({ visit }: { visit: LocalVisit }) {
  const t = useT(visitText);
  const c = useT(commonText);
  const f = useFormat();
  const { fence, fix, at, outside } = visit.check_in;
  const why = outside ? f.aside(c(`outside.${outside.code}`), outside.words) : null;
  return <>{f.dots([fence && fix ? t('checkInFacts', { time: f.time(at), distance: f.distance(fence.distanceM), accuracy: Math.round(fix.accuracy_m), verdict: c(`verdict.${fence.verdict}`) }) : t('checkInPlain', { time: f.time(at) }), why])}</>;
}

/** How long in the shop, and what is left to the rule: a quiet counter, not a block. */
export function StayLine({ visit }: { visit: LocalVisit }) {
  const t = useT(visitText);
  const f = useFormat();
  useNow(1000);
  const stay = stayS(visit, Date.now());
  const minutes = Math.floor(stay / 60);
  const rule = Math.round(visit.min_stay_s / 60);
  if (visit.check_out_at) return <>{t('closed', { from: f.time(visit.check_in.at), to: f.time(visit.check_out_at), minutes })}</>;
  if (rule === 0) return <>{t('inShop', { minutes })}</>;
  return <>{stay >= visit.min_stay_s ? t('inShopFull', { minutes, rule }) : t('inShopMore', { minutes, rule, left: f.duration(visit.min_stay_s - stay) })}</>;
}
