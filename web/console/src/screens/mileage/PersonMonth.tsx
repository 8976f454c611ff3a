import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Id, type MileageDay, type MileageStatement } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Avatar, Figure, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { CopyLine } from '../../kit/CopyLine';
import { Download } from '../../kit/Download';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { monthName } from '../../kit/MonthField';
import { ProblemView } from '../../kit/ProblemView';
import { mileageText } from './text';

const FILES = [
  { kind: 'pdf', path: 'statement.pdf', icon: 'file' },
  { kind: 'csv', path: 'statement.csv', icon: 'columns' },
  { kind: 'export', path: 'export.json', icon: 'box' },
  { kind: 'zip', path: 'bundle.zip', icon: 'shield' },
] as const;
const MODES = ['driving', 'ebike', 'walking', 'transit'] as const;
const GAPS = ['no_permission', 'phone_off', 'no_signal', 'unknown'] as const;
const REFUSALS = ['off_duty', 'leave', 'private', 'policy_off', 'left', 'bad_time'] as const;

/** A person's month: each day with its trips and gaps, and how anybody can check the figure. */
export function PersonMonth({ person, month, onClose }: { person: Id; month: string; onClose(): void }) {
  const t = useT(mileageText);
  const language = useLanguage();
  const statement = useQuery({
    queryKey: ['reports', 'mileage', 'person', person, month],
    queryFn: () => api.get<MileageStatement>('/reports/mileage/{person}/{month}', { params: { person, month } }),
  });
  const { data } = statement;
  return (
    <EntityDrawer
      label={data?.person.name ?? t('title')}
      title={
        <span className="row">
          {data ? <Avatar name={data.person.name} size="sm" /> : null}
          {data ? t('detail', { name: data.person.name, month: monthName(month, language) }) : t('title')}
        </span>
      }
      subtitle={data?.person.department}
      link={`/reports/mileage?person=${person}&month=${month}`}
      onClose={onClose}
      foot={<Files person={person} name={data?.person.name ?? ''} month={month} />}
    >
      {statement.error ? <div className="drawer-pad"><ProblemView error={statement.error} onRetry={statement.refetch} /></div> : null}
      {statement.isPending ? <SkeletonRows rows={8} /> : null}
      {data ? <Month data={data} /> : null}
    </EntityDrawer>
  );
}

/** The statement as files. Export and bundle hold positions and need the right to see tracks. */
function Files({ person, name, month }: { person: Id; name: string; month: string }) {
  const t = useT(mileageText);
  const format = useFormat();
  const language = useLanguage();
  const tracks = useCan('track.read');
  return FILES.filter((file) => (file.kind !== 'export' && file.kind !== 'zip') || tracks).map((file) => (
    <Download
      key={file.kind}
      path={`/reports/mileage/{person}/{month}/${file.path}`}
      params={{ person, month }}
      fallback={`tashi-mileage-${month}.${file.kind}`}
      label={t(`file.${file.kind}`)}
      title={format.dots([name, monthName(month, language), t(`file.${file.kind}`)])}
      icon={file.icon}
      look={file.kind === 'pdf' ? 'primary' : 'plain'}
    />
  ));
}

function Month({ data }: { data: MileageStatement }) {
  const t = useT(mileageText);
  const format = useFormat();
  const { totals } = data;
  return (
    <div className="person-day mileage">
      <div className="person-figures">
        <div><span>{t('sum.counted')}</span><Figure value={format.km(totals.counted_m)} unit="km" size={20} /></div>
        <div><span>{t('duty')}</span><Figure value={format.hours(totals.duty_s)} unit={t('unit.hoursDays', { count: totals.duty_days })} size={20} /></div>
        <div><span>{t('sum.gap')}</span><Figure value={format.hours(totals.gap_s)} unit={t('unit.hours')} size={20} /></div>
        <div><span>{t('sum.refused')}</span><Figure value={format.number(totals.refused)} unit={t('unit.points')} size={20} /></div>
      </div>
      <section>
        <h3 className="s14 w7">{t('days')}</h3>
        {data.days.length === 0 ? <p className="m3">{t('noDays')}</p> : null}
        <ul className="mileage-days">
          {data.days.map((day) => <li key={day.day}><OneDay day={day} person={data.person.id} /></li>)}
        </ul>
      </section>
      <section className="s12 m2">
        <p>{t('explain.counted')}</p>
        <p>{t('explain.withheld')}</p>
        <p>{t('explain.check')}</p>
        <p>{t('rule', { rule: data.rule_version })}</p>
        <CopyLine label={t('input')} value={data.input_sha256} />
      </section>
    </div>
  );
}

