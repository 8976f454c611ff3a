import type { AddProtocolAction } from 'maplibre-gl';
import type { Point } from '../api/schema';
import { toGcj02 } from './datum';
import { placeOfPixel, worldPixel } from './geometry';

/** Scheme under which a GCJ-02 raster is asked for as if it were WGS-84. */
export const GCJ_SCHEME = 'gcj02';
const TILE_PX = 256;

/** A source tile and where its corner falls on the wanted tile, in px. */
export interface TilePart {
  x: number;
  y: number;
  left: number;
  top: number;
}

/**
 * The tiles of a GCJ-02 pyramid that together cover one WGS-84 tile. The shift varies by less than 0.65 px inside a tile, so
 * one translation taken at its centre is exact to the pixel.
 */
export function tileParts(z: number, x: number, y: number): TilePart[] {
  const centre: Point = placeOfPixel([(x + 0.5) * TILE_PX, (y + 0.5) * TILE_PX], z);
  const there = worldPixel(toGcj02(centre), z);
  const left = Math.round(there[0] - TILE_PX / 2);
  const top = Math.round(there[1] - TILE_PX / 2);
  const last = 2 ** z - 1;
  const parts: TilePart[] = [];
  for (let ty = Math.floor(top / TILE_PX); ty * TILE_PX < top + TILE_PX; ty++) {
    for (let tx = Math.floor(left / TILE_PX); tx * TILE_PX < left + TILE_PX; tx++) {
      if (ty < 0 || ty > last) continue;
      parts.push({ x: ((tx % (last + 1)) + last + 1) % (last + 1), y: ty, left: tx * TILE_PX - left, top: ty * TILE_PX - top });
    }
  }
  return parts;
}

/** Loads `gcj02://{z}/{x}/{y}/{template}`: stitches up to four tiles of the provider into one that fits our marks. */
export const loadGcjTile: AddProtocolAction = async (request, abort) => {
  const match = /^gcj02:\/\/(\d+)\/(\d+)\/(\d+)\/(.+)$/.exec(request.url);
  if (!match) throw new Error(`not a ${GCJ_SCHEME} tile: ${request.url}`);
  const [z, x, y] = match.slice(1, 4).map(Number) as [number, number, number];
  const template = decodeURIComponent(match[4]!);
  const canvas = new OffscreenCanvas(TILE_PX, TILE_PX);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no 2d canvas');
  await Promise.all(
    tileParts(z, x, y).map(async (part) => {
      const response = await fetch(tileUrl(template, z, part.x, part.y), { signal: abort.signal });
      if (!response.ok) return;
      const image = await createImageBitmap(await response.blob());
      pen.drawImage(image, part.left, part.top, TILE_PX, TILE_PX);
      image.close();
    }),
  );
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return { data: await blob.arrayBuffer() };
};

/** Fills `{z}`, `{x}`, `{y}` and `{s}` (subdomains 1–4) of a tile address. */
export function tileUrl(template: string, z: number, x: number, y: number): string {
  return template
    .replace('{z}', String(z))
    .replace('{x}', String(x))
    .replace('{y}', String(y))
    .replace('{s}', String(((x + y) % 4) + 1));
}

/** Address that MapLibre asks for, so that `loadGcjTile` gets zoom and place. */
export function gcjTemplate(template: string): string {
  return `${GCJ_SCHEME}://{z}/{x}/{y}/${encodeURIComponent(template)}`;
}
