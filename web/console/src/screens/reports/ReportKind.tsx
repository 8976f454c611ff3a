import { Link } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { reportsText } from './text';

/** The day of the team, or its kilometres of a month. */
export function ReportKind({ now }: { now: 'daily' | 'mileage' }) {
  const t = useT(reportsText);
  const of = (kind: 'daily' | 'mileage') => ({
    className: kind === now ? 'on' : undefined,
    'aria-current': kind === now ? ('page' as const) : undefined,
  });
  return (
    <nav className="seg report-kinds" aria-label={t('kinds')}>
      <Link to="/reports" search={{}} {...of('daily')}>{t('kind.daily')}</Link>
      <Link to="/reports/mileage" search={{}} {...of('mileage')}>{t('kind.mileage')}</Link>
    </nav>
  );
}
