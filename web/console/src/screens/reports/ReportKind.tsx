import { Link } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { reportsText } from './text';

type ReportKindKey = 'daily' | 'groups' | 'mileage' | 'checks' | 'steps';

/** The day of the team, its kilometres of a month, what checks brought, how steps went, or where the work goes. */
export function ReportKind({ now }: { now: ReportKindKey }) {
  const t = useT(reportsText);
  const of = (kind: ReportKindKey) => ({
    className: kind === now ? 'on' : undefined,
    'aria-current': kind === now ? ('page' as const) : undefined,
  });
  return (
    <nav className="seg report-kinds" aria-label={t('kinds')}>
      <Link to="/reports" search={{}} {...of('daily')}>{t('kind.daily')}</Link>
      <Link to="/reports/groups" search={{}} {...of('groups')}>{t('kind.groups')}</Link>
      <Link to="/reports/mileage" search={{}} {...of('mileage')}>{t('kind.mileage')}</Link>
      <Link to="/reports/checks" search={{}} {...of('checks')}>{t('kind.checks')}</Link>
      <Link to="/reports/steps" search={{}} {...of('steps')}>{t('kind.steps')}</Link>
    </nav>
  );
}
