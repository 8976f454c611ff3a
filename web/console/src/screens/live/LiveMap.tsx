import { useQuery } from '@tanstack/react-query';
import { api, type CustomerPoints, type Id, type LivePerson, type Page, type Plan, type Playback, type TaskStatus } from '@tashi/shared/api';
import { useGrades } from '@tashi/shared/grades.ts';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Legend, TashiMap, trackSegments, useBasemap, type MapHandle, type MapMarks, type MarkHit, type StopMark } from '@tashi/shared/map';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useCan } from '../../app/session';
import { marksOf } from './board';
import { liveText } from './text';

/** What may be drawn beside the people. */
export interface LiveLayers {
  plan: boolean;
  fence: boolean;
  driven: boolean;
  customers: 'none' | 'a' | 'all';
}
export const DEFAULT_LAYERS: LiveLayers = { plan: true, fence: true, driven: true, customers: 'none' };

const STOP_STATE: Partial<Record<TaskStatus, StopMark['state']>> = {
  done: 'done', on_site: 'now', overdue: 'late', skipped: 'skipped', cancelled: 'skipped',
};

export function LiveMap({ people, selected, layers, department, drawerOpen, at, onHit, children }: {
  people: readonly LivePerson[] | undefined;
  selected: LivePerson | null;
  layers: LiveLayers;
  department: Id | undefined;
  drawerOpen: boolean;
  /** Time of the newest change. */
  at: string | undefined;
  onHit(hit: MarkHit): void;
  children?: ReactNode;
}) {
  const t = useT(liveText);
  const format = useFormat();
  const basemap = useBasemap();
  const [handle, setHandle] = useState<MapHandle | null>(null);
  const id = selected?.employee.id;
  const plan = useTodayPlan(layers.plan ? id : undefined);
  const driven = useTodayDriven(layers.driven ? id : undefined);
  const customers = useCustomerLayer(layers.customers);
  const marksOfPeople = useMemo(() => marksOf(people ?? []), [people]);

  const stops = useMemo<StopMark[]>(
    () =>
      (selected?.stops ?? []).flatMap((stop) =>
        stop.at
          ? [{
              id: `${selected?.employee.id}/${stop.seq}`,
              seq: stop.seq,
              at: stop.at,
              state: STOP_STATE[stop.status] ?? 'todo',
              name: stop.customer.name,
            }]
          : [],
      ),
    [selected],
  );
  const labels = useMemo(
    () =>
      (selected?.stops ?? []).flatMap((stop) =>
        stop.at && stop.status === 'on_site' ? [{ id: stop.customer.id, at: stop.at, text: stop.customer.name }] : []),
    [selected],
  );
  const fences = useMemo(
    () =>
      layers.fence && plan
        ? plan.tasks.flatMap((task) =>
            task.customer.at
              ? [{ id: task.id, at: task.customer.at, radiusM: task.customer.radius_m, tone: task.status === 'on_site' ? ('visit' as const) : undefined }]
              : [])
        : [],
    [layers.fence, plan],
  );
  const planned = useMemo(() => (layers.plan && plan ? plan.route.legs.map((leg) => leg.line) : []), [layers.plan, plan]);
  const marks = useMemo<MapMarks>(
    () => ({ people: marksOfPeople, stops, labels, fences, planned, driven, customers }),
    [marksOfPeople, stops, labels, fences, planned, driven, customers],
  );

  // A selection from the list must be in view.
  const place = selected?.at;
  useEffect(() => {
    if (handle && place) handle.reveal(place);
    // A moving person must not drag the map along; only a new selection moves it.
  }, [handle, id]);

  return (
    <TashiMap
      className="live-map"
      basemap={basemap}
      marks={marks}
      selected={id ?? null}
      label={t('map', { count: marksOfPeople.length })}
      fit={{ key: department ?? 'all', places: marksOfPeople.map((one) => one.at), maxZoom: 15 }}
      padding={{ top: 70, bottom: 60, left: 60, right: drawerOpen ? 60 + 364 : 60 }}
      onHit={onHit}
      onHandle={setHandle}
      note={at ? t('note', { time: format.timeSeconds(at) }) : undefined}
      legend={<Legend items={[...(id && layers.plan ? (['planned'] as const) : []), ...(id && layers.driven ? (['driven'] as const) : []), 'old']} />}
    >
      {children}
    </TashiMap>
  );
}

function useTodayPlan(employee: Id | undefined): Plan | null {
  const format = useFormat();
  const allowed = useCan('task.read');
  const day = format.today();
  const plans = useQuery({
    queryKey: ['plans', 'of', employee, day],
    queryFn: async () => (await api.get<Page<Plan>>('/plans', { query: { employee_id: employee, day_from: day, day_to: day } })).items,
    enabled: allowed && !!employee,
    staleTime: 60_000,
  });
  return plans.data?.find((plan) => plan.status === 'planned') ?? null;
}

/** Today's driven way of the selected person. A read of a track is written to his ledger, so it is not repeated on focus. */
function useTodayDriven(employee: Id | undefined): MapMarks['driven'] {
  const format = useFormat();
  const allowed = useCan('track.read');
  const day = format.today();
  const track = useQuery({
    queryKey: ['tracks', employee, day],
    queryFn: () => api.get<Playback>('/tracks/{employee}/{day}', { params: { employee: employee ?? '', day } }),
    enabled: allowed && !!employee,
    staleTime: 120_000,
    refetchOnWindowFocus: false,
  });
  return useMemo(() => (track.data && employee ? trackSegments(track.data) : []), [track.data, employee]);
}

function useCustomerLayer(which: LiveLayers['customers']): MapMarks['customers'] {
  const allowed = useCan('customer.read');
  const best = useGrades()[0];
  const grade = which === 'a' ? best : undefined;
  const points = useQuery({
    queryKey: ['customers', 'points', which, grade],
    queryFn: () => api.get<CustomerPoints>('/customers/points', { query: { grade, status: 'active' } }),
    enabled: allowed && which !== 'none',
    staleTime: 300_000,
  });
  return useMemo(
    () => (which === 'none' ? [] : points.data?.items.map(({ id, name, grade, at }) => ({ id, name, grade, at })) ?? []),
    [points.data, which],
  );
}
