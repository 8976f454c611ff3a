import type { Point } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapHandle, type MapMarks } from '@tashi/shared/map';
import { Surface } from '@tashi/shared/map/surface.ts';
import { useMemo, useRef, useState } from 'react';
import { kitText } from './text';

const CLICK_SLOP_PX = 4;

/** A map on which a click sets a place; the fence is drawn to scale round it. */
export default function PointMap({ at, radiusM, onPick }: { at: Point | null; radiusM?: number; onPick(at: Point): void }) {
  const t = useT(kitText);
  const basemap = useBasemap();
  const [handle, setHandle] = useState<MapHandle | null>(null);
  const down = useRef<{ x: number; y: number } | null>(null);
  const marks = useMemo<MapMarks>(
    () => ({ shop: at, fences: at && radiusM ? [{ id: 'fence', at, radiusM }] : [] }),
    [at, radiusM],
  );
  // Only the place the map opened with moves the view; later clicks must not.
  const [first] = useState(at);
  return (
    <div
      className="point-map-inner"
      onPointerDown={(event) => {
        down.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={(event) => {
        const start = down.current;
        down.current = null;
        if (!start || !(handle instanceof Surface) || (event.target as Element).closest('button')) return;
        if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > CLICK_SLOP_PX) return;
        const box = event.currentTarget.getBoundingClientRect();
        onPick(handle.placeAt(event.clientX - box.left, event.clientY - box.top));
      }}
    >
      <TashiMap
        basemap={basemap}
        marks={marks}
        label={t('point.mapHint')}
        controls="zoom"
        fit={{ key: 'first', places: first ? [first] : basemap ? [basemap.centre] : [], maxZoom: first ? 16 : 12 }}
        onHandle={setHandle}
      />
    </div>
  );
}
