import { useQuery } from '@tanstack/react-query';
import { api, type Page, type VisitRow } from '@tashi/shared/api';
import { addDays, daysBetween, useFormat, useT, weekdayOf } from '@tashi/shared/i18n';
import { useCan } from '../../app/session';
import { customersText } from './text';

const WEEKS = 26;
const BOX = 12;
const STEP = 14;
/** Fill of a box by effective visits of the week: none, one, two, more. */
const FILL = [0, 0.35, 0.7, 1];

/** Effective visits of each of the last 26 weeks, oldest first; the last box is the present week. */
export function weeklyCounts(visits: readonly Pick<VisitRow, 'day' | 'effective'>[], monday: string): number[] {
  const counts = new Array<number>(WEEKS).fill(0);
  const first = addDays(monday, -7 * (WEEKS - 1));
  for (const visit of visits) {
    if (!visit.effective) continue;
    const week = Math.floor(daysBetween(first, visit.day) / 7);
    if (week >= 0 && week < WEEKS) counts[week] = (counts[week] ?? 0) + 1;
  }
  return counts;
}

/** How regularly the customer is visited, one box a week. */
export function Rhythm({ customerId }: { customerId: string }) {
  const t = useT(customersText);
  const format = useFormat();
  const enabled = useCan('visit.read');
  const today = format.today();
  const monday = addDays(today, 1 - weekdayOf(today));
  const first = addDays(monday, -7 * (WEEKS - 1));
  const visits = useQuery({
    queryKey: ['visits', 'rhythm', customerId, first],
    queryFn: async () =>
      (await api.get<Page<VisitRow>>('/visits', { query: { customer_id: customerId, day_from: first, day_to: today, limit: 500 } })).items,
    enabled,
  });
  if (!enabled) return null;
  const counts = weeklyCounts(visits.data ?? [], monday);
  return (
    <>
      <h3>{t('rhythm')}</h3>
      <svg width={13 * STEP} height={2 * STEP} role="img" aria-label={t('rhythmLabel')}>
        {counts.map((count, week) => (
          <rect
            key={week}
            x={(week % 13) * STEP + 1}
            y={Math.floor(week / 13) * STEP + 1}
            width={BOX}
            height={BOX}
            rx="3"
            fill={count ? 'var(--c1)' : 'var(--surface)'}
            fillOpacity={FILL[Math.min(count, 3)]}
            stroke={count ? 'none' : 'var(--line-input)'}
            strokeWidth="1"
          >
            <title>{t('rhythmWeek', { day: format.day(addDays(first, week * 7)), count })}</title>
          </rect>
        ))}
      </svg>
      <p className="s11 m3">{t('rhythmHint')}</p>
    </>
  );
}
