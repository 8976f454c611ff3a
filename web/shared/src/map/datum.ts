import type { Point } from '../api/schema';

/**
 * GCJ-02, the datum of maps published in mainland China. Everything in Tashi is WGS-84; only a raster basemap in GCJ-02 needs
 * this, to be pulled back under our marks. Krasovsky 1940 axis and eccentricity, as the public formula has them.
 */
const AXIS_M = 6_378_245;
const ECCENTRICITY_2 = 0.006_693_421_622_965_943;

/** Rough box outside which the shift does not exist. */
function outsideChina([lng, lat]: Point): boolean {
  return lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271;
}

/** Shifts WGS-84 to GCJ-02. */
export function toGcj02(wgs: Point): Point {
  if (outsideChina(wgs)) return wgs;
  const x = wgs[0] - 105;
  const y = wgs[1] - 35;
  const lat = (wgs[1] * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY_2 * Math.sin(lat) ** 2;
  const root = Math.sqrt(magic);
  const dLat = (shiftLat(x, y) * 180) / (((AXIS_M * (1 - ECCENTRICITY_2)) / (magic * root)) * Math.PI);
  const dLng = (shiftLng(x, y) * 180) / ((AXIS_M / root) * Math.cos(lat) * Math.PI);
  return [wgs[0] + dLng, wgs[1] + dLat];
}

function shiftLat(x: number, y: number): number {
  const s = Math.sin;
  const pi = Math.PI;
  return (
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) +
    ((20 * s(6 * x * pi) + 20 * s(2 * x * pi)) * 2) / 3 +
    ((20 * s(y * pi) + 40 * s((y / 3) * pi)) * 2) / 3 +
    ((160 * s((y / 12) * pi) + 320 * s((y * pi) / 30)) * 2) / 3
  );
}

function shiftLng(x: number, y: number): number {
  const s = Math.sin;
  const pi = Math.PI;
  return (
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) +
    ((20 * s(6 * x * pi) + 20 * s(2 * x * pi)) * 2) / 3 +
    ((20 * s(x * pi) + 40 * s((x / 3) * pi)) * 2) / 3 +
    ((150 * s((x / 12) * pi) + 300 * s((x / 30) * pi)) * 2) / 3
  );
}
