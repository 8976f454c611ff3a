import Dexie from 'dexie';
import { useLiveQuery } from 'dexie-react-hooks';
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import type { AttendanceRequest, MyAttendance, NewAttendanceRequest, PunchKind, SyncBodies } from '@tashi/shared/api';
import { newId } from '@tashi/shared/api/id.ts';
import { serverNow, useFormat, useLanguage, useNow, useT } from '@tashi/shared/i18n';
import { Icon, type IconName, toast } from '@tashi/shared/ui';
import { useField, useOnline, useToday } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { STALE, freshFix, refreshPosition, usePosition } from '../../location/here.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { refreshSnapshot } from '../../sync/snapshot.ts';
import { type OutboxRow, db } from '../../sync/store.ts';
import { chosenPicture } from '../form/chosen.ts';
import { type ShownPunch, type Whereabouts, draftOf, dutyNow, inDays, nextKind, punchesOf, whereabouts } from '../../work/attendance.ts';
import { keepFile, recordPunch, saveRequestDraft, submitRequest, withdrawRequest } from '../../work/record.ts';
import './attendance.css';
import { attendanceText } from './text.ts';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));

/** Outbox entries of attendance, oldest first. */
function useEntries(): OutboxRow[] {
  const { owner } = useField();
  return useLiveQuery(
    () => db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => (row.kind === 'punch' || row.kind.startsWith('attendance.')) && row.status !== 'set_aside').toArray(),
    [owner],
  ) ?? [];
}

/** Come, go, and ask for what differs from the plan. */
export function AttendanceScreen() {
  const t = useT(attendanceText);
  const { owner, snapshot } = useField();
  const mine = snapshot?.attendance ?? null;
  const entries = useEntries();
  const online = useOnline();
  const landed = entries.filter((row) => row.status === 'receipted').length;
  // What has just arrived, and what was decided meanwhile, shows at once.
  useEffect(() => {
    if (online) void refreshSnapshot(client, owner).catch(() => undefined);
  }, [online, landed, owner]);
  return (
    <Page title={t('title')} backTo="/me" right={<Link to="/attendance/month" className="ib" aria-label={t('month')}><Icon name="plan" size={22} /></Link>}>
      {mine === null ? <Empty title={t('snapshotNeeded')} /> : (
        <>
          <Punching mine={mine} entries={entries} />
          <h2 className="h3">{t('ask')}</h2>
          <nav className="ask-grid mx">
            {([['leave', 'sun'], ['correction', 'edit'], ['overtime', 'moon'], ['trip', 'car']] as [NewAttendanceRequest['kind'], IconName][]).map(([kind, icon]) => (
              <Link key={kind} to={`/attendance/new/${kind}`}><Icon name={icon} size={24} />{t(kind)}</Link>
            ))}
          </nav>
          <Balances mine={mine} />
          <Requests mine={mine} entries={entries} />
          <Reminding on={mine.reminders} />
        </>
      )}
    </Page>
  );
}

