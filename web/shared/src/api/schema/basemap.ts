/** The ground of the maps. */
import type { Point } from './common';

export interface Basemap {
  kind: 'generated' | 'pmtiles' | 'raster' | 'none';
  url: string | null;
  crs: 'wgs84' | 'gcj02';
  attribution: string;
  min_zoom: number;
  max_zoom: number;
  centre: Point;
  zoom: number;
}
