import { Link } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { boardText } from './text';
import './view.css';

/** A day's board, the week, or a plan from the customer list. */
export function ViewSwitch() {
  const t = useT(boardText);
  const on = { className: 'on', 'aria-current': 'page' as const };
  return (
    <nav className="seg bview" aria-label={t('view')}>
      <Link to="/planning/board" activeOptions={{ includeSearch: false }} activeProps={on}>{t('board')}</Link>
      <Link to="/planning/week" activeOptions={{ includeSearch: false }} activeProps={on}>{t('weekView')}</Link>
      <Link to="/planning" activeOptions={{ exact: true, includeSearch: false }} activeProps={on}>{t('list')}</Link>
    </nav>
  );
}
