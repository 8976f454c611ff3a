import 'maplibre-gl/dist/maplibre-gl.css';
import { useEffect, useRef } from 'react';
import type { Basemap } from '../api/schema';
import { useLanguage } from '../i18n';
import { useTheme } from '../theme';
import { Lasso } from './Lasso';
import { Surface, type Padding } from './surface';
import type { MapHandle, MapMarks, MarkHit } from './types';
import type { Point } from '../api/schema';

export interface MapCanvasProps {
  basemap: Basemap | null;
  marks: MapMarks;
  selected: string | null;
  wayOpacity: number;
  label: string;
  padding: Padding;
  interactive: boolean;
  compact: boolean;
  lasso: ((ring: Point[]) => void) | null;
  onHit(hit: MarkHit): void;
  /** The map can be spoken to from now on; `null` when it is gone. */
  onHandle(handle: MapHandle | null): void;
  onFailure(what: 'webgl' | 'basemap'): void;
}

/** The WebGL part, in a chunk of its own so that lists never wait for it. */
export default function MapCanvas(props: MapCanvasProps) {
  const { basemap, marks, selected, wayOpacity, interactive, compact, label } = props;
  const language = useLanguage();
  const { mode } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const surface = useRef<Surface | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const container = box.current;
    if (!container) return;
    const busy = (yes: boolean) => (yes ? container.setAttribute('aria-busy', 'true') : container.removeAttribute('aria-busy'));
    busy(true);
    let made: Surface;
    try {
      made = new Surface(container, {
        basemap,
        mode,
        language,
        label,
        interactive,
        compact,
        padding: latest.current.padding,
        onHit: (hit) => latest.current.onHit(hit),
        onReady: () => container.setAttribute('data-ready', 'true'),
        onDrawn: () => busy(false),
        onBasemapFailure: () => latest.current.onFailure('basemap'),
      });
    } catch {
      busy(false);
      latest.current.onFailure('webgl');
      return;
    }
    surface.current = made;
    made.setScene({ marks: latest.current.marks, selected: latest.current.selected, wayOpacity: latest.current.wayOpacity });
    latest.current.onHandle(made);
    return () => {
      surface.current = null;
      latest.current.onHandle(null);
      made.remove();
    };
    // Mode and language only set the first look; later changes repaint the same map below.
  }, [basemap, interactive, compact, label]);

  useEffect(() => surface.current?.setLook({ mode, language }), [mode, language]);
  useEffect(() => surface.current?.setScene({ marks, selected, wayOpacity }), [marks, selected, wayOpacity]);
  useEffect(() => surface.current?.setPadding(props.padding), [props.padding]);

  return (
    <>
      <div ref={box} className="map-canvas" />
      {props.lasso ? <Lasso placeAt={(x, y) => surface.current?.placeAt(x, y) ?? [0, 0]} onRing={props.lasso} /> : null}
    </>
  );
}
