import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Language } from '../i18n';
import { COLORS, type Mode } from '../theme/tokens';
import { ITALIC, MEDIUM, REGULAR, type MapPart } from './layers';

const SOURCE = 'ground';

/** Parks and other green in the `landuse` layer. */
const GREEN = [
  'park', 'nature_reserve', 'forest', 'wood', 'grass', 'grassland', 'meadow', 'golf_course', 'cemetery', 'garden', 'village_green', 'scrub',
];

/**
 * Style of a PMTiles file with the layer names of the Protomaps basemap, version 4: `earth`, `landuse`, `water`, `roads`,
 * `buildings`, `places`. No borders are drawn.
 */
export function protomapsPart(url: string, mode: Mode, language: Language): MapPart {
  const c = COLORS[mode];
  const wanted = language === 'zh' ? ['name:zh-Hans', 'name:zh', 'name'] : ['name:en', 'name'];
  const name = ['coalesce', ...wanted.map((key) => ['get', key])] as unknown as ExpressionSpecification;
  const kind = (...kinds: string[]): FilterSpecification => ['in', ['get', 'kind'], ['literal', kinds]];
  const from = (layer: string) => ({ source: SOURCE, 'source-layer': layer });
  const road = (id: string, kinds: string[], color: string, stops: [number, number][], casing: number, minzoom: number): LayerSpecification => ({
    id, type: 'line', ...from('roads'), minzoom, filter: kind(...kinds),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': color,
      'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], ...stops.flatMap(([z, px]) => [z, px + casing])] as unknown as ExpressionSpecification,
    },
  });
  const minor: [number, number][] = [[12, 0.7], [14, 3], [16, 9], [18, 20]];
  const major: [number, number][] = [[9, 0.8], [12, 2.8], [14, 8], [16, 18], [18, 32]];
  const fast: [number, number][] = [[6, 0.8], [10, 2], [12, 4], [14, 9], [16, 20], [18, 34]];
  const place = (id: string, kinds: string[], size: number, minzoom: number): LayerSpecification => ({
    id, type: 'symbol', ...from('places'), minzoom, filter: kind(...kinds),
    layout: { 'text-field': name, 'text-font': MEDIUM, 'text-size': size, 'text-letter-spacing': 0.1, 'text-max-width': 8, 'text-padding': 8 },
    paint: { 'text-color': c.mLabel, 'text-halo-color': c.mHalo, 'text-halo-width': 1.6 },
  });
  return {
    sources: {
      [SOURCE]: { type: 'vector', url: `pmtiles://${url}` },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': c.mGround } },
      { id: 'green', type: 'fill', ...from('landuse'), filter: kind(...GREEN), paint: { 'fill-color': c.mPark } },
      { id: 'building', type: 'fill', ...from('buildings'), minzoom: 13.5, paint: { 'fill-color': c.mBldg } },
      { id: 'water', type: 'fill', ...from('water'), filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': c.mWater } },
      {
        id: 'stream', type: 'line', ...from('water'), minzoom: 11, filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': c.mWater, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 15, 3] },
      },
      {
        id: 'path', type: 'line', ...from('roads'), minzoom: 14, filter: kind('path'),
        paint: { 'line-color': c.mCase, 'line-width': 1, 'line-dasharray': [3, 2] },
      },
      { id: 'rail', type: 'line', ...from('roads'), minzoom: 10, filter: kind('rail'), paint: { 'line-color': c.mRail, 'line-width': 1.4 } },
      road('minor-case', ['minor_road', 'other'], c.mCase, minor, 1, 12),
      road('minor', ['minor_road', 'other'], c.mRoad, minor, 0, 12),
      road('major-case', ['major_road', 'medium_road'], c.mCase, major, 1.4, 9),
      road('major', ['major_road', 'medium_road'], c.mRoad, major, 0, 9),
      road('fast-case', ['highway'], c.mFastcase, fast, 1.6, 6),
      road('fast', ['highway'], c.mFast, fast, 0, 6),
      {
        id: 'road-label', type: 'symbol', ...from('roads'), minzoom: 12.5, filter: ['has', 'name'],
        layout: {
          'symbol-placement': 'line', 'symbol-spacing': 380, 'text-field': name, 'text-font': REGULAR, 'text-size': 11.5,
          'text-letter-spacing': language === 'zh' ? 0.5 : 0.06,
          'text-rotation-alignment': 'map', 'text-max-angle': 40,
        },
        paint: { 'text-color': c.mLabel, 'text-halo-color': c.mHalo, 'text-halo-width': 1.6 },
      },
      {
        id: 'water-label', type: 'symbol', ...from('water'), minzoom: 11, filter: ['has', 'name'],
        layout: { 'text-field': name, 'text-font': ITALIC, 'text-size': 12, 'text-letter-spacing': 0.15 },
        paint: { 'text-color': c.mWlabel },
      },
      place('neighbourhood-label', ['neighbourhood'], 12, 13),
      place('place-label', ['locality', 'macrohood'], 13, 6),
    ],
  };
}
