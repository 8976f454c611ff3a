import type { LiveState, Playback } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Legend, TashiMap, trackSegments, useBasemap, type FenceMark, type HeadMark, type MapHandle, type MapMarks, type MarkHit, type StopMark } from '@tashi/shared/map';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { customerPlaces, eventAt, gapEnds, headAt, ms, type DayEvent } from './playback';
import { useHead, type Playhead } from './playhead';
import { tracksText } from './text';

const HEAD_STATE: Record<DayEvent['kind'], LiveState> = { drive: 'moving', visit: 'visit', stay: 'idle', gap: 'silent', quiet: 'off_duty' };

/** The driven way by speed over the dashed plan, stops in driven order, gaps as two hollow ends, and the playhead. */
export function TrackMap({ playback, events, playhead, showPlan, onHit, children }: {
  playback: Playback;
  events: readonly DayEvent[];
  playhead: Playhead;
  showPlan: boolean;
  onHit(hit: MarkHit): void;
  children?: ReactNode;
}) {
  const t = useT(tracksText);
  const format = useFormat();
  const basemap = useBasemap();
  const [handle, setHandle] = useState<MapHandle | null>(null);
  const head = useMapHead(playback, events, playhead);

  const still = useMemo<MapMarks>(() => {
    const places = customerPlaces(playback);
    const visits = events.flatMap((event) => (event.kind === 'visit' ? [event] : []));
    const seen = new Set(visits.map((event) => event.visit.customer.id));
    const stops: StopMark[] = [];
    const fences: FenceMark[] = [];
    for (const { seq, visit } of visits) {
      const place = places.get(visit.customer.id);
      if (!place) continue;
      stops.push({
        id: visit.id, seq, at: place.at, state: visit.status === 'open' ? 'now' : 'done', name: visit.customer.name,
        label: `${visit.customer.name} ${format.time(visit.check_in_at)}`,
      });
      if (place.radiusM) fences.push({ id: visit.id, at: place.at, radiusM: place.radiusM });
    }
    return {
      driven: trackSegments(playback),
      planned: showPlan ? playback.plan?.route.legs.map((leg) => leg.line) ?? [] : [],
      stops,
      fences,
      // Planned shops that were not visited stay on the map, unnumbered.
      customers: showPlan
        ? playback.plan?.tasks.flatMap(({ customer }) =>
            customer.at && !seen.has(customer.id) ? [{ id: customer.id, name: customer.name, grade: customer.grade, at: customer.at }] : []) ?? []
        : [],
      stays: events.flatMap((event) =>
        event.kind === 'stay' && event.at && !event.customer
          ? [{ id: event.id, at: event.at, label: t('stayLabel', { duration: format.duration((event.to - event.from) / 1000) }) }]
          : []),
      gaps: events.flatMap((event) => {
        if (event.kind !== 'gap') return [];
        const ends = gapEnds(playback.points, event.from, event.to);
        return ends
          ? [{ id: event.id, from: ends[0], to: ends[1], label: t('gapLabel', { duration: format.duration((event.to - event.from) / 1000) }) }]
          : [];
      }),
    };
  }, [playback, events, showPlan, t, format]);
  const marks = useMemo<MapMarks>(() => ({ ...still, head }), [still, head]);

  // While it plays, the head must not run out of the picture.
  const place = head?.at;
  useEffect(() => {
    if (handle && place) handle.reveal(place);
  }, [handle, place]);

  const planM = playback.plan?.route.meters;
  return (
    <TashiMap
      className="tracks-map"
      basemap={basemap}
      marks={marks}
      label={t('map', { name: playback.employee.name, day: format.day(playback.day) })}
      fit={{ key: `${playback.employee.id}/${playback.day}`, maxZoom: 15 }}
      padding={{ top: 70, bottom: 50, left: 60, right: 70 }}
      onHandle={setHandle}
      onHit={onHit}
      legend={
        <Legend items={['speed']}>
          {showPlan && planM ? (
            <span className="row g4">
              <svg width="20" height="6" aria-hidden="true"><path d="M0 3h20" stroke="var(--m-plan)" strokeWidth="1.8" strokeDasharray="5 4" /></svg>
              {t('planLegend', { km: format.km(planM) })}
            </span>
          ) : null}
        </Legend>
      }
    >
      {children}
    </TashiMap>
  );
}

/** The head as a mark; nothing while the position is unknown. */
function useMapHead(playback: Playback, events: readonly DayEvent[], playhead: Playhead): HeadMark | null {
  const at = useHead(playhead);
  return useMemo(() => {
    const event = eventAt(events, at);
    const found = headAt(playback, at) ?? (event?.kind === 'visit' || event?.kind === 'stay' ? restingPlace(playback, event) : null);
    if (!found) return null;
    return { name: playback.employee.name, state: event ? HEAD_STATE[event.kind] : 'idle', at: found.at, bearing: event?.kind === 'drive' ? found.bearing : null };
  }, [playback, events, at]);
}

/** During a visit or a stay the fixes may pause indoors; the place of the stay itself is known. */
function restingPlace(playback: Playback, event: DayEvent): { at: [number, number]; bearing: null } | null {
  const stay = playback.stays.find((one) => ms(one.from) <= event.from + 60_000 && ms(one.to) >= event.to - 60_000);
  return stay ? { at: stay.at, bearing: null } : null;
}
