import { daysBetween, useFormat, useT } from '@tashi/shared/i18n';
import { StateText } from '@tashi/shared/ui';
import { customersText } from './text';

/** From here on a customer counts as not followed up; the same rule as the view of that name. */
const LONG_DAYS = 30;

/** Days since the last visit; amber with a clock when it was long ago. */
export function LastVisit({ day }: { day: string | null }) {
  const t = useT(customersText);
  const format = useFormat();
  if (!day) return <StateText tone="idle" icon="unknownCircle">{t('never')}</StateText>;
  const gone = daysBetween(day, format.today());
  const words = format.dayAge(day);
  if (gone >= LONG_DAYS) return <StateText tone="late" icon="clock">{words}</StateText>;
  if (gone <= 0) return <StateText tone="visit" icon="store">{words}</StateText>;
  return <span title={format.dayWeek(day)}>{words}</span>;
}
