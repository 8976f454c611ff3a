import type { Basemap } from '../api/schema';
import type { Language } from '../i18n';
import { COLORS, type Mode } from '../theme/tokens';
import { generatedPart } from './basemapGenerated';
import { protomapsPart } from './basemapProtomaps';
import { gcjTemplate } from './gcjTiles';
import type { MapPart } from './layers';

/** What lies under the marks; without any basemap the marks stand on plain ground and everything still works. */
export function basemapPart(basemap: Basemap | null, mode: Mode, language: Language): MapPart {
  if (!basemap || basemap.kind === 'none') return plainPart(mode);
  const url = basemap.url ?? OWN_FILES[basemap.kind];
  if (!url) return plainPart(mode);
  // The worker has no page to be relative to.
  const absolute = url.includes('{') ? url : new URL(url, document.baseURI).href;
  if (basemap.kind === 'generated') return generatedPart(absolute, mode, language);
  if (basemap.kind === 'pmtiles') return protomapsPart(absolute, mode, language);
  return rasterPart(basemap, absolute, mode);
}

/** Files the server holds itself; it names an address only when the map lies elsewhere. */
const OWN_FILES: Partial<Record<Basemap['kind'], string>> = {
  generated: '/api/v1/basemap/generated.geojson',
  pmtiles: '/api/v1/basemap/file.pmtiles',
};

function plainPart(mode: Mode): MapPart {
  return { sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': COLORS[mode].mGround } }] };
}

/** Foreign tiles are muted, so that no fill is stronger than a mark; in dark mode they are dimmed as well. */
function rasterPart(basemap: Basemap, url: string, mode: Mode): MapPart {
  return {
    sources: {
      ground: {
        type: 'raster',
        tiles: [basemap.crs === 'gcj02' ? gcjTemplate(url) : url.replace('{s}', '1')],
        tileSize: 256,
        minzoom: basemap.min_zoom,
        maxzoom: basemap.max_zoom,
      },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': COLORS[mode].mGround } },
      {
        id: 'tiles',
        type: 'raster',
        source: 'ground',
        paint:
          mode === 'dark'
            ? { 'raster-saturation': -0.6, 'raster-brightness-max': 0.55, 'raster-contrast': -0.1 }
            : { 'raster-saturation': -0.45, 'raster-brightness-max': 1, 'raster-contrast': -0.15 },
      },
    ],
  };
}
