/**
 * WGS-84, GCJ-02 and BD-09. Everything stored or computed is WGS-84; the shifted datums exist only in links to
 * map apps and under shifted base maps. Port of `crates/geo/src/datum.rs`; the vectors are shared.
 */
import type { Point } from '@tashi/shared/api';

/** A point as 高德, Tencent and Apple (in China) draw it: `[lng, lat]`. */
export type Gcj02 = Point & { readonly datum?: 'gcj02' };
/** A point as 百度 draws it: `[lng, lat]`. */
export type Bd09 = Point & { readonly datum?: 'bd09' };

const X_PI = (Math.PI * 3000) / 180;

export function toGcj02([lng, lat]: Point): Gcj02 {
  if (outsideChina(lng, lat)) return [lng, lat];
  const [dlng, dlat] = shift(lng, lat);
  return [lng + dlng, lat + dlat];
}

export function toBd09(place: Point): Bd09 {
  const [lng, lat] = toGcj02(place);
  const z = Math.hypot(lng, lat) + 0.00002 * Math.sin(lat * X_PI);
  const theta = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * X_PI);
  return [z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006];
}

/** Back to WGS-84 by fixed-point iteration, exact below a millimetre. */
export function fromGcj02([lng, lat]: Gcj02): Point {
  if (outsideChina(lng, lat)) return [lng, lat];
  let [x, y] = [lng, lat];
  for (let i = 0; i < 12; i++) {
    const [dlng, dlat] = shift(x, y);
    [x, y] = [lng - dlng, lat - dlat];
  }
  return [x, y];
}

/** Mainland rectangle of the shift; Hong Kong, Macao and Taiwan use unshifted maps. */
export function outsideChina(lng: number, lat: number): boolean {
  const within = (v: number, from: number, to: number) => v >= from && v <= to;
  const taiwan = within(lng, 119.3, 124.6) && within(lat, 21.75, 25.4) && lng > 119.9 + Math.abs(lat - 25.4) * 0.05;
  const hongKong = within(lng, 113.83, 114.45) && within(lat, 22.15, 22.5);
  return !within(lng, 72.004, 137.8347) || !within(lat, 0.8293, 55.8271) || taiwan || hongKong;
}

/** GCJ-02 minus WGS-84 in degrees `[lng, lat]`. */
function shift(lng: number, lat: number): Point {
  const A = 6_378_245;
  const EE = 0.006_693_421_622_965_943;
  const { sin, sqrt, abs, PI } = Math;
  const [x, y] = [lng - 105, lat - 35];
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const dlat =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves +
    ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 +
    ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const dlng =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves +
    ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 +
    ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const rad = (lat * PI) / 180;
  const magic = 1 - EE * sin(rad) ** 2;
  return [
    (dlng * 180) / ((A / sqrt(magic)) * Math.cos(rad) * PI),
    (dlat * 180) / (((A * (1 - EE)) / (magic * sqrt(magic))) * PI),
  ];
}
