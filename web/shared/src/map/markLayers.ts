import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { COLORS, type Mode } from '../theme/tokens';
import { BOLD, MEDIUM, REGULAR, type MapPart } from './layers';
import { plainSymbol } from './symbols';

/** One GeoJSON source per kind of mark, so that a change of one leaves the others alone. */
export const MARK_SOURCES = [
  'areas', 'areaNames', 'dots', 'fences', 'errors', 'planned', 'proposed', 'driven', 'gaps', 'customers', 'places', 'stops', 'labels', 'people', 'head',
] as const;
export type MarkSource = (typeof MARK_SOURCES)[number];

/** Layers that answer to a click, top first. */
export const CLICKABLE = ['people', 'clusters', 'stops', 'stays', 'customers', 'customer-groups', 'driven'] as const;

/** All marks on top of any basemap, bottom first. */
export function markPart(mode: Mode): MapPart {
  const c = COLORS[mode];
  const symbol = (id: string, source: MarkSource, layout: object, paint: object = {}, filter?: unknown): LayerSpecification =>
    ({ id, type: 'symbol', source, layout: { ...ALWAYS, ...layout }, paint, ...(filter ? { filter } : {}) }) as LayerSpecification;
  const line = (id: string, source: MarkSource, paint: object, cap: 'round' | 'butt' = 'round'): LayerSpecification =>
    ({ id, type: 'line', source, layout: { 'line-cap': cap, 'line-join': 'round' }, paint }) as LayerSpecification;
  const fade: ExpressionSpecification = ['coalesce', ['get', 'opacity'], 1];
  const byTone: ExpressionSpecification = ['match', ['get', 'tone'], 'visit', c.visitMark, 'late', c.lateMark, 'problem', c.problemMark, c.accent];
  return {
    sources: Object.fromEntries(
      MARK_SOURCES.map((id) => [id, { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } }]),
    ),
    layers: [
      { id: 'area-fill', type: 'fill', source: 'areas', paint: { 'fill-color': ['get', 'color'], 'fill-opacity': ['case', ['get', 'chosen'], 0.26, 0.13] } },
      line('area-line', 'areas', { 'line-color': ['get', 'color'], 'line-width': ['case', ['get', 'chosen'], 3, 1.6] }),
      {
        id: 'dots', type: 'circle', source: 'dots',
        paint: {
          'circle-color': ['get', 'color'], 'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 1.8, 12, 3.6, 15, 5.5],
          'circle-stroke-color': ['case', ['get', 'moved'], c.ink, c.mHalo], 'circle-stroke-width': ['case', ['get', 'moved'], 2, 0.8],
        },
      },
      { id: 'fence-fill', type: 'fill', source: 'fences', paint: { 'fill-color': byTone, 'fill-opacity': 0.09 } },
      line('fence-line', 'fences', { 'line-color': byTone, 'line-width': 1.4, 'line-dasharray': [3.6, 2.9] }, 'butt'),
      { id: 'error-fill', type: 'fill', source: 'errors', paint: { 'fill-color': byTone, 'fill-opacity': 0.18 } },
      line('error-line', 'errors', { 'line-color': byTone, 'line-width': 1.5 }),
      line('planned-halo', 'planned', { 'line-color': c.mHalo, 'line-width': 4, 'line-opacity': ['*', 0.85, fade] }),
      line('planned', 'planned', { 'line-color': c.mPlan, 'line-width': 1.8, 'line-dasharray': [2.8, 2.2], 'line-opacity': fade }, 'butt'),
      line('proposed-halo', 'proposed', { 'line-color': c.mHalo, 'line-width': 5.6 }),
      line('proposed', 'proposed', { 'line-color': c.accent, 'line-width': 3 }),
      line('driven-halo', 'driven', { 'line-color': c.mHalo, 'line-width': 7.1, 'line-opacity': fade }),
      line('driven', 'driven', {
        'line-color': ['match', ['get', 'speed'], 1, c.sp1, 2, c.sp2, 3, c.sp3, c.sp4],
        'line-width': 4.5,
        'line-opacity': fade,
      }),
      symbol('gap-ends', 'gaps', { 'icon-image': ['get', 'icon'] }, {}, ['has', 'icon']),
      symbol('gap-labels', 'gaps', { ...PILL, 'icon-image': ['get', 'pill'], 'text-field': ['get', 'text'], 'text-size': 12 },
        { 'text-color': c.silent }, ['has', 'text']),
      symbol('customers', 'customers', {
        'icon-image': ['get', 'icon'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.5, 12, 0.8, 14, 1],
        'symbol-sort-key': ['get', 'rank'],
      }, { 'icon-opacity': 0.9 }, ['!', ['has', 'point_count']]),
      symbol('customer-groups', 'customers', {
        ...PILL, 'icon-image': plainSymbol('gather', mode), 'text-field': ['get', 'point_count_abbreviated'], 'text-font': BOLD, 'text-size': 11,
      }, { 'text-color': c.ink2 }, ['has', 'point_count']),
      symbol('stays', 'places', {
        'icon-image': ['get', 'icon'], 'text-field': ['coalesce', ['get', 'text'], ''], 'text-font': REGULAR, 'text-size': 11,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.3, 'text-justify': 'auto',
        'text-allow-overlap': false, 'text-ignore-placement': false, 'text-optional': true,
      }, { 'text-color': c.ink2, 'text-halo-color': c.mHalo, 'text-halo-width': 1.8 }),
      // Their discs are always drawn and keep the names of the others away.
      symbol('stops', 'stops', {
        'icon-ignore-placement': false, 'icon-image': ['get', 'icon'], 'symbol-sort-key': ['get', 'rank'],
        'text-field': ['coalesce', ['get', 'text'], ''], 'text-font': MEDIUM, 'text-size': 12,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom', 'top-left', 'bottom-left', 'top-right', 'bottom-right'],
        'text-radial-offset': 1.5, 'text-justify': 'auto', 'text-max-width': 16, 'text-allow-overlap': false, 'text-ignore-placement': false, 'text-optional': true,
      }, { 'text-color': c.ink, 'text-halo-color': c.mHalo, 'text-halo-width': 2, 'icon-opacity': fade, 'text-opacity': fade }),
      symbol('area-names', 'areaNames', {
        'text-field': ['get', 'text'], 'text-font': BOLD, 'text-size': 13, 'text-max-width': 9, 'symbol-sort-key': ['get', 'rank'],
      }, { 'text-color': ['get', 'color'], 'text-halo-color': c.mHalo, 'text-halo-width': 2.4 }),
      symbol('labels', 'labels', {
        'text-field': ['get', 'text'], 'text-font': BOLD, 'text-size': 12, 'text-anchor': 'left', 'text-offset': [1.9, -1.2], 'text-max-width': 20,
      }, { 'text-color': c.ink, 'text-halo-color': c.mHalo, 'text-halo-width': 2 }),
      symbol('people-age', 'people', {
        ...PILL, 'icon-image': ['get', 'pill'], 'text-field': ['get', 'age'], 'text-size': 11,
        'text-offset': ['get', 'ageOffset'], 'symbol-sort-key': ['get', 'rank'],
      }, { 'text-color': ['case', ['==', ['get', 'state'], 'silent'], c.silent, c.ink2] }, ['has', 'age']),
      symbol('people-wedge', 'people', {
        'icon-image': ['get', 'wedge'], 'icon-rotate': ['get', 'bearing'], 'icon-rotation-alignment': 'map', 'icon-offset': ['get', 'wedgeOffset'],
      }, {}, ['has', 'wedge']),
      symbol('people', 'people', { 'icon-image': ['get', 'icon'], 'symbol-sort-key': ['get', 'rank'] }, {}, ['==', ['get', 'kind'], 'person']),
      symbol('clusters', 'people', { 'icon-image': ['get', 'icon'] }, {}, ['==', ['get', 'kind'], 'cluster']),
      symbol('head-wedge', 'head', {
        'icon-image': ['get', 'wedge'], 'icon-rotate': ['get', 'bearing'], 'icon-rotation-alignment': 'map', 'icon-offset': [0, -19],
      }, {}, ['has', 'wedge']),
      symbol('head', 'head', { 'icon-image': ['get', 'icon'] }),
    ],
  };
}

/** A mark is never dropped because another one is near. */
const ALWAYS = {
  'icon-allow-overlap': true, 'icon-ignore-placement': true, 'text-allow-overlap': true, 'text-ignore-placement': true,
};

const PILL = { 'text-font': REGULAR, 'icon-text-fit': 'both', 'icon-text-fit-padding': [1, 2, 1, 2], 'text-anchor': 'center' };
