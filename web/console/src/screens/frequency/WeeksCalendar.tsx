import { Link } from '@tanstack/react-router';
import type { Outlook, OutlookDay, OutlookPerson } from '@tashi/shared/api';
import { addDays, daysBetween, useFormat, useT, weekdayOf } from '@tashi/shared/i18n';
import { Avatar, GradeTag } from '@tashi/shared/ui';
import { useState } from 'react';
import { frequencyText } from './text';

/** Visits shown in a cell before the rest is folded away. */
const SHOWN = 5;

/** Everybody's weeks, Monday to Sunday: what is planned, and dashed what would be added. */
export function WeeksCalendar({ outlook, busy }: { outlook: Outlook; busy: boolean }) {
  return (
    <div className={busy ? 'freq-people busy' : 'freq-people'} aria-busy={busy}>
      {outlook.people.map((person) => <PersonWeeks key={person.employee.id} person={person} from={outlook.from} />)}
    </div>
  );
}

function PersonWeeks({ person, from }: { person: OutlookPerson; from: string }) {
  const t = useT(frequencyText);
  const format = useFormat();
  const monday = addDays(from, 1 - weekdayOf(from));
  const count = person.days.reduce((sum, day) => sum + day.visits.length, 0);
  const work = person.days.reduce((sum, day) => sum + day.work_minutes, 0);
  const last = person.days.at(-1)?.day ?? from;
  const rows = Math.ceil((daysBetween(monday, last) + 1) / 7);
  const byDay = new Map(person.days.map((day) => [day.day, day]));
  return (
    <section className="freq-person" aria-label={person.employee.name}>
      <header className="row g6">
        <Avatar name={person.employee.name} size="sm" />
        <h3>{person.employee.name}</h3>
        <span className="s12 m3">{t('person', { count })}·{format.duration(work * 60)}</span>
      </header>
      <div className="freq-grid" role="table" aria-label={person.employee.name}>
        <div role="row" className="freq-row freq-head">
          {[1, 2, 3, 4, 5, 6, 7].map((weekday) => <span key={weekday} role="columnheader" className="s12 m3">{format.weekday(weekday)}</span>)}
        </div>
        {Array.from({ length: rows }, (_, week) => (
          <div key={week} role="row" className="freq-row">
            {[0, 1, 2, 3, 4, 5, 6].map((weekday) => {
              const day = addDays(monday, week * 7 + weekday);
              return <DayCell key={day} name={day} day={byDay.get(day)} person={person.employee.id} />;
            })}
          </div>
        ))}
      </div>
    </section>
  );
}

function DayCell({ name, day, person }: { name: string; day: OutlookDay | undefined; person: string }) {
  const t = useT(frequencyText);
  const format = useFormat();
  const [all, setAll] = useState(false);
  if (!day) return <div role="cell" className="freq-day outside" />;
  const shown = all ? day.visits : day.visits.slice(0, SHOWN);
  const share = day.holds_minutes ? Math.min(1, day.work_minutes / day.holds_minutes) : 0;
  const full = day.holds_minutes > 0 && day.work_minutes > day.holds_minutes;
  const words = t('dayWork', { work: format.duration(day.work_minutes * 60), holds: format.duration(day.holds_minutes * 60) });
  return (
    <div role="cell" className={day.works ? 'freq-day' : 'freq-day rest'}>
      <div className="freq-date">
        <Link to="/planning" search={{ day: name, person, tab: 'plans' }} className="s12">{format.day(name)}</Link>
        {day.works ? <span className="s11 m3 end nw">{day.visits.length || ''}</span> : <span className="s11 m3 end">{t('rest')}</span>}
      </div>
      {day.works ? <div className={full ? 'freq-load full' : 'freq-load'} title={words} role="img" aria-label={words}><i style={{ width: `${share * 100}%` }} /></div> : null}
      <ul>
        {shown.map((visit) => (
          <li key={visit.customer.id} className={visit.task_id ? 'freq-visit' : 'freq-visit fresh'} title={format.dots([visit.customer.name, t(visit.task_id ? 'standing' : 'fresh'), visit.instead_of ? t('insteadOf', { name: visit.instead_of.name }) : null])}>
            <GradeTag grade={visit.customer.grade} />
            <span className="clip">{visit.customer.name}</span>
            {visit.instead_of ? <span className="s11 m2 nw end">{t('insteadOf', { name: visit.instead_of.name })}</span> : null}
          </li>
        ))}
      </ul>
      {day.visits.length > SHOWN ? (
        <button type="button" className="btn link s12" aria-expanded={all} onClick={() => setAll(!all)}>{all ? '−' : `+${day.visits.length - SHOWN}`}</button>
      ) : null}
    </div>
  );
}
