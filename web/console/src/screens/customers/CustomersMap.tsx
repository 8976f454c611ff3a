import { useQuery } from '@tanstack/react-query';
import { api, type CustomerPoints, type Query } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { useMemo } from 'react';
import { customersText } from './text';

const DRAWER_PX = 560;

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
  return (
    <TashiMap
      className="customers-map"
      basemap={basemap}
      marks={marks}
      selected={selected}
      label={t('mapLabel')}
      fit={fit}
      padding={{ right: covered && window.innerWidth > 1100 ? DRAWER_PX - 200 : 40 }}
      note={points.data?.truncated ? t('truncated') : undefined}
      onHit={(hit) => {
        if (hit?.kind === 'customer') onOpen(hit.id);
      }}
    />
  );
}
