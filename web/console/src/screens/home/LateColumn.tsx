import { Link } from '@tanstack/react-router';
import type { LivePerson } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Avatar, SkeletonRows, STATE_LOOK, StateText } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { byUrgency } from '../live/board';
import { isAhead, listLine } from '../live/sentences';
import { liveText } from '../live/text';
import { homeText } from './text';

/** Who is late or silent, worst first; each line carries its way out. */
export function LateColumn({ people }: { people: LivePerson[] | null }) {
  const t = useT(homeText);
  const format = useFormat();
  const canLive = useCan('live.read');
  const today = format.today();
  const sorted = useMemo(() => [...(people ?? [])].sort(byUrgency), [people]);
  return (
    <section className="card home-column home-late" aria-label={t('late')}>
      <div className="home-question">
        <h2>{t('late')}</h2>
        <span className="s12 m3">{t('lateSub')}</span>
        <span className="home-n">{people ? format.number(people.length) : ''}</span>
      </div>
      <div className="home-list">
        {people === null ? <SkeletonRows rows={5} height={64} /> : null}
        {people?.length === 0 ? <p className="home-none"><b>{t('lateNone')}</b><br /><span className="m3">{t('lateNoneDetail')}</span></p> : null}
        <ul>{sorted.map((person) => <LateRow key={person.employee.id} person={person} />)}</ul>
      </div>
      <div className="home-foot">
        <Link to="/tasks" search={{ from: today, to: today, status: 'overdue' }} className="end">{t('allLate')}</Link>
        {canLive ? <Link to="/live" search={{ state: 'late' }}>{t('look')}</Link> : null}
      </div>
    </section>
  );
}

function LateRow({ person }: { person: LivePerson }) {
  const t = useT(homeText);
  const live = useT(liveText);
  const format = useFormat();
  const now = useNow(10_000);
  const canLive = useCan('live.read');
  const canTrack = useCan('track.read');
  const canWrite = useCan('task.write');
  const { employee, next, state } = person;
  const look = STATE_LOOK[state];
  const silent = state === 'silent';
  const head = silent
    ? person.fix_at ? t('silent.for', { duration: format.duration((now - Date.parse(person.fix_at)) / 1000) }) : t('silent.never')
    : listLine(person, live, format, now);
  const detail = silent
    ? person.fix_at
      ? person.battery === null ? t('silent.lastNoBattery', { time: format.time(person.fix_at) }) : t('silent.last', { time: format.time(person.fix_at), battery: person.battery })
      : null
    : next
      ? next.meters === null
        ? t('late.nextShort', { shop: next.customer.name })
        : t(isAhead(next.eta, now) ? 'late.next' : 'late.nextAway', {
            shop: next.customer.name, distance: format.distance(next.meters), time: format.time(next.eta),
          })
      : null;
  return (
    <li className="home-item">
      <Avatar name={employee.name} state={state} />
      <div className="home-item-words">
        <div className="row g6">
          <b className="nw">{employee.name}</b>
          <span className="clip"><StateText tone={look.tone} icon={look.icon}>{head}</StateText></span>
        </div>
        {detail ? <div className="s12 m2 clip" title={detail}>{detail}</div> : null}
        <div className="row home-item-actions">
          {canLive ? <Link to="/live" search={{ person: employee.id }} className="btn sm">{t('look')}</Link> : null}
          {!silent && next && canWrite ? (
            <Link to="/tasks" search={{ create: '1', customer: next.customer.id }} className="btn sm soft">{t('reassign')}</Link>
          ) : null}
          {silent && canLive ? <Link to="/health" search={{ person: employee.id }} className="btn sm soft">{t('repair')}</Link> : null}
          {silent && canTrack ? <Link to="/tracks" search={{ person: employee.id }} className="btn sm">{t('track')}</Link> : null}
        </div>
      </div>
      <span className="s12 m3 nw">{format.time(person.fix_at)}</span>
    </li>
  );
}
