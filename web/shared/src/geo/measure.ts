/** Distances and directions on WGS-84. Port of `crates/geo/src/measure.rs`; the vectors are shared. */
import type { Point } from '../api/index.ts';

const A = 6_378_137;
const E2 = 6.694_379_990_141_317e-3;
const MEAN_RADIUS = 6_371_008.8;
const rad = (deg: number) => (deg * Math.PI) / 180;

/** Radii of curvature `[meridian, prime vertical]` in metres at a latitude in degrees. */
function radii(lat: number): [number, number] {
  const w = 1 - E2 * Math.sin(rad(lat)) ** 2;
  return [(A * (1 - E2)) / (w * Math.sqrt(w)), A / Math.sqrt(w)];
}

/** Shorter longitude difference in degrees. */
function deltaLng(from: number, to: number): number {
  const d = to - from;
  return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}

/** Ground distance in metres: local ellipsoid radii below 50 km, the great circle beyond. */
export function distanceM(a: Point, b: Point): number {
  const mid = (a[1] + b[1]) / 2;
  const [m, n] = radii(mid);
  const flat = Math.hypot(rad(deltaLng(a[0], b[0])) * n * Math.cos(rad(mid)), rad(b[1] - a[1]) * m);
  if (flat < 50_000 && Math.abs(mid) < 85) return flat;
  const [p1, p2] = [rad(a[1]), rad(b[1])];
  const dl = rad(deltaLng(a[0], b[0]));
  const h = Math.sin((p2 - p1) / 2) ** 2 + Math.cos(p1) * Math.cos(p2) * Math.sin(dl / 2) ** 2;
  return 2 * MEAN_RADIUS * Math.asin(Math.min(1, Math.max(0, Math.sqrt(h))));
}

/** Metres east and north of `origin`, good to 0.1 % within 30 km. */
export function metresFrom(origin: Point, p: Point): [east: number, north: number] {
  const [m, n] = radii(origin[1]);
  return [rad(deltaLng(origin[0], p[0])) * Math.max(1, n * Math.cos(rad(origin[1]))), rad(p[1] - origin[1]) * m];
}
