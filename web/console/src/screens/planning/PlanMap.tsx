import type { CustomerPoint, Id, Point, Route } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { insideRing, Legend, TashiMap, useBasemap, type MapMarks, type StopMark } from '@tashi/shared/map';
import { Icon, toast } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { planningText } from './text';

/** All customers of the filter, the chosen ones as stops, and the way between them. Click or lasso to choose. */
export function PlanMap({ day, pool, stops, route, ways, fitKey, onToggle, onAdd, truncated, choosing }: {
  day: string;
  pool: readonly CustomerPoint[];
  stops: readonly StopMark[];
  route: Route | null;
  /** What is drawn: the proposed way, or straight lines for an order made by hand. */
  ways: readonly (readonly Point[])[];
  fitKey: string;
  onToggle(id: Id): void;
  onAdd(ids: Id[]): void;
  truncated: boolean;
  /** False while a plan is only looked at. */
  choosing: boolean;
}) {
  const t = useT(planningText);
  const format = useFormat();
  const basemap = useBasemap();
  const [lasso, setLasso] = useState(false);
  const stopIds = useMemo(() => new Set(stops.map((stop) => stop.id)), [stops]);
  const customers = useMemo(
    () => pool.filter((one) => !stopIds.has(one.id)).map(({ id, name, grade, at }) => ({ id, name, grade, at })),
    [pool, stopIds],
  );
  const start = route?.legs[0]?.from === null ? route.legs[0]?.line[0] ?? null : null;
  const marks = useMemo<MapMarks>(() => ({ customers, stops, proposed: ways, start }), [customers, stops, ways, start]);
  const places = useMemo(() => {
    const all = ways.flat();
    if (all.length) return all;
    return stops.length ? stops.map((stop) => stop.at) : pool.map((one) => one.at);
  }, [ways, stops, pool]);

  return (
    <TashiMap
      className="plan-map"
      basemap={basemap}
      marks={marks}
      label={t('map', { day: format.dayNear(day) })}
      fit={{ key: fitKey, places, maxZoom: 15 }}
      padding={{ top: 70, bottom: 60, left: 60, right: 60 }}
      onHit={(hit) => {
        if (choosing && (hit.kind === 'customer' || hit.kind === 'stop')) onToggle(hit.id);
      }}
      onLasso={
        lasso
          ? (ring) => {
              const inside = customers.filter((one) => insideRing(one.at, ring)).map((one) => one.id);
              onAdd(inside);
              setLasso(false);
              toast(t('lassoAdded', { count: inside.length }));
            }
          : null
      }
      legend={ways.length ? <Legend items={['proposed']} /> : undefined}
    >
      <div className="plan-chips">
        {choosing ? (
          <button type="button" className={lasso ? 'chip on' : 'chip'} aria-pressed={lasso} onClick={() => setLasso(!lasso)}>
            <Icon name="edit" size={14} />
            {lasso ? t('lassoOn') : t('lasso')}
          </button>
        ) : null}
        {truncated ? <span className="chip"><Icon name="info" size={14} />{t('truncated')}</span> : null}
      </div>
    </TashiMap>
  );
}
