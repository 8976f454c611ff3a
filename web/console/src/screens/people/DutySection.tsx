import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type DutyCalendar, type DutyEntry, type Id } from '@tashi/shared/api';
import { addDays, currentTimeZone, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { DayField } from '../../kit/DayField';
import { instantAt } from '../../kit/instantAt';
import { ProblemView } from '../../kit/ProblemView';
import { Section } from '../../kit/Section';
import { TimeInput } from '../../kit/TimeInput';
import { peopleText } from './text';

const BEFORE = 6;
const AFTER = 7;
type Declared = 'leave' | 'overtime';

/** When a person works: the calendar with leave, overtime and private trips, a week back and a week ahead. */
export function DutySection({ person }: { person: Id }) {
  const t = useT(peopleText);
  const format = useFormat();
  const client = useQueryClient();
  const mayDeclare = useCan('task.write');
  const today = format.today();
  const range = { from: addDays(today, -BEFORE), to: addDays(today, AFTER) };
  const duty = useQuery({
    queryKey: ['employees', 'duty', person, range.from],
    queryFn: () => api.get<DutyCalendar>('/employees/{id}/duty', { params: { id: person }, query: range }),
  });
  const [adding, setAdding] = useState(false);
  const [taking, setTaking] = useState<DutyEntry | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ['employees', 'duty', person] });
  const span = (one: { from: string; to: string | null }) => {
    const end = one.to === null ? t('duty.goesOn') : format.time(one.to);
    return `${format.time(one.from)}–${end === '00:00' ? '24:00' : end}`;
  };
  const long = (entry: DutyEntry) => {
    const [a, b] = [format.dayOf(entry.from), entry.to === null ? null : format.dayOf(Date.parse(entry.to) - 1)];
    return b === null || a === b ? `${format.dayWeek(a)} ${span(entry)}` : `${format.dayWeek(a)} ${format.time(entry.from)} – ${format.dayWeek(b)} ${format.time(entry.to)}`;
  };
  const entries = duty.data?.entries.filter((entry) => entry.revoked_at === null) ?? [];
  return (
    <div className="drawer-pad">
      <Section
        title={t('duty')}
        detail={t('duty.detail')}
        action={mayDeclare && !adding ? <button type="button" className="btn sm" onClick={() => setAdding(true)}><Icon name="plus" size={14} />{t('duty.add')}</button> : undefined}
      >
        {adding ? <Add person={person} today={today} onClose={() => setAdding(false)} onAdded={refresh} /> : null}
        {duty.error ? <ProblemView error={duty.error} compact onRetry={duty.refetch} /> : null}
        {duty.isPending ? <SkeletonRows rows={3} /> : null}
        {entries.length ? (
          <ul className="duty-entries">
            {entries.map((entry) => (
              <li key={entry.id} className="row">
                <span className="tag">{t(`duty.${entry.kind}`)}</span>
                <span className="sp clip">{long(entry)}{entry.note ? <span className="m3"> {entry.note}</span> : null}</span>
                <span className="m3 s12 nw">{entry.created_by.name}</span>
                {mayDeclare && entry.kind !== 'private' ? (
                  <button type="button" className="icb tiny" aria-label={t('duty.takeBack')} title={t('duty.takeBack')} onClick={() => setTaking(entry)}><Icon name="undo" size={14} /></button>
                ) : null}
              </li>
            ))}
          </ul>
        ) : null}
        <ul className="duty-days">
          {duty.data?.days.map((day) => (
            <li key={day.day} className={day.day === today ? 'on' : undefined}>
              <span>{format.dayWeek(day.day)}</span>
              <b>{day.working.length ? day.working.map(span).join(' ') : <span className="m3 w4">{t('duty.off')}</span>}</b>
              <span className="m3 s12">{format.dots([day.leave.length ? `${t('duty.leave')} ${day.leave.map(span).join(' ')}` : null, day.private.length ? `${t('duty.private')} ${day.private.map(span).join(' ')}` : null])}</span>
            </li>
          ))}
        </ul>
      </Section>
      {taking ? (
        <Confirm
          title={t('duty.takeBackTitle', { what: t(`duty.${taking.kind}`) })}
          detail={taking.kind === 'leave' ? t('duty.takeBackLeave') : t('duty.takeBackOvertime')}
          verb={t('duty.takeBack')}
          onClose={() => setTaking(null)}
          run={async () => {
            await api.post('/duty-entries/{id}/revoke', {}, { params: { id: taking.id } });
            await refresh();
          }}
        />
      ) : null}
    </div>
  );
}

function Add({ person, today, onClose, onAdded }: { person: Id; today: string; onClose(): void; onAdded(): Promise<unknown> }) {
  const t = useT(peopleText);
  const [kind, setKind] = useState<Declared>('leave');
  const [from, setFrom] = useState({ day: today, minute: 540 });
  const [to, setTo] = useState({ day: today, minute: 1020 });
  const [note, setNote] = useState('');
  const [id] = useState(newId);
  const zone = currentTimeZone();
  const save = useMutation({
    mutationFn: () => api.post<DutyEntry>('/employees/{id}/duty-entries', {
      id, kind, from: instantAt(from.day, from.minute, zone), to: instantAt(to.day, to.minute, zone), note: note.trim() || null,
    }, { params: { id: person } }),
    onSuccess: async () => {
      await onAdded();
      toast(t('duty.added'));
      onClose();
    },
  });
  const choose = (next: Declared) => {
    setKind(next);
    // usual hours of each
    setFrom((old) => ({ ...old, minute: next === 'leave' ? 540 : 1020 }));
    setTo((old) => ({ ...old, minute: next === 'leave' ? 1020 : 1200 }));
  };
  return (
    <form className="duty-add" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <span className="seg" role="radiogroup" aria-label={t('duty.kind')}>
        {(['leave', 'overtime'] as const).map((one) => (
          <button key={one} type="button" role="radio" aria-checked={kind === one} className={kind === one ? 'on' : undefined} onClick={() => choose(one)}>{t(`duty.${one}`)}</button>
        ))}
      </span>
      <span className="row">
        <DayField label={t('duty.fromDay')} value={from.day} onChange={(day) => { setFrom({ ...from, day }); if (to.day < day) setTo({ ...to, day }); }} />
        <TimeInput label={t('duty.fromTime')} value={from.minute} onChange={(minute) => setFrom({ ...from, minute })} />
        <span className="m3">–</span>
        <DayField label={t('duty.toDay')} value={to.day} min={from.day} onChange={(day) => setTo({ ...to, day })} />
        <TimeInput label={t('duty.toTime')} value={to.minute} onChange={(minute) => setTo({ ...to, minute })} />
      </span>
      <input className="duty-note" aria-label={t('duty.note')} placeholder={t('duty.note')} maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
      <p className="m3 s12">{kind === 'leave' ? t('duty.leaveMeans') : t('duty.overtimeMeans')}</p>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      <span className="row">
        <button type="submit" className="btn pri" disabled={save.isPending}>{t('duty.declare')}</button>
        <button type="button" className="btn" onClick={onClose}>{t('duty.cancel')}</button>
      </span>
    </form>
  );
}
