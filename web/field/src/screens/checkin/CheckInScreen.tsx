import { useLiveQuery } from 'dexie-react-hooks';
import { Suspense, lazy, useEffect, useState } from 'react';
import { OUTSIDE_CODES, type Customer, type NewAttendanceRequest, type OutsideReason, type Task } from '@tashi/shared/api';
import { commonText, serverNow, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, type IconName, toast } from '@tashi/shared/ui';
import { useAwake } from '../../app/awake.ts';
import { newId } from '@tashi/shared/api/id.ts';
import { clockSkewMs } from '../../app/clock.ts';
import { useField, useOnline, useToday, useVisits } from '../../app/context.tsx';
import { confirmByPasskey, useMyPasskeys } from '../../app/passkey.ts';
import { freshFix, refreshPosition, usePosition } from '../../location/here.ts';
import { BackButton, Empty, Page, SyncBadge } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { fenceAt, matesOf } from '../../work/day.ts';
import { outsideRule } from '../../work/outside.ts';
import { overtimeFrom } from '../../work/overtime.ts';
import { checkIn, declareOvertime, openProblem } from '../../work/record.ts';
import { useStepTitle } from '../visit/StepEditor.tsx';
import { OwnFields, hasOwn } from '../customers/OwnFields.tsx';
import { Scene } from './Scene.tsx';
import type { Declared } from './OvertimeSheet.tsx';
import { checkInText } from './text.ts';
import { VerdictScale } from './VerdictScale.tsx';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));
const OvertimeSheet = lazy(() => import('./OvertimeSheet.tsx'));

type Place = Pick<Customer, 'id' | 'name' | 'grade' | 'address' | 'at' | 'radius_m'>;

/** Check-in for a task of the plan. */
export function TaskCheckIn({ taskId }: { taskId: string }) {
  const t = useT(checkInText);
  const { snapshot } = useField();
  const task = snapshot?.tasks.find((one) => one.id === taskId) ?? null;
  if (!task) return <Page title={t('title')} backTo="/"><Empty title={t('taskGone')} action={<Link to="/" className="textlink">{t('toToday')}</Link>} /></Page>;
  return <CheckIn place={task.customer} task={task} />;
}

/** Check-in at a customer without a task: an unplanned visit. */
export function CustomerCheckIn({ customerId }: { customerId: string }) {
  const t = useT(checkInText);
  const { owner } = useField();
  const row = useLiveQuery(() => db.customers.get([owner, customerId]).then((found) => found ?? null), [owner, customerId]);
  if (row === undefined) return <Page title={t('title')} backTo="/" />;
  if (row === null) return <Page title={t('title')} backTo="/"><Empty title={t('taskGone')} action={<Link to="/" className="textlink">{t('toToday')}</Link>} /></Page>;
  return <CheckIn place={row.customer} task={null} />;
}

/** Why it was not confirmed who checks in, and the check-in that waits for it. */
interface Unconfirmed {
  why: 'identityCancelled' | 'identityUnable' | 'identityNone';
  outside?: OutsideReason;
}

type Verdict = 'in' | 'out' | 'cannot_tell' | 'searching' | 'noPlace' | 'unavailable' | 'denied';
const LOOK: Record<Verdict, { tone: string; icon: IconName }> = {
  in: { tone: 'in', icon: 'okCircle' }, out: { tone: 'out', icon: 'xCircle' }, cannot_tell: { tone: 'cannot_tell', icon: 'unknownCircle' },
  searching: { tone: 'none', icon: 'locate' }, noPlace: { tone: 'cannot_tell', icon: 'unknownCircle' },
  unavailable: { tone: 'cannot_tell', icon: 'unknownCircle' }, denied: { tone: 'cannot_tell', icon: 'unknownCircle' },
};

