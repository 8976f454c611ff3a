import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type DailyReport, type Home } from '@tashi/shared/api';
import { addDays, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Bone, Figure, Icon } from '@tashi/shared/ui';
import type { ReactNode } from 'react';
import { useCan, useMe } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { orderOf, type HomeSum } from './byGoal';
import { FirstSteps } from './FirstSteps';
import { Ready } from './Ready';
import { LateColumn } from './LateColumn';
import { NeedsColumn } from './NeedsColumn';
import { OutColumn } from './OutColumn';
import { homeText } from './text';
import './home.css';

const REFRESH_MS = 30_000;

/** Who is out, what is late, what needs me: three columns, one question each. */
export function HomeScreen() {
  const t = useT(homeText);
  const format = useFormat();
  const me = useMe();
  const home = useQuery({ queryKey: ['home'], queryFn: () => api.get<Home>('/home'), refetchInterval: REFRESH_MS });
  const data = home.data ?? null;
  return (
    <div className={`home by-${me.company.goal}`}>
      <Head home={data} at={home.dataUpdatedAt} />
      <FirstSteps />
      <Ready />
      {home.error && data ? (
        <p className="home-stale" role="status">
          <Icon name="noNetwork" size={15} weight={2} />
          {t('stale', { age: format.age(home.dataUpdatedAt) })}
        </p>
      ) : null}
      {home.error && !data ? (
        <div className="home-failed"><ProblemView error={home.error} onRetry={home.refetch} /></div>
      ) : (
        <>
          {orderOf(me.company.goal).columns.map((column) => (
            column === 'out' ? <OutColumn key={column} home={data} />
            : column === 'late' ? <LateColumn key={column} people={data?.late ?? null} />
            : <NeedsColumn key={column} needs={data?.needs_me ?? null} goal={me.company.goal} />
          ))}
        </>
      )}
    </div>
  );
}

function Head({ home, at }: { home: Home | null; at: number }) {
  const t = useT(homeText);
  const format = useFormat();
  const me = useMe();
  const canWrite = useCan('task.write');
  const now = useNow(1000);
  const hour = Number(format.time(now).slice(0, 2));
  const part = hour < 11 ? 'morning' : hour < 13 ? 'noon' : hour < 18 ? 'afternoon' : 'evening';
  const sum = (pick: (team: Home['team'][number]) => number) => (home ? home.team.reduce((total, team) => total + pick(team), 0) : null);
  const effective = sum((team) => team.effective);
  const planned = sum((team) => team.effective + team.open + team.overdue + team.todo);
  const today = format.today();
  const figure = (value: number | null) => (value === null ? <Bone width={32} height={20} /> : format.number(value));
  const SUMS: Record<HomeSum, ReactNode> = {
    effective: (
      <Link to="/visits" search={{ from: today, to: today, effective: 'true' }} aria-label={home ? undefined : t('sum.effective')}>
        <Figure value={figure(effective)} unit={planned === null ? undefined : t('sum.ofPlan', { count: format.number(planned) })} size={20} />
      </Link>
    ),
    open: (
      <Link to="/visits" search={{ from: today, to: today, status: 'open' }}>
        <Figure value={figure(sum((team) => team.open))} unit={t('sum.places')} size={20} />
      </Link>
    ),
    overdue: (
      <Link to="/tasks" search={{ from: today, to: today, status: 'overdue' }}>
        <Figure value={figure(sum((team) => team.overdue))} unit={t('sum.places')} size={20} />
      </Link>
    ),
    driven: <Driven day={today} />,
  };
  return (
    <header className="home-head">
      <div className="home-hello">
        <h2>{t(`hello.${part}`, { name: me.employee.name })}</h2>
        <p className="s12 m3">
          {t('asOf', { day: format.dayWeek(today), time: format.time(now), age: at ? format.age(at, Date.now()) : '—' })}
        </p>
      </div>
      <dl className="home-sums">
        {orderOf(me.company.goal).sums.map((sum) => (
          <div key={sum}>
            <dt>{t(`sum.${sum}`)}</dt>
            <dd>{SUMS[sum]}</dd>
          </div>
        ))}
      </dl>
      {canWrite ? (
        <div className="row home-actions">
          <Link to="/tasks" search={{ create: '1' }} className="btn"><Icon name="bolt" />{t('adHoc')}</Link>
          <Link to="/planning" search={{ day: addDays(today, 1) }} className="btn pri"><Icon name="plan" />{t('plan')}</Link>
        </div>
      ) : null}
    </header>
  );
}

/** Kilometres counted today against those of the plan; opens the day they are the sum of. */
function Driven({ day }: { day: string }) {
  const t = useT(homeText);
  const format = useFormat();
  const report = useQuery({
    queryKey: ['reports', 'daily', day, 'all'],
    queryFn: () => api.get<DailyReport>('/reports/daily', { query: { day } }),
    refetchInterval: REFRESH_MS,
  });
  const planned = report.data?.rows.reduce((total, row) => total + (row.plan_m ?? 0), 0);
  return (
    <Link to="/reports" search={{ day }} aria-label={report.data ? undefined : t('sum.driven')}>
      <Figure
        value={report.data ? format.km(report.data.totals.counted_m) : report.error ? '—' : <Bone width={32} height={20} />}
        unit={planned === undefined ? 'km' : t('sum.ofPlanKm', { count: format.km(planned) })}
        size={20}
      />
    </Link>
  );
}
