import { useQuery } from '@tanstack/react-query';
import { api, type CustomerPoints, type Query } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapHandle, type MapMarks } from '@tashi/shared/map';
import { useEffect, useMemo, useState } from 'react';
import { customersText } from './text';

const DRAWER_PX = 560;
/** Below this the strip beside the drawer is too narrow to place anything in it. */
const ROOM_PX = 1280;
/** Below this the drawer lies over the buttons of the map. */
const BUTTONS_PX = 1500;

/** All customers of the filter as squares; the chosen one is emphasised, a click opens it. */
export default function CustomersMap({ query, selected, covered, onOpen }: {
  query: Query;
  selected: string | null;
  /** The drawer lies over the right part. */
  covered: boolean;
  onOpen(id: string): void;
}) {
  const t = useT(customersText);
  const basemap = useBasemap();
  const points = useQuery({
    queryKey: ['customers', 'points', query],
    queryFn: ({ signal }) => api.get<CustomerPoints>('/customers/points', { query, signal }),
    placeholderData: (old) => old,
  });
  const items = points.data?.items;
  const marks = useMemo<MapMarks>(
    () => ({ customers: (items ?? []).map((one) => ({ id: one.id, name: one.name, grade: one.grade, at: one.at })) }),
    [items],
  );
  const fit = useMemo(() => ({ key: items ? JSON.stringify(query) : '', maxZoom: 15 }), [items, query]);
  const [handle, setHandle] = useState<MapHandle | null>(null);
  const at = items?.find((one) => one.id === selected)?.at;
  const [lng, lat] = at ?? [];
  useEffect(() => {
    // Numbers, not the array: a refreshed list must not move the map again.
    if (handle && lng !== undefined && lat !== undefined) handle.reveal([lng, lat]);
  }, [handle, lng, lat, covered]);

  return (
    <TashiMap
      className="customers-map"
      basemap={basemap}
      marks={marks}
      selected={selected}
      label={t('mapLabel')}
      // Under the drawer the buttons could be seen in part only.
      controls={covered && window.innerWidth < BUTTONS_PX ? 'none' : 'full'}
      fit={fit}
      padding={covered && window.innerWidth >= ROOM_PX ? { right: DRAWER_PX + 16, left: 16 } : undefined}
      note={points.data?.truncated ? t('truncated') : undefined}
      onHandle={setHandle}
      onHit={(hit) => {
        if (hit?.kind === 'customer') onOpen(hit.id);
      }}
    />
  );
}
