import { useEffect, useRef, useState } from 'react';
import { useLiveQuery } from 'dexie-react-hooks';
import type { AttendanceRequestKind, DayPart, LeaveUnit, MyAttendance, NewAttendanceRequest } from '@tashi/shared/api';
import { newId } from '@tashi/shared/api/id.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useField, useToday } from '../../app/context.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { back, useLocation } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { inDays } from '../../work/attendance.ts';
import { type RequestDraft, requestDraft, saveRequestDraft, submitRequest } from '../../work/record.ts';
import { Choose } from '../approvals/Choose.tsx';
import './attendance.css';
import { attendanceText } from './text.ts';

const KINDS: AttendanceRequestKind[] = ['leave', 'correction', 'overtime', 'trip'];
const NOTE = { leave: 'notes', correction: 'notesCorrection', overtime: 'notesOvertime', trip: 'notesTrip' } as const;
const PARTS: Record<LeaveUnit, DayPart[]> = { day: ['day'], half: ['day', 'am', 'pm'], hour: ['day', 'am', 'pm', 'hours'] };

/** Asks for something in a few taps; every key is on the disk, with or without a network. */
export function RequestScreen({ kind }: { kind: string }) {
  const t = useT(attendanceText);
  const { owner, snapshot } = useField();
  const known = KINDS.find((one) => one === kind);
  const begun = useLiveQuery(() => (known ? requestDraft(owner, known).then((found) => ({ found })) : undefined), [owner, known]);
  const [first, setFirst] = useState<{ found: RequestDraft | null } | null>(null);
  useEffect(() => {
    if (begun && !first) setFirst(begun);
  }, [begun, first]);
  if (!known || !snapshot) return <Page title={t('title')} backTo="/attendance"><Empty title={t(known ? 'snapshotNeeded' : 'unknown')} /></Page>;
  return first ? <Form kind={known} mine={snapshot.attendance} begun={first.found} /> : <div className="phone" />;
}

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
const clock = (minute: number | undefined): string => (minute === undefined ? '' : `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);

function blank(kind: AttendanceRequestKind, mine: MyAttendance, today: string, day: string | null): RequestDraft {
  const first = mine.hours[0];
  const last = mine.hours[mine.hours.length - 1];
  const from_day = day ?? today;
  switch (kind) {
    case 'leave': return { from_day, to_day: from_day, part: 'day', leave_type_id: mine.leave_types[0]?.id };
    case 'trip': return { from_day, to_day: from_day };
    case 'overtime': return { from_day, from_minute: last?.to_minute ?? 1080, to_minute: (last?.to_minute ?? 1080) + 120 };
    default: return { from_day, punch_kind: 'in', from_minute: first?.from_minute ?? 540 };
  }
}

function Form({ kind, mine, begun }: { kind: AttendanceRequestKind; mine: MyAttendance; begun: RequestDraft | null }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const language = useLanguage();
  const { owner } = useField();
  const today = useToday();
  const { query } = useLocation();
  const [draft, setDraft] = useState<RequestDraft>(() => ({ ...(begun ?? blank(kind, mine, today, query.get('day'))), ...(query.get('day') ? { from_day: query.get('day')!, to_day: query.get('day')! } : {}) }));
  const [lack, setLack] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(draft);
  const change = (more: RequestDraft) => {
    const next = { ...latest.current, ...more };
    latest.current = next;
    setDraft(next);
    setLack(null);
    void saving(saveRequestDraft(owner, kind, next));
  };
  const type = mine.leave_types.find((one) => one.id === draft.leave_type_id) ?? null;
  const balance = mine.balances.find((one) => one.leave_type.id === draft.leave_type_id);
  const parts = type ? PARTS[type.unit] : ['day' as const];
  const part = draft.part && parts.includes(draft.part) ? draft.part : 'day';
  const setTo = (minute: number) => change({ to_minute: minute <= (latest.current.from_minute ?? 0) ? minute + 1440 : minute });

  const submit = async () => {
    const d = latest.current;
    const missing = [
      !d.from_day ? t('from') : null,
      kind === 'leave' && !type ? t('type') : null,
      kind === 'trip' && !d.place?.trim() ? t('place') : null,
      !d.reason?.trim() ? t('why2') : null,
    ].filter((one) => one !== null);
    if (missing.length) return setLack(t('lack', { what: f.names(missing) }));
    const base = { id: d.id ?? newId(), kind, from_day: d.from_day!, reason: d.reason!.trim() };
    const several = kind === 'trip' || (kind === 'leave' && part === 'day');
    const request: NewAttendanceRequest = {
      ...base,
      ...(several ? { to_day: d.to_day && d.to_day > d.from_day! ? d.to_day : d.from_day! } : {}),
      ...(kind === 'leave' ? { leave_type_id: type!.id, part } : {}),
      ...(kind === 'overtime' || (kind === 'leave' && part === 'hours') ? { from_minute: d.from_minute ?? 540, to_minute: d.to_minute ?? (d.from_minute ?? 540) + 60 } : {}),
      ...(kind === 'correction' ? { from_minute: d.from_minute ?? 540, punch_kind: d.punch_kind ?? 'in' } : {}),
      ...(kind === 'trip' ? { place: d.place!.trim() } : {}),
    };
    const days = request.to_day && request.to_day !== request.from_day ? `${f.day(request.from_day)}–${f.day(request.to_day)}` : f.day(request.from_day);
    const about = f.dots([kind === 'leave' ? (language === 'zh' ? type!.name : type!.name_en) : t(kind), days, request.place]);
    setBusy(true);
    const ok = await saving(submitRequest(owner, request, about));
    setBusy(false);
    if (!ok) return;
    toast(t('submitted'));
    back('/attendance');
  };

  return (
    <Page title={t(`new.${kind}`)} backTo="/attendance" foot={<button type="button" className="cta" disabled={busy} onClick={() => void submit()}><Icon name="check" size={22} weight={2} />{t('submit')}</button>}>
      <form className="ask-form" onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        {kind === 'leave' ? (
          <div className="fld">
            <span>{t('type')}</span>
            <div className="opts two" role="radiogroup" aria-label={t('type')}>
              {mine.leave_types.map((one) => (
                <button key={one.id} type="button" className="opt" role="radio" aria-checked={one.id === draft.leave_type_id} onClick={() => change({ leave_type_id: one.id })}>{language === 'zh' ? one.name : one.name_en}</button>
              ))}
            </div>
            {balance?.balanced ? <p className="m2 s14" style={{ paddingTop: 6 }}>{t('leftOf', { days: inDays(balance.left) })}</p> : null}
          </div>
        ) : null}
        {kind === 'correction' ? (
          <div className="fld">
            <span>{t('which')}</span>
            <div className="opts two" role="radiogroup" aria-label={t('which')}>
              {(['in', 'out'] as const).map((one) => (
                <button key={one} type="button" className="opt" role="radio" aria-checked={(draft.punch_kind ?? 'in') === one} onClick={() => change({ punch_kind: one, from_minute: one === 'in' ? mine.hours[0]?.from_minute ?? 540 : mine.hours[mine.hours.length - 1]?.to_minute ?? 1020 })}>{t(one)}</button>
              ))}
            </div>
          </div>
        ) : null}
        {kind === 'leave' && parts.length > 1 ? (
          <div className="fld">
            <span>{t('part')}</span>
            <div className="opts two" role="radiogroup" aria-label={t('part')}>
              {parts.map((one) => <button key={one} type="button" className="opt" role="radio" aria-checked={part === one} onClick={() => change({ part: one, ...(one === 'hours' ? { from_minute: mine.hours[0]?.from_minute ?? 540, to_minute: (mine.hours[0]?.from_minute ?? 540) + 120 } : {}) })}>{t(`part.${one}`)}</button>)}
            </div>
          </div>
        ) : null}
        {kind === 'trip' || (kind === 'leave' && part === 'day') ? (
          <div className="ask-two">
            <label className="fld"><span>{t('from')}</span><input type="date" required value={draft.from_day ?? ''} onChange={(e) => change({ from_day: e.target.value, to_day: !draft.to_day || draft.to_day < e.target.value ? e.target.value : draft.to_day })} /></label>
            <label className="fld"><span>{t('to')}</span><input type="date" required min={draft.from_day} value={draft.to_day ?? draft.from_day ?? ''} onChange={(e) => change({ to_day: e.target.value })} /></label>
          </div>
        ) : (
          <label className="fld"><span>{t('day')}</span><input type="date" required max={kind === 'correction' ? today : undefined} value={draft.from_day ?? ''} onChange={(e) => change({ from_day: e.target.value })} /></label>
        )}
        {kind === 'correction' ? <label className="fld"><span>{t('time')}</span><input type="time" required value={clock(draft.from_minute)} onChange={(e) => e.target.value && change({ from_minute: minutesOf(e.target.value) })} /></label> : null}
        {kind === 'overtime' || (kind === 'leave' && part === 'hours') ? (
          <div className="ask-two">
            <label className="fld"><span>{t('fromTime')}</span><input type="time" required value={clock(draft.from_minute)} onChange={(e) => e.target.value && change({ from_minute: minutesOf(e.target.value) })} /></label>
            <label className="fld"><span>{t('toTime')}{(draft.to_minute ?? 0) > 1440 ? ` (${t('nextDay')})` : ''}</span><input type="time" required value={clock(draft.to_minute)} onChange={(e) => e.target.value && setTo(minutesOf(e.target.value))} /></label>
          </div>
        ) : null}
        {kind === 'trip' ? <label className="fld"><span>{t('place')}</span><input maxLength={100} value={draft.place ?? ''} onChange={(e) => change({ place: e.target.value })} /></label> : null}
        <label className="fld"><span>{t('why2')}</span><textarea rows={3} maxLength={300} placeholder={t('whyHint')} value={draft.reason ?? ''} onChange={(e) => change({ reason: e.target.value })} /></label>
        <Choose kind={kind} place={`attendance/${kind}`} />
        {lack ? <p className="err" role="alert"><Icon name="warn" size={18} />{lack}</p> : null}
        <p className="m3 s14">{t(NOTE[kind])}</p>
      </form>
    </Page>
  );
}
