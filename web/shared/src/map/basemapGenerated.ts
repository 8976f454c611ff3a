import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Language } from '../i18n';
import { COLORS, type Mode } from '../theme/tokens';
import { BOLD, ITALIC, MEDIUM, REGULAR, type MapPart } from './layers';
import { plainSymbol } from './symbols';

const SOURCE = 'ground';

/** Line widths in px by zoom for the four classes of road. */
const WIDTH: Record<'lane' | 'street' | 'main' | 'fast', [zoom: number, px: number][]> = {
  lane: [[12, 0.7], [13.2, 2.2], [14.7, 5.6], [17, 13]],
  street: [[10, 0.7], [11.7, 1.6], [13.2, 4.4], [14.7, 9.5], [17, 20]],
  main: [[9, 0.8], [11.7, 2.7], [13.2, 7], [14.7, 14], [17, 28]],
  fast: [[8, 1], [11.7, 3.3], [13.2, 8], [14.7, 16], [17, 30]],
};

/** Style of the generated city: one GeoJSON whose features carry `layer`, `class`, `name` and `name_en`. */
export function generatedPart(url: string, mode: Mode, language: Language): MapPart {
  const c = COLORS[mode];
  const name: ExpressionSpecification =
    language === 'zh' ? ['get', 'name'] : ['coalesce', ['get', 'name_en'], ['get', 'name']];
  const fill = (id: string, filter: FilterSpecification, color: string, extra: object = {}): LayerSpecification => ({
    id, type: 'fill', source: SOURCE, filter, paint: { 'fill-color': color, 'fill-antialias': true }, ...extra,
  });
  const road = (id: string, kind: keyof typeof WIDTH, color: string, casing: number, minzoom = 0): LayerSpecification => ({
    id,
    type: 'line',
    source: SOURCE,
    minzoom,
    filter: ['all', ['==', ['get', 'layer'], 'road'], ['==', ['get', 'class'], kind]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': widthAt(kind, casing) },
  });
  const roadLabel = (id: string, kinds: string[], minzoom: number): LayerSpecification => ({
    id,
    type: 'symbol',
    source: SOURCE,
    minzoom,
    filter: ['all', ['==', ['get', 'layer'], 'road'], ['in', ['get', 'class'], ['literal', kinds]]],
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 380,
      'text-field': name,
      'text-font': REGULAR,
      'text-size': 11.5,
      'text-letter-spacing': language === 'zh' ? 0.55 : 0.06,
      // Along the street; where it runs north, Chinese is then set upright from top to bottom.
      'text-rotation-alignment': 'map',
      'text-max-angle': 40,
      'text-padding': 6,
    },
    paint: { 'text-color': c.mLabel, 'text-halo-color': c.mHalo, 'text-halo-width': 1.6 },
  });
  const label = (
    id: string, kind: string, minzoom: number, size: number, color: string, font: string[], spacing: number, halo: boolean,
  ): LayerSpecification => ({
    id,
    type: 'symbol',
    source: SOURCE,
    minzoom,
    filter: ['all', ['==', ['get', 'layer'], 'label'], ['==', ['get', 'class'], kind]],
    layout: {
      'text-field': name, 'text-font': font, 'text-size': size, 'text-max-width': 8,
      'text-letter-spacing': language === 'zh' ? spacing : 0.04, 'text-padding': 8,
    },
    paint: { 'text-color': color, 'text-halo-color': c.mHalo, 'text-halo-width': halo ? 1.6 : 0 },
  });
  const is = (layer: string): FilterSpecification => ['==', ['get', 'layer'], layer];
  return {
    sources: {
      [SOURCE]: { type: 'geojson', data: url, maxzoom: 15, tolerance: 0.25, buffer: 64 },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': c.mGround } },
      fill('park', ['all', is('park'), ['!=', ['get', 'class'], 'island']] as FilterSpecification, c.mPark),
      fill('building', is('building'), c.mBldg, {
        minzoom: 13.4,
        paint: { 'fill-color': c.mBldg, 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13.4, 0, 14.2, 1] },
      }),
      road('lane-case', 'lane', c.mCase, 1, 12),
      road('lane', 'lane', c.mRoad, 0, 12),
      fill('water', is('water'), c.mWater),
      fill('island', ['all', is('park'), ['==', ['get', 'class'], 'island']] as FilterSpecification, c.mPark),
      road('street-case', 'street', c.mCase, 1.4, 10.5),
      road('main-case', 'main', c.mCase, 1.4, 9),
      road('street', 'street', c.mRoad, 0, 10.5),
      road('main', 'main', c.mRoad, 0, 9),
      road('fast-case', 'fast', c.mFastcase, 1.6),
      road('fast', 'fast', c.mFast, 0),
      roadLabel('street-label', ['street'], 13.6),
      roadLabel('main-label', ['main', 'fast'], 12.2),
      label('bridge-label', 'bridge', 14, 11, c.mLabel, REGULAR, 0.05, true),
      {
        ...(label('station-label', 'station', 12.8, 11, c.mLabel, REGULAR, 0.02, true) as Extract<LayerSpecification, { type: 'symbol' }>),
        layout: {
          'text-field': name, 'text-font': REGULAR, 'text-size': 11, 'text-anchor': 'left', 'text-offset': [0.75, 0],
          'icon-image': plainSymbol('station', mode), 'text-optional': true, 'text-padding': 4,
        },
      },
      label('park-label', 'park', 11.5, 12, c.mPlabel, REGULAR, 0.12, false),
      label('water-label', 'water', 11, 12, c.mWlabel, ITALIC, 0.18, false),
      label('district-label', 'district', 9.5, 13, c.mLabel, MEDIUM, 0.3, true),
      label('place-label', 'city', 0, 14, c.mLabel, BOLD, 0.3, true),
    ],
  };
}

function widthAt(kind: keyof typeof WIDTH, casing: number): ExpressionSpecification {
  const stops = WIDTH[kind].flatMap(([zoom, px]) => [zoom, px + casing]);
  return ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as unknown as ExpressionSpecification;
}
