import { useState } from 'react';
import type { MyAttendanceDay, MyAttendanceMonth } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { useOnline, useToday } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { inDays } from '../../work/attendance.ts';
import { span } from './AttendanceScreen.tsx';
import './attendance.css';
import { attendanceText } from './text.ts';

const BACK = 12;

function monthsBack(today: string): string[] {
  const [year = 1970, month = 1] = today.split('-').map(Number);
  return Array.from({ length: BACK }, (_, i) => new Date(Date.UTC(year, month - 1 - i, 1)).toISOString().slice(0, 7));
}

/** My month as the sheet of the company shows it. */
export function MonthScreen() {
  const today = useToday();
  const [month, setMonth] = useState(today.slice(0, 7));
  return <Month key={month} month={month} today={today} onMonth={setMonth} />;
}

function Month({ month, today, onMonth }: { month: string; today: string; onMonth: (month: string) => void }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const online = useOnline();
  const language = useLanguage();
  const { data, problem } = useCached(`attendance/${month}/${language}`, () => client.get<MyAttendanceMonth>('/me/attendance', { query: { month } }));
  const [chosen, setChosen] = useState(today.startsWith(month) ? today : `${month}-01`);
  const name = (one: string) => new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(`${one}-01T00:00:00Z`));
  const before = (new Date(`${month}-01T00:00:00Z`).getUTCDay() + 6) % 7;
  const day = data?.days.find((one) => one.day === chosen) ?? null;
  return (
    <Page
      title={t('month')} backTo="/attendance"
      right={
        <select className="daypick" aria-label={t('pick')} value={month} onChange={(e) => onMonth(e.target.value)}>
          {monthsBack(today).map((one) => <option key={one} value={one}>{name(one)}</option>)}
        </select>
      }
    >
      {data === undefined || (data === null && !problem && online) ? <SkeletonRows rows={5} height={56} /> : null}
      {data === null && (problem || !online) ? <Empty title={t('noMonth')} text={t('noMonthText')} /> : null}
      {data ? (
        <>
          <Sums data={data} />
          <div className="card mx att-month" role="group" aria-label={t('calendar', { month: name(month) })}>
            {[1, 2, 3, 4, 5, 6, 7].map((one) => <span key={one} aria-hidden="true">{f.weekday(one).length > 2 ? f.weekday(one).slice(0, 2) : f.weekday(one).slice(-1)}</span>)}
            {Array.from({ length: before }, (_, i) => <span key={`b${i}`} />)}
            {data.days.map((one) => (
              <button key={one.day} type="button" className={`${one.day === chosen ? 'on' : ''} ${one.day === today ? 'now' : ''}`} aria-pressed={one.day === chosen} aria-label={f.dots([f.dayWeek(one.day), one.label])} onClick={() => setChosen(one.day)}>
                {Number(one.day.slice(8))}<small className={`tone-${one.tone}`}>{one.label}</small>
              </button>
            ))}
          </div>
          {day ? <Chosen day={day} today={today} closed={data.closed} /> : null}
        </>
      ) : null}
    </Page>
  );
}

function Chosen({ day, today, closed }: { day: MyAttendanceDay; today: string; closed: boolean }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const { outcome } = day;
  const bad = outcome.late_minutes + outcome.early_minutes + outcome.missing_in + outcome.missing_out + outcome.absent_milli > 0;
  return (
    <section className="card mx" style={{ padding: 14, marginTop: 10, marginBottom: 20 }}>
      <div className="row g6"><b>{f.dayWeek(day.day)}</b><span className={`tone-${day.tone}`}>{day.label}</span></div>
      <p className="m2 s14">{f.dots([day.hours.length ? day.hours.map((one) => span(f, one)).join(' ') : day.special ?? t('rest'), day.shift])}</p>
      <p className="s14">{f.dots([outcome.first_in ? t('come', { time: f.time(outcome.first_in) }) : null, outcome.last_out ? t('went', { time: f.time(outcome.last_out) }) : null, outcome.corrected ? t('corrected') : null])}</p>
      {bad && !closed && day.day <= today ? <Link className="textlink" to={`/attendance/new/correction?day=${day.day}`}><Icon name="edit" size={18} />{t('correct')}</Link> : null}
    </section>
  );
}

function Sums({ data }: { data: MyAttendanceMonth }) {
  const t = useT(attendanceText);
  const f = useFormat();
  const s = data.totals;
  const cells: [string, string][] = [
    [t('planned'), `${s.planned_days}`], [t('attended'), inDays(s.attended_milli)], [t('late'), s.late_count ? `${s.late_count}` : '0'], [t('early'), `${s.early_count}`],
    [t('missing'), `${s.missing}`], [t('absent'), inDays(s.absent_milli)], [t('overtimeSum'), f.hours(s.overtime_minutes * 60)], [t('tripSum'), `${s.trip_days}`],
  ];
  return (
    <section className="card mx" style={{ marginTop: 4, marginBottom: 10 }}>
      <div className="att-sums">{cells.map(([word, value]) => <div key={word}><b>{value}</b><span>{word}</span></div>)}</div>
      {data.closed ? <p className="m2 s14 row g6" style={{ padding: '0 14px 12px' }}><Icon name="lock" size={16} />{t('closed')}</p> : null}
    </section>
  );
}