function OneDay({ day, person }: { day: MileageDay; person: Id }) {
  const t = useT(mileageText);
  const format = useFormat();
  const span = (one: { from: string; to: string }) => {
    const end = format.time(one.to);
    return `${format.time(one.from)}–${end === '00:00' ? '24:00' : end}`;
  };
  const refused = Object.entries(day.refused);
  return (
    <details>
      <summary>
        <span className="mileage-day">{format.dayWeek(day.day)}</span>
        <span className="m3 s12 nw">{day.open ? t('notOver') : day.duty.length ? day.duty.map(span).join(' ') : t('noDuty')}</span>
        <span className="sp" />
        {day.withheld.some((one) => one.reason === 'private') ? <span className="tag">{t('withheld.private')}</span> : null}
        {day.withheld.some((one) => one.reason === 'leave') ? <span className="tag">{t('withheld.leave')}</span> : null}
        {day.gap_s ? <span className="m3 s12 nw">{t('gapOf', { duration: format.duration(day.gap_s) })}</span> : null}
        <b className="mileage-km">{format.km(day.counted_m)}<span className="unit">km</span></b>
      </summary>
      <ul className="person-trips">
        {day.trips.map((trip) => (
          <li key={trip.from} className="row">
            <span className="m3 nw">{span(trip)}</span>
            <span className="sp clip">{format.dots([t(`mode.${MODES.find((mode) => mode === trip.mode) ?? 'driving'}`), way(trip)])}</span>
            {trip.counted ? null : <span className="tag">{t('notCounted')}</span>}
            <span className="nw">{format.km(trip.meters)} <span className="unit">km</span></span>
          </li>
        ))}
        {day.gaps.map((gap) => (
          <li key={`gap${gap.from}`} className="row m2">
            <span className="m3 nw">{span(gap)}</span>
            <span className="sp clip">{format.dots([t('gap'), t(`gap.${GAPS.find((kind) => kind === gap.kind) ?? 'unknown'}`)])}</span>
            <span className="tag">{gap.estimated_m ? t('estimated', { km: format.km(gap.estimated_m) }) : t('notCounted')}</span>
          </li>
        ))}
        {day.withheld.map((one) => (
          <li key={`off${one.from}`} className="row m3">
            <span className="nw">{span(one)}</span>
            <span className="sp clip">{t('notRecorded', { reason: t(`withheld.${one.reason}`) })}</span>
          </li>
        ))}
      </ul>
      <p className="s12 m2 mileage-foot">
        {refused.length ? <span>{t('refused', { list: format.names(refused.map(([why, count]) => `${t(`refusal.${REFUSALS.find((one) => one === why) ?? 'off_duty'}`)} ${format.number(count)}`)) })}</span> : null}
        {day.removed ? <span>{t('removed', { count: day.removed })}</span> : null}
        <Link to="/tracks" search={{ person, day: day.day }}><Icon name="track" size={13} />{t('toTrack')}</Link>
        <Link to="/reports" search={{ person, day: day.day }}><Icon name="chart" size={13} />{t('toDay')}</Link>
      </p>
    </details>
  );
}

const way = (trip: MileageDay['trips'][number]) =>
  trip.from_place || trip.to_place ? `${trip.from_place ?? '…'} → ${trip.to_place ?? '…'}` : null;
