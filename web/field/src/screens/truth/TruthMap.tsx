import { useMemo } from 'react';
import type { Point, TruthCard } from '@tashi/shared/api';
import { destination } from '@tashi/shared/map/geometry.ts';
import { TashiMap } from '@tashi/shared/map/TashiMap.tsx';
import type { MapMarks, TrackPoint } from '@tashi/shared/map/types.ts';
import { useFieldBasemap } from '../../app/basemap.ts';

/** Customer, fence, check-in with its error and the track around it: what the manager sees too. */
export default function TruthMap({ card, label }: { card: TruthCard; label: string }) {
  const basemap = useFieldBasemap();
  const { customer_at: shop, check_in_at: here, radius_m: radius } = card;
  const [marks, places] = useMemo((): [MapMarks, Point[]] => {
    const way = card.track.map((p): TrackPoint => [Date.parse(p.t), p.at[0], p.at[1], 8]);
    const around = shop ? [0, 90, 180, 270].map((bearing) => destination(shop, bearing, radius * 1.2)) : [];
    return [
      {
        shop,
        fences: shop ? [{ id: 'fence', at: shop, radiusM: radius }] : [],
        errors: here ? [{ id: 'in', at: here, radiusM: card.check_in_accuracy_m ?? 15, verdict: card.visit.verdict }] : [],
        driven: way.length >= 2 ? [way] : [],
      },
      [...around, ...card.track.map((p) => p.at), ...(here ? [here] : [])],
    ];
  }, [card, shop, here, radius]);
  return <TashiMap basemap={basemap} marks={marks} label={label} controls="none" interactive={false} fit={{ key: card.visit.id, places, maxZoom: 17 }} padding={{ top: 24, right: 24, bottom: 24, left: 24 }} className="fill" />;
}
