import type { Point } from '../api/schema';
import type { Bounds } from './types';

/** Mean radius of the earth in metres (IUGG). */
const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Great-circle distance in metres. */
export function distanceM(a: Point, b: Point): number {
  const lat = (b[1] - a[1]) * RAD;
  const lng = (b[0] - a[0]) * RAD;
  const h = Math.sin(lat / 2) ** 2 + Math.cos(a[1] * RAD) * Math.cos(b[1] * RAD) * Math.sin(lng / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Direction from `a` to `b`, degrees clockwise from north. */
export function bearingDeg(a: Point, b: Point): number {
  const lng = (b[0] - a[0]) * RAD;
  const y = Math.sin(lng) * Math.cos(b[1] * RAD);
  const x = Math.cos(a[1] * RAD) * Math.sin(b[1] * RAD) - Math.sin(a[1] * RAD) * Math.cos(b[1] * RAD) * Math.cos(lng);
  return ((Math.atan2(y, x) / RAD) + 360) % 360;
}

/** The place `meters` away in this direction. */
export function destination(from: Point, bearing: number, meters: number): Point {
  const angle = meters / EARTH_M;
  const lat = from[1] * RAD;
  const sin = Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(bearing * RAD);
  const y = Math.sin(bearing * RAD) * Math.sin(angle) * Math.cos(lat);
  const x = Math.cos(angle) - Math.sin(lat) * sin;
  return [from[0] + Math.atan2(y, x) / RAD, Math.asin(sin) / RAD];
}

/** Closed ring of a circle to scale. */
export function circleRing(centre: Point, radiusM: number, corners = 72): Point[] {
  const ring: Point[] = [];
  for (let i = 0; i < corners; i++) ring.push(destination(centre, (i * 360) / corners, radiusM));
  ring.push(ring[0]!);
  return ring;
}

/** The smallest box around these places; null without any. */
export function boundsOf(places: Iterable<readonly [number, number]>): Bounds | null {
  let bounds: Bounds | null = null;
  for (const [lng, lat] of places) {
    if (!bounds) bounds = [lng, lat, lng, lat];
    else {
      bounds[0] = Math.min(bounds[0], lng);
      bounds[1] = Math.min(bounds[1], lat);
      bounds[2] = Math.max(bounds[2], lng);
      bounds[3] = Math.max(bounds[3], lat);
    }
  }
  return bounds;
}

/** Whether a place lies inside a ring (even–odd rule; the ring need not be closed). */
export function insideRing(place: readonly [number, number], ring: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > place[1] !== yj > place[1] && place[0] < ((xj - xi) * (place[1] - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** World pixels of a place at a zoom (256-px tiles, Web Mercator). */
export function worldPixel(at: readonly [number, number], zoom: number): [number, number] {
  const size = 256 * 2 ** zoom;
  const sin = Math.sin(Math.max(-85.05, Math.min(85.05, at[1])) * RAD);
  return [(at[0] / 360 + 0.5) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
}

/** The place of a world pixel; the reverse of `worldPixel`. */
export function placeOfPixel(pixel: readonly [number, number], zoom: number): Point {
  const size = 256 * 2 ** zoom;
  const y = Math.PI * (1 - (2 * pixel[1]) / size);
  return [(pixel[0] / size - 0.5) * 360, Math.atan(Math.sinh(y)) / RAD];
}

/**
 * Fewer points for drawing (Douglas–Peucker): none of the dropped ones is further than `tolerance` from the line.
 * Works on plain x/y in one unit; the first and the last point stay. Returns the indices that stay.
 */
export function simplify(points: readonly (readonly [number, number])[], tolerance: number): number[] {
  if (points.length <= 2) return points.map((_, i) => i);
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const stack: [number, number][] = [[0, points.length - 1]];
  for (let span = stack.pop(); span; span = stack.pop()) {
    const [from, to] = span;
    let worst = tolerance;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const away = distanceToSegment(points[i]!, points[from]!, points[to]!);
      if (away > worst) {
        worst = away;
        at = i;
      }
    }
    if (at > 0) {
      keep[at] = 1;
      stack.push([from, at], [at, to]);
    }
  }
  const kept: number[] = [];
  for (let i = 0; i < keep.length; i++) if (keep[i]) kept.push(i);
  return kept;
}

function distanceToSegment(p: readonly [number, number], a: readonly [number, number], b: readonly [number, number]): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}
