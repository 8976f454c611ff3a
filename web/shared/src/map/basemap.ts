import type { Basemap } from '../api/schema';
import type { Language } from '../i18n';
import { COLORS, type Mode } from '../theme/tokens';
import { generatedPart } from './basemapGenerated';
import { protomapsPart } from './basemapProtomaps';
import { gcjTemplate } from './gcjTiles';
import type { MapPart } from './layers';

/** What lies under the marks; without any basemap the marks stand on plain ground and everything still works. */
export function basemapPart(basemap: Basemap | null, mode: Mode, language: Language): MapPart {
  if (!basemap?.url || basemap.kind === 'none') return plainPart(mode);
  if (basemap.kind === 'generated') return generatedPart(basemap, mode, language);
  if (basemap.kind === 'pmtiles') return protomapsPart(basemap, mode, language);
  return rasterPart(basemap, mode);
}

function plainPart(mode: Mode): MapPart {
  return { sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': COLORS[mode].mGround } }] };
}

/** Foreign tiles are muted, so that no fill is stronger than a mark; in dark mode they are dimmed as well. */
function rasterPart(basemap: Basemap, mode: Mode): MapPart {
  const url = basemap.url ?? '';
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