function Punching({ mine, entries }: { mine: MyAttendance; entries: OutboxRow[] }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const { owner, snapshot } = useField();
  const online = useOnline();
  const today = useToday();
  useNow(1000);
  const position = usePosition();
  const customers = useLiveQuery(() => (mine.within === 'customers' ? db.customers.where('[owner+id]').between([owner, Dexie.minKey], [owner, Dexie.maxKey]).toArray() : []), [owner, mine.within]);
  const duty = dutyNow(mine, today, serverNow(), entries.filter((row) => row.kind === 'punch'));
  const waiting = duty.entries.map((row) => ({ at: row.at, body: row.body as SyncBodies['punch'], status: row.status, refusal: row.refusal }));
  const punches = punchesOf(duty.over ? [] : mine.punches, waiting);
  const suggested = nextKind(punches);
  const [other, setOther] = useState(false);
  const kind: PunchKind = other ? (suggested === 'in' ? 'out' : 'in') : suggested;
  // An old position says nothing about now, and would not be sent either.
  const fresh = position.fix !== null && Date.now() - Date.parse(position.fix.t) <= STALE;
  const here = position.fix && fresh ? { at: position.fix.at, accuracy_m: position.fix.accuracy_m } : null;
  const where = whereabouts(mine, (customers ?? []).map((row) => row.customer), here);
  const away = where.verdict === 'out';
  const barred = away && mine.outside === 'refuse' && online;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const camera = useRef<HTMLInputElement>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [dark, setDark] = useState(false);
  const write = async (reason: string | null, picture?: File) => {
    setAsking(false);
    // The camera comes first; what it gives goes with the punch.
    if (mine.photo && !picture) {
      setWhy(reason);
      camera.current?.click();
      return;
    }
    setBusy(true);
    setDark(false);
    const chosen = picture ? await chosenPicture(picture).catch(() => null) : null;
    if (picture && !chosen) {
      setDark(true);
      setBusy(false);
      return;
    }
    const punched = async () => recordPunch(owner, { kind, fix: freshFix(), reason, nonce: snapshot?.nonce ?? null, photo: chosen ? await keepFile(owner, chosen) : null }, t(kind === 'in' ? 'punchIn' : 'punchOut'));
    const ok = await saving(punched());
    setBusy(false);
    setOther(false);
    if (ok) toast(t('saved'));
  };
  const press = () => (away && mine.outside === 'reason' ? setAsking(true) : void write(null));
  return (
    <>
      <section className="card mx punch-head" style={{ marginTop: 4 }}>
        <h2>{duty.over ? f.dayWeek(duty.day) : mine.hours.length ? mine.hours.map((one) => span(f, one)).join(' · ') : mine.special ?? t('noShift')}</h2>
        {duty.over ? null : <p className="s14">{f.dots([f.dayWeek(mine.day), mine.shift])}</p>}
        <button type="button" className="punch-button" disabled={busy || barred} onClick={press}>
          {t(kind === 'in' ? 'punchIn' : 'punchOut')}<small>{f.time(serverNow())}</small>
        </button>
        {mine.photo ? <p className="m3 s14">{t('photoAsked')}</p> : null}
        <input ref={camera} type="file" hidden accept="image/*" capture="user" aria-label={t('photoTake')} onChange={(e) => { const [file] = [...(e.target.files ?? [])]; e.target.value = ''; if (file) void write(why, file); }} />
        {dark ? <p className="fg-problem" role="alert">{t('photoBad')}</p> : null}
        <Where where={where} denied={position.state === 'denied' || position.state === 'unavailable'} barred={barred} />
        {barred ? (
          <div className="row g12" style={{ justifyContent: 'center' }}>
            <button type="button" className="chipbtn" onClick={refreshPosition}>{t('locate')}</button>
            <Link className="chipbtn" to="/attendance/new/correction">{t('correct')}</Link>
          </div>
        ) : <button type="button" className="textlink" onClick={() => setOther(!other)}>{t(kind === 'in' ? 'otherOut' : 'otherIn')}</button>}
      </section>
      <h2 className="h3">{t('today')}</h2>
      <ul className="card list mx">
        {punches.length === 0 ? <li className="li plain m3">{t('none')}</li> : null}
        {punches.map((one) => <OnePunch key={one.id} punch={one} />)}
      </ul>
      {asking ? (
        <Suspense fallback={null}>
          <ReasonSheet title={t('why')} reasons={[t('reasonClient'), t('reasonErrand'), t('reasonOther')]} ownWords={t('ownWords')} confirmText={t('punchConfirm')} onClose={() => setAsking(false)} onReason={(reason) => void write(reason)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** 09:00–17:00, or into the next day. */
export function span(f: ReturnType<typeof useFormat>, one: { from_minute: number; to_minute: number }): string {
  return `${f.minuteOfDay(one.from_minute % 1440)}–${one.to_minute === 1440 ? '24:00' : f.minuteOfDay(one.to_minute % 1440)}`;
}

function Where({ where, denied, barred }: { where: Whereabouts; denied: boolean; barred: boolean }) {
  const t = useT(attendanceText);
  const f = useFormat();
  if (denied) return <p className="punch-where fg-late"><Icon name="warn" size={18} />{t('denied')}</p>;
  switch (where.verdict) {
    case 'anywhere': return <p className="punch-where m2"><Icon name="locate" size={18} />{t('anywhere')}</p>;
    case 'in': return <p className="punch-where fg-visit" role="status"><Icon name="okCircle" size={18} weight={2} />{t('here', { name: where.name ?? '' })}</p>;
    case 'out': return <p className="punch-where fg-problem" role="status"><Icon name="xCircle" size={18} weight={2} />{barred ? t('refuse') : where.name ? t('away', { name: where.name, distance: f.distance(where.distance) }) : t('awayPlain')}</p>;
    case 'searching': return <p className="punch-where m2" role="status"><Icon name="locate" size={18} />{t('searching')}</p>;
    default: return <p className="punch-where fg-late" role="status"><Icon name="unknownCircle" size={18} weight={2} />{t('cannotTell')}</p>;
  }
}

const KEPT = { none: 'keptNone', off_duty: 'keptOff', private: 'keptPrivate', policy_off: 'keptPolicy' } as const;

function OnePunch({ punch }: { punch: ShownPunch }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const kept = punch.kept !== null && punch.kept !== 'kept' && punch.source === 'phone' ? t(KEPT[punch.kept as keyof typeof KEPT] ?? 'keptNone') : null;
  const verdict = punch.verdict ? t(`verdict.${punch.verdict as 'in' | 'out' | 'cannot_tell'}`) : null;
  return (
    <li className="li">
      <span className="ico"><Icon name={punch.kind === 'in' ? 'okCircle' : 'logout'} size={22} /></span>
      <span style={{ minWidth: 0 }}>
        <b>{t(punch.kind)} {f.time(punch.at)}</b>
        <span className={`d ${punch.state === 'refused' ? 'fg-problem' : ''}`} style={{ display: 'block' }}>
          {punch.state === 'refused' ? punch.refusal ?? t('refused') : f.dots([punch.source === 'visit' ? t('byVisit') : null, punch.place, verdict, kept, punch.offline ? t('offline') : null, punch.reason])}
        </span>
      </span>
      {punch.state === 'waiting' ? <span className="tag">{t('waiting')}</span> : punch.state === 'refused' ? <Link to="/me/sync" className="textlink">{t('sync')}</Link> : <Icon name="cloudOk" size={20} className="fg-visit" />}
    </li>
  );
}

function Balances({ mine }: { mine: MyAttendance }) {
  const t = useT(attendanceText);
  const language = useLanguage();
  const shown = mine.balances.filter((one) => one.balanced || one.taken > 0 || one.waiting > 0);
  if (shown.length === 0) return null;
  return (
    <>
      <h2 className="h3">{t('balances')}</h2>
      <div className="card mx">
        {shown.map((one) => (
          <div key={one.leave_type.id} className="balance">
            <b>{language === 'zh' ? one.leave_type.name : one.name_en}</b>
            <span className="d">{one.balanced ? t('usedOf', { taken: inDays(one.taken + one.waiting), granted: inDays(one.granted) }) : t('used', { days: inDays(one.taken + one.waiting) })}</span>
            <span className="end">{one.balanced ? t('left', { days: inDays(one.left) }) : t('unlimited')}</span>
          </div>
        ))}
      </div>
    </>
  );
}

const TONES: Record<AttendanceRequest['status'], string> = { running: 'fg-late', returned: 'fg-problem', approved: 'fg-visit', rejected: 'fg-problem', withdrawn: 'm3', cancelled: 'm3' };

function Requests({ mine, entries }: { mine: MyAttendance; entries: OutboxRow[] }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const { owner } = useField();
  const known = new Set(mine.requests.map((one) => one.id));
  const fresh = entries.filter((row) => row.kind === 'attendance.request' && !known.has((row.body as NewAttendanceRequest).id)).reverse();
  const leaving = new Set(entries.filter((row) => row.kind === 'attendance.withdraw' && row.status !== 'refused').map((row) => (row.body as { request_id: string }).request_id));
  const ended = new Set(mine.requests.flatMap((one) => (one.cancels_id && one.status !== 'rejected' && one.status !== 'withdrawn' ? [one.cancels_id] : [])));
  const takeBack = async (id: string, about: string) => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('withdrawConfirm'), confirmText: t('withdraw'), cancelText: t('cancel') }))) return;
    if (await saving(withdrawRequest(owner, id, about))) toast(t('withdrawn'));
  };
  // What was sent back is asked anew: the old one is taken back, the form begins with what it said.
  const again = async (one: AttendanceRequest, about: string) => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('againAsk'), confirmText: t('again'), cancelText: t('cancel') }))) return;
    if (!(await saving(saveRequestDraft(owner, one.kind, draftOf(one))))) return;
    if (await saving(withdrawRequest(owner, one.id, about))) go(`/attendance/new/${one.kind}`);
  };
  const end = async (one: AttendanceRequest, about: string) => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('cancelAsk', { what: about }), content: t('cancelAskText'), confirmText: t('cancelLeave'), cancelText: t('cancel') }))) return;
    const request: NewAttendanceRequest = { id: newId(), kind: one.kind, from_day: one.from_day, to_day: one.to_day, reason: t('cancelReason'), cancels_id: one.id };
    if (await saving(submitRequest(owner, request, t('ending', { what: about })))) toast(t('submitted'));
  };
  return (
    <>
      <h2 className="h3">{t('requests')}</h2>
      <ul className="card list mx" style={{ marginBottom: 20 }}>
        {fresh.length + mine.requests.length === 0 ? <li className="li plain m3">{t('noRequests')}</li> : null}
        {fresh.map((row) => (
          <li key={row.id} className="li">
            <span className="ico"><Icon name="file" size={22} /></span>
            <span style={{ minWidth: 0 }}><b className="clip">{row.about}</b><span className={`d ${row.status === 'refused' ? 'fg-problem' : ''}`} style={{ display: 'block' }}>{row.status === 'refused' ? row.refusal?.detail || row.refusal?.title : (row.body as NewAttendanceRequest).reason}</span></span>
            {row.status === 'refused' ? <Link to="/me/sync" className="textlink">{t('sync')}</Link> : <span className="tag">{t('status.waiting')}</span>}
          </li>
        ))}
        {mine.requests.map((one) => {
          const about = wordsOf(t, f, one);
          const open = (one.status === 'running' || one.status === 'returned') && !leaving.has(one.id);
          const endable = one.status === 'approved' && !one.cancels_id && !ended.has(one.id) && (one.kind === 'correction' || one.to_day >= mine.day);
          return (
            <li key={one.id} className="li">
              <span className="ico"><Icon name="file" size={22} /></span>
              <span style={{ minWidth: 0 }}>
                <b style={{ overflowWrap: 'anywhere' }}>{one.cancels_id ? t('ending', { what: about }) : about}</b>
                <span className="d" style={{ display: 'block' }}><span className={TONES[one.status]}>{t(`status.${one.status}`)}</span>{one.approval_id ? <>{' · '}<Link to={`/approvals/${one.approval_id}`}>{t('toApproval')}</Link></> : null}</span>
              </span>
              {open && one.status === 'returned' && !one.cancels_id ? <button type="button" className="chipbtn" onClick={() => void again(one, about)}>{t('again')}</button> : open ? <button type="button" className="chipbtn" onClick={() => void takeBack(one.id, about)}>{t('withdraw')}</button> : endable ? <button type="button" className="chipbtn" onClick={() => void end(one, about)}>{t('cancelLeave')}</button> : <span />}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** Annual leave · 24 Nov · 1 d. */
function wordsOf(t: ReturnType<typeof useT<keyof typeof attendanceText.zh>>, f: ReturnType<typeof useFormat>, one: AttendanceRequest): string {
  const days = one.from_day === one.to_day ? f.day(one.from_day) : `${f.day(one.from_day)}–${f.day(one.to_day)}`;
  switch (one.kind) {
    case 'leave': return f.dots([one.leave_type?.name ?? t('leave'), days, one.part === 'day' ? null : t(`part.${one.part}`), t('days', { days: inDays(one.amount) })]);
    case 'trip': return f.dots([t('trip'), one.place, days]);
    case 'overtime': return f.dots([t('overtime'), days, `${f.time(one.from)}–${f.time(one.to)}`]);
    default: return f.dots([t('correction'), days, `${t(one.punch_kind ?? 'in')} ${f.time(one.from)}`]);
  }
}

/** One may do without reminders. */
function Reminding({ on }: { on: boolean }) {
  const t = useT(attendanceText);
  const { owner } = useField();
  const online = useOnline();
  const [busy, setBusy] = useState(false);
  const change = async (next: boolean) => {
    setBusy(true);
    try {
      await client.put('/me/attendance-reminders', { on: next });
      await refreshSnapshot(client, owner);
    } catch {
      toast(t('needNet'));
    }
    setBusy(false);
  };
  return (
    <label className="card mx row g12" style={{ padding: 14, marginBottom: 20 }}>
      <span style={{ flex: 1 }}><b>{t('reminders')}</b><span className="m3 s14" style={{ display: 'block' }}>{t('remindersText')}</span></span>
      <input type="checkbox" role="switch" checked={on} disabled={busy || !online} style={{ width: 24, height: 24 }} onChange={(e) => void change(e.target.checked)} />
    </label>
  );
}
