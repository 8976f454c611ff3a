import type { Id, UrgentCandidate, UrgentCandidates, UrgentRequest } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { useMemo } from 'react';
import { dispatchText } from './text';

/** The place, and everybody who could go, where they are now. */
export function DispatchMap({ request, people, shown, chosen, onChoose }: {
  request: UrgentRequest | undefined;
  people: UrgentCandidates | undefined;
  /** Those of them a filter leaves. */
  shown: readonly UrgentCandidate[];
  chosen: Id | undefined;
  onChoose(id: Id): void;
}) {
  const t = useT(dispatchText);
  const basemap = useBasemap();
  const place = request?.customer.at ?? null;
  const best = people?.people.find((one) => one.employee.id === chosen) ?? people?.people.find((one) => one.recommended);
  const marks = useMemo<MapMarks>(() => ({
    people: shown.map((one) => ({ id: one.employee.id, name: one.employee.name, state: one.idle ? 'idle' as const : 'visit' as const, at: one.at, fixAt: one.fix_at })),
    shop: place,
    labels: place && request ? [{ id: request.id, at: place, text: request.customer.name }] : [],
    planned: place && best ? [[best.at, place]] : [],
  }), [shown, place, request, best]);
  const near = shown.slice(0, 8).map((one) => one.at);
  return (
    <TashiMap
      className="dispatch-map"
      basemap={basemap}
      marks={marks}
      selected={best?.employee.id ?? null}
      label={t('map', { count: shown.length })}
      fit={{ key: `${request?.id ?? ''}/${near.length}`, places: place ? [place, ...near] : near, maxZoom: 15 }}
      padding={{ top: 70, bottom: 60, left: 60, right: 60 }}
      onHit={(hit) => hit.kind === 'person' && onChoose(hit.id)}
    />
  );
}
