import { Link } from '@tanstack/react-router';
import type { DailyReport } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Bone } from '@tashi/shared/ui';
import { reportsText } from './text';

/** Below this many a percentage says more than is known; the fraction is shown instead. */
const PERCENT_FROM = 20;

/** What counts as planned: every task of the day that was not called off. */
const PLANNED = 'new,accepted,on_the_way,on_site,done,overdue,skipped';

/** The tasks a number of planned visits is made of. */
export function plannedSearch(day: string, of: { person?: string; department?: string }) {
  return { from: day, to: day, status: PLANNED, ...of };
}

interface Cell {
  label: string;
  value: string;
  unit: string;
  sub: string | null;
  rows?: { to: '/visits' | '/tasks' | '/reports'; search: object };
}

/** Six figures of the day; each opens the rows it sums, but for the people, who stand below. */
export function Totals({ totals, day, department }: { totals: DailyReport['totals'] | null; day: string; department: string | undefined }) {
  const t = useT(reportsText);
  const format = useFormat();
  const share = (a: number, b: number, key: 'share.ofPlanned' | 'share.ofVisits') =>
    b === 0 ? null : b < PERCENT_FROM ? t('share.fraction', { a, b }) : t(key, { percent: format.percent(a / b) });
  const visits = { to: '/visits' as const, search: { from: day, to: day, department } };
  const cells: Cell[] = totals
    ? [
        { label: t('sum.people'), value: format.number(totals.people), unit: t('unit.people'), sub: null },
        { label: t('sum.planned'), value: format.number(totals.planned), unit: t('unit.visits'), sub: null, rows: { to: '/tasks', search: plannedSearch(day, { department }) } },
        { label: t('sum.visits'), value: format.number(totals.visits), unit: t('unit.visits'), sub: share(totals.visits, totals.planned, 'share.ofPlanned'), rows: visits },
        {
          label: t('sum.effective'), value: format.number(totals.effective), unit: t('unit.visits'), sub: share(totals.effective, totals.visits, 'share.ofVisits'),
          rows: { to: '/visits', search: { ...visits.search, effective: 'true' } },
        },
        {
          label: t('sum.stay'), value: format.hours(totals.stay_s), unit: t('unit.hours'),
          rows: { to: '/reports', search: { day, department, sum: 'stay' } },
          sub: totals.visits ? t('perVisit', { duration: format.duration(totals.stay_s / totals.visits) }) : null,
        },
        {
          label: t('sum.driven'), value: format.km(totals.counted_m), unit: 'km',
          rows: { to: '/reports', search: { day, department, sum: 'driven' } },
          sub: totals.people ? t('perPerson', { km: format.km(totals.counted_m / totals.people) }) : null,
        },
      ]
    : [];
  return (
    <dl className="report-totals">
      {totals === null
        ? Array.from({ length: 6 }, (_, i) => <div key={i}><dt><Bone width={64} /></dt><dd><Bone width={48} height={24} /></dd></div>)
        : cells.map((cell) => (
            <div key={cell.label}>
              <dt>{cell.label}</dt>
              <dd>
                {cell.rows ? (
                  <Link {...cell.rows} aria-label={t('openRows', { label: cell.label, value: cell.value })}>{cell.value}</Link>
                ) : cell.value}
                <span className="unit">{cell.unit}</span>
              </dd>
              <dd className="report-sub">{cell.sub}</dd>
            </div>
          ))}
    </dl>
  );
}