/** May I check in, and if not, why and what then? */
function CheckIn({ place, task }: { place: Place; task: Task | null }) {
  const t = useT(checkInText);
  const c = useT(commonText);
  const titleOf = useStepTitle();
  const f = useFormat();
  const { owner, snapshot } = useField();
  const online = useOnline();
  const position = usePosition();
  useAwake();
  const elsewhere = useVisits()?.find((v) => v.status === 'open') ?? null;
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const classId = useLiveQuery(() => db.customers.get([owner, place.id]).then((row) => row?.customer.class.id), [owner, place.id]);
  const rule = outsideRule(snapshot, classId);
  const barred = rule === 'no';
  const overtime = useOvertime();
  /** The check-in that waits for the answer about overtime. */
  const [late, setLate] = useState<{ outside?: OutsideReason; without: boolean } | null>(null);
  const [unconfirmed, setUnconfirmed] = useState<Unconfirmed | null>(null);
  const passkeys = useMyPasskeys();
  const asksWho = snapshot?.plan_rule?.identity === 'passkey';
  const keys = passkeys?.items.filter((one) => !one.withdrawn_at) ?? [];
  const keyless = asksWho && passkeys !== null && keys.length === 0;
  const here = position.fix ? { at: position.fix.at, accuracy_m: position.fix.accuracy_m } : null;
  const fence = fenceAt(here, place.at, place.radius_m);
  const verdict: Verdict =
    position.state === 'denied' ? 'denied' : !place.at ? 'noPlace'
    : fence && position.state !== 'unavailable' ? fence.verdict
    : position.state === 'unavailable' ? 'unavailable' : 'searching';
  const firstPhoto = task?.steps[0]?.kind === 'photo' ? task.steps[0] : null;
  const refused = barred && verdict === 'out';
  // Where he is may become known only while he is being asked.
  useEffect(() => {
    if (!asking || !refused) return;
    setAsking(false);
    toast(t('awayBarred'));
  }, [asking, refused, t]);

  const begin = (outside?: OutsideReason, without = false) => {
    // No key of this person: any other on a shared phone would be somebody else's.
    if (asksWho && !without && keys.length === 0) return setUnconfirmed({ why: 'identityNone', outside });
    if (overtime === null) return void write(outside, without);
    setLate({ outside, without });
  };
  const write = async (outside?: OutsideReason, without = false, declared?: Declared) => {
    setBusy(true);
    setUnconfirmed(null);
    const visitId = newId();
    const nonce = snapshot?.nonce ?? null;
    const passkey = asksWho && !without ? await confirmByPasskey({ nonce: nonce ?? '', visit: visitId, step: 'check-in', ids: keys.map((one) => one.credential_id) }).catch((error: DOMException) => {
      setUnconfirmed({ why: error.name === 'NotAllowedError' ? 'identityCancelled' : 'identityUnable', outside });
      return null;
    }) : undefined;
    // Where he is counts when nothing is asked any more. The server judges the place that is sent, also when the receiver has gone
    // silent since.
    const fix = freshFix();
    const stands = fix ? fenceAt({ at: fix.at, accuracy_m: fix.accuracy_m }, place.at, place.radius_m) : null;
    const outsideNow = barred && stands?.verdict === 'out';
    if (outsideNow) toast(t('awayBarred'));
    const placePhoto = rule === 'photo' && outside !== undefined;
    const record = async () => {
      if (declared) await declareOvertime(owner, declared.request, declared.about);
      await checkIn({ owner, customer: place, task, fix, fence: stands, nonce, outside, placePhoto, passkey: passkey ?? undefined, visitId });
    };
    const ok = passkey !== null && !outsideNow && (await saving(record()));
    setBusy(false);
    if (!ok) return;
    go(`/visit/${visitId}`, { replace: true });
    if (placePhoto) go(`/visit/${visitId}/camera/${visitId}`);
    else if (firstPhoto && verdict === 'in') go(`/visit/${visitId}/camera/${firstPhoto.id}`);
  };
  const away = async () => {
    const { choose } = await import('../../shell/mobile.tsx');
    const key = await choose({
      title: t('awayTitle'), cancelText: t('cancel'),
      actions: [...(here ? [{ key: 'wrong', text: t('awayWrong') }] : []), ...(refused ? [] : [{ key: 'here', text: t('awayHere') }])],
    });
    if (key === 'wrong' && here) {
      const text = t('wrongPlace', { lng: here.at[0].toFixed(6), lat: here.at[1].toFixed(6), accuracy: Math.round(here.accuracy_m) });
      if (await saving(openProblem(owner, place, text))) toast(t('wrongPlaceSaved'));
    }
    if (key === 'here') setAsking(true);
  };

  if (elsewhere && !busy) {
    return (
      <Page title={t('title')} backTo="/" foot={<button type="button" className="cta" onClick={() => go(`/visit/${elsewhere.id}`)}>{t('goThere')}</button>}>
        <Empty title={t('otherOpen', { name: elsewhere.customer.name })} text={t('otherOpenText')} />
      </Page>
    );
  }
  const skewS = snapshot ? Math.abs(Math.round(clockSkewMs(snapshot) / 1000)) : null;
  return (
    <div className="phone">
      <div className="scene"><Scene name={place.name} centre={place.at} radius={place.radius_m} here={here} distance={fence?.distanceM ?? null} /></div>
      <header className="nav back over">
        <BackButton to="/" />
        <span className="sp" />
        <SyncBadge />
        <button type="button" className="ib" aria-label={t('refresh')} onClick={refreshPosition}><Icon name="locate" size={22} /></button>
      </header>
      <main className="sheet">
        <div className="scroll">
          <div className="row">{place.grade ? <GradeTag grade={place.grade} /> : null}<h1 style={{ font: '700 18px/26px var(--font)' }}>{place.name}</h1></div>
          {task ? <p className="m2 s14">{place.address ? t('stopLine', { address: place.address, seq: task.seq, window: f.window(task.window) }) : t('stopLineNoAddress', { seq: task.seq, window: f.window(task.window) })}</p> : <p className="m2 s14">{place.address}</p>}
          {task && matesOf(task).length ? <p className="m2 s14 row g4"><Icon name="users" size={15} />{t('with', { names: f.names(matesOf(task).map((one) => one.employee.name)) })}</p> : null}
          {task && hasOwn(task.custom, snapshot?.task_fields) ? <dl className="dl" style={{ font: '14px/22px var(--font)', margin: '4px 0 8px' }}><OwnFields answers={task.custom} spec={snapshot?.task_fields} /></dl> : null}
          <div className={`verdict ${LOOK[verdict].tone}`} role="status">
            <Icon name={LOOK[verdict].icon} size={26} weight={2} />
            <b className="sp">{verdict === 'out' ? t('out', { distance: f.distance(fence?.distanceM ?? null), radius: place.radius_m }) : t(verdict, { count: position.samples })}</b>
            {fence && place.at ? <b>{f.percent(Math.min(0.99, fence.probability))}</b> : null}
          </div>
          <VerdictScale probability={fence?.probability ?? null} verdict={fence?.verdict ?? null} />
          <div className="nums">
            <div><span>{t('distance')}</span><Distance metres={fence?.distanceM ?? null} /></div>
            <div><span>{t('accuracy')}</span><b>{here ? `±${Math.round(here.accuracy_m)}` : '—'}</b>{here ? <span className="unit">m</span> : null}</div>
            <div><span>{t('samples')}</span><b>{position.samples}</b><span className="unit">{t('points')}</span></div>
          </div>
          <div className="chk"><Icon name="clock" size={22} className="fg-visit" />{skewS === null ? t('clockUnknown') : t('clock', { seconds: skewS })}<span className="end">{t('clockNote')}</span></div>
          {overtime === null ? null : <div className="chk"><Icon name="eyeOff" size={22} className="fg-late" />{t('offDuty')}<span className="end">{t('offDutyNote')}</span></div>}
          <div className="chk"><Icon name={online ? 'cloudOk' : 'noNetwork'} size={22} className={online ? 'fg-visit' : 'fg-late'} />{online ? t('onlineOk') : t('offlineOk')}<span className="end">{online && snapshot ? t('nonce', { code: snapshot.nonce.slice(0, 6) }) : t('offlineNote')}</span></div>
          {asksWho ? <div className="chk"><Icon name="fingerprint" size={22} className={keyless ? 'fg-late' : 'fg-visit'} />{t(keyless ? 'identityNone' : 'identity')}{keyless ? <Link className="textlink end" to="/me/devices">{t('identityMake')}</Link> : null}</div> : null}
        </div>
        <div className="act">
          {unconfirmed ? <p className="err" role="alert"><Icon name="warn" size={16} />{t(unconfirmed.why)}</p> : null}
          {verdict === 'out' ? (
            <button type="button" className="cta" onClick={refreshPosition}><Icon name="locate" size={22} weight={2} />{t('refreshAction')}</button>
          ) : (
            <button type="button" className="cta" disabled={busy || (keyless && online)} onClick={() => begin(undefined, keyless)}>
              <Icon name={verdict === 'in' && firstPhoto ? 'camera' : 'visit'} size={22} weight={2} />
              {verdict !== 'in' ? t('checkInUnknown') : firstPhoto ? t('checkInPhoto', { title: titleOf(firstPhoto) }) : t('checkIn')}
            </button>
          )}
          {unconfirmed && !online ? <button type="button" className="textlink" disabled={busy} onClick={() => void write(unconfirmed.outside, true)}>{t('identityWithout')}</button> : null}
          {refused ? <p className="m2 s14" role="note">{t('awayBarred')}</p> : null}
          {verdict === 'denied' ? <Link className="textlink" to="/me/permissions">{t('repair')}</Link> : <button type="button" className="textlink" onClick={() => void away()}>{t('away')}</button>}
        </div>
      </main>
      {asking && !refused ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('awayConfirm')}
            reasons={OUTSIDE_CODES.map((code) => c(`outside.${code}`))}
            ownWords={t('awayWords')} moreWords={t('awayMore')} confirmText={t(rule === 'photo' ? 'awayDoPhoto' : 'awayDo')}
            onClose={() => setAsking(false)}
            onReason={(_reason, chosen, words) => {
              setAsking(false);
              // He may have come inside meanwhile: then there is nothing to explain.
              begin(verdict === 'in' ? undefined : { code: OUTSIDE_CODES[chosen] ?? 'other', ...(words ? { words } : {}) }, keyless && !online);
            }}
          >
            <p className="m2 s14" style={{ paddingBottom: 10 }}>{t('awayConfirmText', { distance: f.distance(fence?.distanceM ?? null) })}{rule === 'photo' ? <b style={{ display: 'block' }}>{t('awayPhoto')}</b> : null}</p>
          </ReasonSheet>
        </Suspense>
      ) : null}
      {late && overtime !== null ? (
        <Suspense fallback={null}>
          <OvertimeSheet from={overtime} customer={place.name} onClose={() => setLate(null)} onDone={(declared) => { setLate(null); void write(late.outside, late.without, declared); }} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** Minute of today from which overtime is to be declared; null when nothing is to be asked. */
function useOvertime(): number | null {
  const { owner, snapshot } = useField();
  const today = useToday();
  useNow(30_000);
  const waiting = useLiveQuery(
    () => db.outbox.where('[owner+kind]').equals([owner, 'attendance.request']).filter((row) => row.status !== 'refused' && row.status !== 'set_aside').toArray()
      .then((rows) => rows.map((row) => row.body as NewAttendanceRequest)),
    [owner],
  );
  return waiting ? overtimeFrom(snapshot, today, serverNow(), waiting) : null;
}

function Distance({ metres }: { metres: number | null }) {
  const f = useFormat();
  const [value, unit] = f.distance(metres).split(' ');
  return <><b>{value}</b>{unit ? <span className="unit">{unit}</span> : null}</>;
}
