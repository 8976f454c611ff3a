import { Link } from '@tanstack/react-router';
import type { MaintenanceDue, MaintenanceTerms } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useCallback } from 'react';
import { maintenanceText } from './maintenanceText';

/** How often, in words: by date, by meter, or whichever comes first. */
export function useCycle(): (terms: MaintenanceTerms) => string {
  const t = useT(maintenanceText);
  const format = useFormat();
  return useCallback((terms) => format.dots([
    terms.every && terms.unit ? t(`every.${terms.unit}`, { count: terms.every }) : null,
    terms.meter_every && terms.meter ? t('everyMeter', { count: format.number(terms.meter_every), meter: terms.meter }) : null,
  ]), [t, format]);
}

/** What is next of a plan on a piece: the day, the count, the order that was made, and whether it is late. */
export function DueText({ due }: { due: MaintenanceDue }) {
  const t = useT(maintenanceText);
  const format = useFormat();
  const words = format.dots([
    due.due_on ? t('nextOn', { day: format.day(due.due_on) }) : null,
    due.due_total === null ? null : due.total === null ? t('nextTotalNone', { total: format.number(due.due_total) }) : t('nextTotal', { total: format.number(due.due_total), unit: due.unit ?? '', now: format.number(due.total) }),
    due.expected_on ? t('expected', { day: format.day(due.expected_on) }) : null,
  ]);
  return (
    <span>
      {due.blocked ? <b className="fg-late">{t(`blocked.${due.blocked}`)} </b> : null}
      {due.overdue ? <b className="fg-late">{t('overdue')} </b> : null}
      {due.order ? <Link to="/orders" search={{ order: due.order.id }}>{t('ordered', { number: due.order.name })}</Link> : null}{due.order ? ' ' : null}
      <span className={due.order ? 'm2' : undefined}>{words}</span>
    </span>
  );
}
