import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type AttendanceDay, type AttendanceOutcome, type Id, type Page, type Punch, type VisitRow } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { Avatar, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { attendanceText } from './text';
import { days, hoursText, useWords } from './words';

/** Everything that made a cell: shift, punches with their places, requests, visits. */
export function DayDrawer({ person, day, onClose }: { person: Id; day: string; onClose(): void }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const language = useLanguage();
  const found = useQuery({
    queryKey: ['attendance', 'day', person, day, language],
    queryFn: () => api.get<AttendanceDay>('/attendance/{employee_id}/{day}', { params: { employee_id: person, day } }),
  });
  const visits = useQuery({
    queryKey: ['visits', 'of-day', person, day],
    queryFn: () => api.get<Page<VisitRow>>('/visits', { query: { employee_id: person, day_from: day, day_to: day, limit: 50 } }),
  });
  const { data } = found;
  return (
    <EntityDrawer
      label={data ? t('dayOf', { name: data.employee.name, day: format.dayWeek(day) }) : t('title')}
      title={<span className="row">{data ? <Avatar name={data.employee.name} size="sm" /> : null}{data ? t('dayOf', { name: data.employee.name, day: format.dayWeek(day) }) : t('title')}</span>}
      subtitle={data ? format.dots([data.shift?.name ?? t('calendar'), data.hours.length ? data.hours.map((one) => hoursText(format, one)).join(' ') : data.special ?? t('rest')]) : undefined}
      link={`/attendance?person=${person}&day=${day}`}
      onClose={onClose}
    >
      {found.error ? <div className="drawer-pad"><ProblemView error={found.error} onRetry={found.refetch} /></div> : null}
      {found.isPending ? <SkeletonRows rows={6} /> : null}
      {data ? (
        <div className="drawer-pad attendance-day">
          {data.closed ? <p className="note"><Icon name="lock" size={13} />{t('dayClosed')}</p> : null}
          <section><h3>{t('result')}</h3><p className={`tone-${data.tone} w7`}>{data.label || t('open')}</p><Result outcome={data.outcome} /></section>
          <section>
            <h3>{t('punches')}</h3>
            {data.punches.length === 0 ? <p className="m3">{t('noPunches')}</p> : null}
            <ul>{data.punches.map((punch) => <li key={punch.id}><OnePunch punch={punch} /></li>)}</ul>
            <Places name={data.employee.name} punches={data.punches} />
          </section>
          <Asked data={data} />
          <section>
            <h3>{t('visits')}</h3>
            {visits.data?.items.length === 0 ? <p className="m3">{t('noVisits')}</p> : null}
            <ul>{visits.data?.items.map((visit) => <li key={visit.id}><Link to="/visits/$id" params={{ id: visit.id }} search={{}}>{format.dots([format.time(visit.check_in_at), visit.customer.name])}</Link></li>)}</ul>
          </section>
        </div>
      ) : null}
    </EntityDrawer>
  );
}

function Result({ outcome: o }: { outcome: AttendanceOutcome }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const leave = o.leave.reduce((sum, part) => sum + part.milli, 0);
  const facts = [
    o.worked_minutes ? t('worked', { hours: format.number(o.worked_minutes / 60, 1) }) : null,
    o.late_minutes ? t('lateBy', { count: o.late_minutes }) : null,
    o.early_minutes ? t('earlyBy', { count: o.early_minutes }) : null,
    o.missing_in ? t('missingIn') : null,
    o.missing_out ? t('missingOut') : null,
    o.absent_milli ? t('absent', { days: days(o.absent_milli) }) : null,
    leave ? t('onLeave', { days: days(leave) }) : null,
    o.trip ? t('trip') : null,
    o.overtime_minutes ? t('overtimeOf', { hours: format.number(o.overtime_minutes / 60, 1) }) : null,
    o.corrected ? t('corrected') : null,
    o.overdue ? t('notCome') : null,
    o.open && !o.overdue ? t('open') : null,
  ];
  return <p className="m2">{format.dots(facts)}</p>;
}

function OnePunch({ punch }: { punch: Punch }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const verdicts = { in: 'fg-visit', out: 'fg-problem', cannot_tell: 'fg-late' } as const;
  const verdict = punch.verdict as keyof typeof verdicts | null;
  const why = punch.place === 'kept' || punch.source === 'visit' ? null : t(`place.${punch.place as 'none' | 'off_duty' | 'private' | 'policy_off'}`);
  return (
    <>
      <div className="row g6"><b>{t(punch.kind)} {format.time(punch.at)}</b>{verdict ? <span className={verdicts[verdict]}>{t(`verdict.${verdict}`)}</span> : null}</div>
      <p className="m2 s12">
        {format.dots([
          punch.source === 'visit' ? t('byVisit') : null,
          punch.place_name ? t('far', { name: punch.place_name, distance: format.distance(punch.distance_m) }) : null,
          punch.accuracy_m === null ? null : t('accuracy', { meters: punch.accuracy_m }),
          why,
          punch.offline ? t('offline', { when: format.dateTime(punch.received_at) }) : null,
          punch.reason ? t('reason', { reason: punch.reason }) : null,
        ])}
      </p>
      {punch.photo_id ? <a href={`/api/v1/punches/${punch.id}/photo`} target="_blank" rel="noreferrer"><img className="punch-photo" src={`/api/v1/punches/${punch.id}/photo`} alt={t('photoOf', { time: format.time(punch.at) })} loading="lazy" /></a> : null}
    </>
  );
}

function Places({ name, punches }: { name: string; punches: readonly Punch[] }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const basemap = useBasemap();
  const marks = useMemo<MapMarks>(() => ({
    stops: punches.flatMap((one, i) => (one.position ? [{ id: one.id, seq: i + 1, at: one.position, name: `${t(one.kind)} ${format.time(one.at)}`, state: one.verdict === 'out' ? 'late' as const : 'done' as const }] : [])),
  }), [punches, t, format]);
  if (!marks.stops?.length) return null;
  return (
    <>
      <div className="attendance-map"><TashiMap basemap={basemap} marks={marks} label={t('map', { name })} controls="none" padding={{ top: 30, right: 30, bottom: 30, left: 30 }} className="fill" /></div>
      <p className="m3 s12">{t('ledger')}</p>
    </>
  );
}

function Asked({ data }: { data: AttendanceDay }) {
  const t = useT(attendanceText);
  const words = useWords();
  return (
    <section>
      <h3>{t('dayRequests')}</h3>
      {data.requests.length === 0 ? <p className="m3">{t('noRequests')}</p> : null}
      <ul>
        {data.requests.map((one) => (
          <li key={one.id}>
            <div className="row g6"><b>{one.cancels_id ? t('ending', { what: words.what(one) }) : words.what(one)}</b><span className={words.tone(one.status)}>{t(`status.${one.status}`)}</span></div>
            <p className="m2 s12">{words.when(one)} · {one.reason}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
