import { useRef, useState, type PointerEvent } from 'react';
import type { Point } from '../api/schema';
import { useT } from '../i18n';
import { mapText } from './text';

/** Lies over the map while choosing: press, draw around, let go. The list offers the same choice by keyboard. */
export function Lasso({ placeAt, onRing }: { placeAt(x: number, y: number): Point; onRing(ring: Point[]): void }) {
  const t = useT(mapText);
  const [trail, setTrail] = useState<[number, number][]>([]);
  const drawing = useRef(false);

  const pixel = (event: PointerEvent<SVGSVGElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const finish = () => {
    if (!drawing.current) return;
    drawing.current = false;
    if (trail.length > 3) onRing(trail.map(([x, y]) => placeAt(x, y)));
    setTrail([]);
  };

  return (
    <svg
      className="map-lasso"
      role="img"
      aria-label={t('lassoHint')}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drawing.current = true;
        setTrail([pixel(event)]);
      }}
      onPointerMove={(event) => {
        if (!drawing.current) return;
        const [x, y] = pixel(event);
        setTrail((old) => {
          const last = old.at(-1);
          return last && Math.hypot(last[0] - x, last[1] - y) < 4 ? old : [...old, [x, y]];
        });
      }}
      onPointerUp={finish}
      onPointerCancel={() => {
        drawing.current = false;
        setTrail([]);
      }}
    >
      {trail.length > 1 ? <polygon points={trail.map((p) => p.join(',')).join(' ')} /> : null}
    </svg>
  );
}
