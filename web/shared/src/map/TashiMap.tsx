import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Basemap, Point } from '../api/schema';
import { useT } from '../i18n';
import { Icon } from '../ui/Icon';
import { placesOf } from './features';
import './map.css';
import { MarkTable } from './MarkTable';
import { mapText } from './text';
import type { MapHandle, MapMarks, MarkHit } from './types';

const MapCanvas = lazy(() => import('./MapCanvas'));

export interface TashiMapProps {
  /** From `useBasemap`; `undefined` while it loads, `null` for plain ground. */
  basemap: Basemap | null | undefined;
  marks: MapMarks;
  /** Id of the mark that is emphasised, whatever its kind. */
  selected?: string | null;
  /** 0.25 dims ways and stops while something else is in front. */
  wayOpacity?: number;
  /** Accessible name: what this map shows. */
  label?: string;
  /** The map moves to show these whenever `key` changes; without it, to all marks once. */
  fit?: { key: string; places?: readonly Point[]; maxZoom?: number };
  /** Pixels that floating panels cover at each edge. */
  padding?: Partial<Record<'top' | 'right' | 'bottom' | 'left', number>>;
  onHit?(hit: MarkHit): void;
  onHandle?(handle: MapHandle | null): void;
  /** Given = choosing mode: the pointer draws a ring. */
  onLasso?: ((ring: Point[]) => void) | null;
  /** `full` = zoom, show all, table; `zoom` = zoom only; `none` for small pictures. */
  controls?: 'full' | 'zoom' | 'none';
  /** False = a picture: no drag, no zoom. */
  interactive?: boolean;
  /** A small map: people as discs without initial and age. */
  compact?: boolean;
  /** Stands before the attribution, for example the time of what is drawn. */
  note?: ReactNode;
  /** What is drawn now, see `Legend`. */
  legend?: ReactNode;
  /** Floating parts over the map. */
  children?: ReactNode;
  className?: string;
}

const NO_HIT = () => undefined;

/**
 * The map of both apps. It shows its ground at once and loads the drawing part lazily. Every mark is also a row of its table,
 * so nothing is only a picture.
 */
export function TashiMap(props: TashiMapProps) {
  const t = useT(mapText);
  const { basemap, marks, selected = null, controls = 'full', interactive = true, fit } = props;
  const [handle, setHandle] = useState<MapHandle | null>(null);
  const [failure, setFailure] = useState<'webgl' | 'basemap' | null>(null);
  const [table, setTable] = useState(false);
  const { top = 40, right = 40, bottom = 40, left = 40 } = props.padding ?? {};
  const padding = useMemo(() => ({ top, right, bottom, left }), [top, right, bottom, left]);

  const onHandle = useRef(props.onHandle);
  useEffect(() => {
    onHandle.current = props.onHandle;
  });
  const adopt = useCallback((next: MapHandle | null) => {
    setHandle(next);
    onHandle.current?.(next);
  }, []);
  const hit = props.onHit ?? NO_HIT;

  useFit(handle, marks, fit);

  return (
    <div className={props.className ? `map ${props.className}` : 'map'}>
      {basemap === undefined || failure === 'webgl' ? null : (
        <Suspense>
          <MapCanvas
            basemap={basemap}
            marks={marks}
            selected={selected}
            wayOpacity={props.wayOpacity ?? 1}
            label={props.label ?? t('label')}
            padding={padding}
            interactive={interactive}
            compact={props.compact ?? false}
            lasso={props.onLasso ?? null}
            onHit={hit}
            onHandle={adopt}
            onFailure={setFailure}
          />
        </Suspense>
      )}
      {failure === 'webgl' ? <p className="map-word">{t('noWebgl')}</p> : null}
      {controls !== 'none' ? (
        <div className="map-controls" style={{ right: Math.max(12, right - 48), top: 12 }}>
          <button type="button" className="icb" aria-label={t('zoomIn')} title={t('zoomIn')} onClick={() => handle?.zoomIn()}>
            <Icon name="plus" />
          </button>
          <button type="button" className="icb" aria-label={t('zoomOut')} title={t('zoomOut')} onClick={() => handle?.zoomOut()}>
            <Icon name="minus" />
          </button>
          {controls === 'full' ? (
            <>
              <button type="button" className="icb" aria-label={t('fitAll')} title={t('fitAll')} onClick={() => handle?.fit(placesOf(marks))}>
                <Icon name="locate" />
              </button>
              <button type="button" className="icb" aria-label={t('table')} title={t('table')} aria-expanded={table} onClick={() => setTable(!table)}>
                <Icon name="list" />
              </button>
            </>
          ) : null}
        </div>
      ) : null}
      {props.legend ? <div className="map-legend" style={{ left: Math.max(12, left - 48) }}>{props.legend}</div> : null}
      <div className="map-attribution" style={{ right: Math.max(12, right - 48) }}>
        {failure === 'basemap' ? <span>{t('failed')}</span> : null}
        {props.note ? <span>{props.note}</span> : null}
        {basemap?.attribution ? <span>{basemap.attribution}</span> : null}
      </div>
      {props.children}
      {table ? (
        <MarkTable
          marks={marks}
          selected={selected}
          right={Math.max(12, right - 48) + 44}
          onClose={() => setTable(false)}
          onPick={(picked, at) => {
            hit(picked);
            handle?.reveal(at);
          }}
        />
      ) : null}
    </div>
  );
}

/** Fits once per key, as soon as there is something to fit to. */
function useFit(handle: MapHandle | null, marks: MapMarks, fit: TashiMapProps['fit']): void {
  const done = useRef<{ handle: MapHandle; key: string } | null>(null);
  const key = fit?.key ?? '';
  useEffect(() => {
    if (!handle || (done.current?.handle === handle && done.current.key === key)) return;
    const places = fit?.places ?? placesOf(marks);
    if (!places.length) return;
    // The first view appears at once; later ones move there.
    handle.fit(places, { animate: done.current !== null, maxZoom: fit?.maxZoom });
    done.current = { handle, key };
  }, [handle, marks, key, fit]);
}
