import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Day, type Id, type PersonDayReport } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useEffect, useRef, type ReactNode } from 'react';
import { Avatar, Figure, GradeTag, Icon, SkeletonRows } from '@tashi/shared/ui';
import { CopyLine } from '../../kit/CopyLine';
import { isDetour, useDetourPermille } from '../../kit/detour';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { EffectiveWord } from '../visits/VisitsScreen';
import type { DayPart } from './search';
import { reportsText } from './text';

const MODES = ['driving', 'ebike', 'walking', 'transit'] as const;

/** One person's day: the rows behind every number, and how the kilometres came about. */
export function PersonDay({ person, day, rows, onRows, onClose }: {
  person: Id;
  day: Day;
  /** The rows to show first: those of the number that was pressed. */
  rows: DayPart | undefined;
  onRows(rows: DayPart): void;
  onClose(): void;
}) {
  const t = useT(reportsText);
  const format = useFormat();
  const report = useQuery({
    queryKey: ['reports', 'person', person, day],
    queryFn: () => api.get<PersonDayReport>('/reports/daily/{person}/{day}', { params: { person, day } }),
  });
  const data = report.data;
  return (
    <EntityDrawer
      label={data?.employee.name ?? t('title')}
      title={
        <span className="row">
          {data ? <Avatar name={data.employee.name} size="sm" /> : null}
          {data ? t('detail', { name: data.employee.name, day: format.dayWeek(day) }) : t('title')}
        </span>
      }
      subtitle={data?.department.name}
      link={`/reports?person=${person}&day=${day}`}
      onClose={onClose}
      foot={
        <>
          <Link to="/tracks" search={{ person, day }} className="btn pri"><Icon name="track" />{t('toTrack')}</Link>
          <Link to="/visits" search={{ person, from: day, to: day }} className="btn">{t('toVisits')}</Link>
        </>
      }
    >
      {report.error ? <div className="drawer-pad"><ProblemView error={report.error} onRetry={report.refetch} /></div> : null}
      {report.isPending ? <SkeletonRows rows={8} /> : null}
      {data ? <Detail data={data} rows={rows} onRows={onRows} /> : null}
    </EntityDrawer>
  );
}

