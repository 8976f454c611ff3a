import { Link } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { ordersText } from './text';

/** Orders, what they are about, what they need, and how they are done. */
export function OrderSections() {
  const t = useT(ordersText);
  const on = { className: 'on', 'aria-current': 'page' as const };
  return (
    <nav className="seg order-sections" aria-label={t('sections')}>
      <Link to="/orders" activeOptions={{ exact: true, includeSearch: false }} activeProps={on}>{t('title')}</Link>
      <Link to="/orders/equipment" activeOptions={{ includeSearch: false }} activeProps={on}>{t('equipment')}</Link>
      <Link to="/orders/maintenance" activeOptions={{ includeSearch: false }} activeProps={on}>{t('maintenance')}</Link>
      <Link to="/orders/inspections" activeOptions={{ includeSearch: false }} activeProps={on}>{t('inspections')}</Link>
      <Link to="/orders/parts" activeOptions={{ includeSearch: false }} activeProps={on}>{t('parts')}</Link>
      <Link to="/orders/types" activeOptions={{ includeSearch: false }} activeProps={on}>{t('types')}</Link>
    </nav>
  );
}
