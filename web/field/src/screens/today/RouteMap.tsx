import { useMemo } from 'react';
import type { Route } from '@tashi/shared/api';
import { TashiMap } from '@tashi/shared/map/TashiMap.tsx';
import type { MapMarks, StopState } from '@tashi/shared/map/types.ts';
import { useFieldBasemap } from '../../app/basemap.ts';
import type { Here, Stop } from '../../work/day.ts';

const STATE: Partial<Record<Stop['status'], StopState>> = { done: 'done', skipped: 'skipped', cancelled: 'skipped', on_site: 'now', overdue: 'late' };

/** The day's route on the real map; loaded when somebody asks for it. */
export default function RouteMap({ stops, route, here, label }: { stops: readonly Stop[]; route: Route | null; here: Here | null; label: string }) {
  const basemap = useFieldBasemap();
  const key = stops.map((s) => `${s.task.id}${s.status}${s.arrived}`).join();
  const marks = useMemo((): MapMarks => {
    const placed = stops.flatMap((s) => (s.task.customer.at ? [{ stop: s, at: s.task.customer.at }] : []));
    const legs = route?.legs.filter((leg) => leg.line.length > 1).map((leg) => leg.line) ?? [];
    return {
      stops: placed.map(({ stop, at }) => ({ id: stop.task.id, seq: stop.task.seq, at, name: stop.task.customer.name, state: stop.arrived ? 'now' : (STATE[stop.status] ?? 'todo') })),
      planned: legs.length > 0 ? legs : placed.length > 1 ? [placed.map((p) => p.at)] : [],
      errors: here ? [{ id: 'me', at: here.at, radiusM: here.accuracy_m, verdict: 'in' }] : [],
    };
    // A new fix moves one circle, the rest follows the stops.
  }, [key, route, here?.at[0], here?.at[1]]);
  return (
    <div style={{ height: '46vh', position: 'relative' }}>
      <TashiMap basemap={basemap} marks={marks} label={label} controls="zoom" padding={{ top: 30, right: 30, bottom: 30, left: 30 }} className="fill" />
    </div>
  );
}