function Detail({ data, rows, onRows }: { data: PersonDayReport; rows: DayPart | undefined; onRows(rows: DayPart): void }) {
  const permille = useDetourPermille();
  const t = useT(reportsText);
  const format = useFormat();
  const effective = data.visits.filter((visit) => visit.effective).length;
  const counted = data.trips.filter((trip) => trip.counted);
  const parts = { visits: useRef<HTMLElement>(null), trips: useRef<HTMLElement>(null) };
  const wanted = rows ? parts[rows] : null;
  useEffect(() => {
    wanted?.current?.scrollIntoView({ block: 'start' });
    wanted?.current?.focus({ preventScroll: true });
  }, [wanted]);
  const opens = (part: DayPart, label: string, figure: ReactNode) => (
    <button type="button" onClick={() => (rows === part ? parts[part].current?.scrollIntoView({ block: 'start' }) : onRows(part))}><span>{label}</span>{figure}</button>
  );
  const summaries = new Map(data.summaries.map((one) => [one.visit_id, one.text]));
  return (
    <div className="person-day">
      <div className="person-figures">
        {opens('visits', t('sum.visits'), <Figure value={format.number(data.visits.length)} unit={t('ofPlan', { count: data.planned })} size={20} />)}
        {opens('visits', t('sum.effective'), <Figure value={format.number(effective)} unit={t('unit.visits')} size={20} />)}
        {opens('visits', t('sum.stay'), <Figure value={format.hours(data.stay_s)} unit={t('unit.hours')} size={20} />)}
        {opens('trips', t('sum.driven'), <Figure value={format.km(data.counted_m)} unit="km" size={20} />)}
      </div>
      <section ref={parts.visits} tabIndex={-1} aria-label={t('visits')}>
        <h3 className="s14 w7">{t('visits')}</h3>
        {data.visits.length === 0 ? <p className="m3">{t('noVisits')}</p> : null}
        <ol>
          {data.visits.map((visit) => (
            <li key={visit.id}>
              <Link to="/visits/$id" params={{ id: visit.id }} className="person-visit">
                <span className="row g6"><GradeTag grade={visit.customer.grade} /><b className="clip">{visit.customer.name}</b></span>
                <span className="m3 s12 nw">{format.time(visit.check_in_at)}–{format.time(visit.check_out_at)}·{format.duration(visit.stay_s)}</span>
                <span className="s12"><EffectiveWord row={visit} /></span>
                {summaries.get(visit.id) ?? visit.summary ? <span className="person-words">{summaries.get(visit.id) ?? visit.summary}</span> : null}
              </Link>
            </li>
          ))}
        </ol>
        {data.visits.length ? (
          <p className="sum-total">
            <b>{t('total')}</b>
            <span className="m2 end">{format.dots([t('sumVisits', { count: data.visits.length }), t('sumEffective', { count: effective })])}</span>
            <b>{format.hours(data.stay_s)} <span className="unit">{t('unit.hours')}</span></b>
          </p>
        ) : null}
      </section>
      <section>
        <h3 className="s14 w7">{t('mileage')} <span className="m3 s12 w4">{t('rule', { rule: data.rule_version })}</span></h3>
        <dl className="person-miles">
          <Mile label={t('mile.raw')} value={format.km(data.raw_m)} />
          <Mile label={t('mile.excluded')} value={`− ${format.km(data.excluded_m)}`} />
          <Mile label={t('mile.counted')} value={format.km(data.counted_m)} strong />
          {data.estimated_m ? <Mile label={t('mile.estimated')} value={format.km(data.estimated_m)} /> : null}
          {data.plan_m !== null ? <Mile label={t('mile.plan')} value={format.km(data.plan_m)} /> : null}
          {data.best_m !== null ? <Mile label={t('mile.best')} value={format.km(data.best_m)} /> : null}
          <div><dt>{t('mile.gap')}</dt><dd>{format.minutes(data.gap_s)}<span className="unit">{t('minutes')}</span></dd></div>
        </dl>
        {isDetour(data.counted_m, data.best_m, permille) ? <p className="note">{t('mile.detour', { counted: format.km(data.counted_m), best: format.km(data.best_m) })}</p> : null}
      </section>
      <section ref={parts.trips} tabIndex={-1} aria-label={t('trips')}>
        <h3 className="s14 w7">{t('trips')}</h3>
        {data.trips.length === 0 ? <p className="m3">{t('noTrips')}</p> : null}
        <ul className="person-trips">
          {data.trips.map((trip) => (
            <li key={trip.from} className="row">
              <span className="m3 nw">{t('trip', { from: format.time(trip.from), to: format.time(trip.to) })}</span>
              <span className="sp">{t(`mode.${MODES.find((mode) => mode === trip.mode) ?? 'driving'}`)}</span>
              {trip.counted ? null : <span className="tag">{t('notCounted')}</span>}
              <span className="nw">{format.km(trip.meters)} <span className="unit">km</span></span>
            </li>
          ))}
        </ul>
        {counted.length ? (
          <p className="sum-total">
            <b>{t('tripsTotal')}</b>
            <b>{format.km(counted.reduce((all, trip) => all + trip.meters, 0))} <span className="unit">km</span></b>
          </p>
        ) : null}
      </section>
      <section className="s12 m2">
        <p>{t('duty')} {data.duty.map((one) => `${format.time(one.from)}–${format.time(one.to)}`).join(' ')}</p>
        <p>{t('offDuty', { refused: format.number(data.refused_off_duty), count: data.refused_off_duty })}</p>
        <CopyLine label={t('input')} value={data.input_sha256} />
      </section>
    </div>
  );
}

function Mile({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <div className={strong ? 'strong' : undefined}>
      <dt>{label}</dt>
      <dd>{value}<span className="unit">km</span></dd>
    </div>
  );
}
