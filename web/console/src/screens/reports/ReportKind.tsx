import { Link } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { reportsText } from './text';

/** The day of the team, its kilometres of a month, what checks brought, or how steps went. */
export function ReportKind({ now }: { now: 'daily' | 'mileage' | 'checks' | 'steps' }) {
  const t = useT(reportsText);
  const of = (kind: 'daily' | 'mileage' | 'checks' | 'steps') => ({
    className: kind === now ? 'on' : undefined,
    'aria-current': kind === now ? ('page' as const) : undefined,
  });
  return (
    <nav className="seg report-kinds" aria-label={t('kinds')}>
      <Link to="/reports" search={{}} {...of('daily')}>{t('kind.daily')}</Link>
      <Link to="/reports/mileage" search={{}} {...of('mileage')}>{t('kind.mileage')}</Link>
      <Link to="/reports/checks" search={{}} {...of('checks')}>{t('kind.checks')}</Link>
      <Link to="/reports/steps" search={{}} {...of('steps')}>{t('kind.steps')}</Link>
    </nav>
  );
}
