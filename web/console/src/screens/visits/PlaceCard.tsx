import type { Visit } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { destination, TashiMap, useBasemap, type ErrorMark, type MapMarks } from '@tashi/shared/map';
import { useMemo } from 'react';
import { visitsText } from './text';

const VERDICT_COLOR = { in: 'var(--visit-mark)', cannot_tell: 'var(--late-mark)', out: 'var(--problem-mark)' } as const;

/** Shop, fence and both fixes with their errors, all to scale. */
export function PlaceCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const format = useFormat();
  const basemap = useBasemap();
  const { check_in, check_out, customer_at } = visit;
  const errors = useMemo(() => {
    const marks: ErrorMark[] = [];
    if (check_out?.at && check_out.accuracy_m) marks.push({ id: 'out', at: check_out.at, radiusM: check_out.accuracy_m, verdict: check_out.verdict });
    if (check_in.at && check_in.accuracy_m) marks.push({ id: 'in', at: check_in.at, radiusM: check_in.accuracy_m, verdict: check_in.verdict });
    return marks;
  }, [check_in, check_out]);
  const marks = useMemo<MapMarks>(
    () => ({
      shop: customer_at,
      fences: customer_at ? [{ id: 'fence', at: customer_at, radiusM: check_in.radius_m }] : [],
      errors,
      labels:
        check_in.at && check_in.distance_m !== null
          ? [{ id: 'distance', at: check_in.at, text: t('distance', { distance: format.distance(check_in.distance_m) }) }]
          : [],
    }),
    [customer_at, check_in, errors, t, format],
  );
  const places = useMemo(() => {
    if (!customer_at) return [];
    const reach = Math.max(check_in.radius_m, (check_in.distance_m ?? 0) + (check_in.accuracy_m ?? 0)) * 1.1;
    return [0, 90, 180, 270].map((bearing) => destination(customer_at, bearing, reach));
  }, [customer_at, check_in]);
  return (
    <section className="card visit-place-card">
      {customer_at ? (
        <TashiMap
          className="visit-place"
          basemap={basemap}
          marks={marks}
          label={`${t('place')}: ${visit.customer.name}`}
          controls="zoom"
          fit={{ key: visit.id, places, maxZoom: 18 }}
          padding={{ top: 16, right: 60, bottom: 24, left: 16 }}
        />
      ) : (
        <p className="note visit-words">{t('placeNone')}</p>
      )}
      <div className="visit-place-foot">
        <div className="row s12 visit-place-legend">
          <Swatch dashed color="var(--accent)" word={t('fence', { meters: format.number(check_in.radius_m) })} />
          {check_in.accuracy_m !== null ? (
            <Swatch color={VERDICT_COLOR[check_in.verdict]} word={t('checkIn', { meters: format.number(Math.round(check_in.accuracy_m)) })} />
          ) : null}
          {check_out?.accuracy_m ? (
            <Swatch color={VERDICT_COLOR[check_out.verdict]} word={t('checkOut', { meters: format.number(Math.round(check_out.accuracy_m)) })} />
          ) : null}
        </div>
      </div>
    </section>
  );
}

function Swatch({ color, word, dashed }: { color: string; word: string; dashed?: boolean }) {
  return (
    <span className="row g4 nw">
      <svg width="14" height="14" aria-hidden="true">
        <circle cx="7" cy="7" r="5.5" fill={color} fillOpacity=".16" stroke={color} strokeDasharray={dashed ? '3 2' : undefined} />
      </svg>
      {word}
    </span>
  );
}
