import { describe, expect, it } from 'vitest';
import type { Point } from '@tashi/shared/api';
import { fromGcj02, outsideChina, toBd09, toGcj02 } from './datum.ts';
import { fenceVerdict } from './fence.ts';
import { distanceM, metresFrom } from '@tashi/shared/geo/measure.ts';
// Computed by crates/geo, so that the phone and the server cannot drift apart.
import vectors from './vectors.json' with { type: 'json' };

const p = (pair: number[]) => pair as unknown as Point;

describe('the phone measures as the server does', () => {
  it('fence: same verdict, same probability', () => {
    expect(new Set(vectors.fence.map((v) => v.verdict))).toEqual(new Set(['in', 'out', 'cannot_tell']));
    for (const v of vectors.fence) {
      const got = fenceVerdict(p(v.place), v.accuracy_m, p(v.centre), v.radius_m);
      expect(got.verdict).toBe(v.verdict);
      expect(got.probability).toBeCloseTo(v.probability, 9);
      expect(got.distanceM).toBeCloseTo(v.distance_m, 6);
    }
  });

  it('datum: GCJ-02 and BD-09 to the millimetre, and back', () => {
    for (const v of vectors.datum) {
      const wgs = p(v.wgs84);
      for (const axis of [0, 1] as const) {
        expect(toGcj02(wgs)[axis]).toBeCloseTo(p(v.gcj02)[axis], 8);
        expect(toBd09(wgs)[axis]).toBeCloseTo(p(v.bd09)[axis], 8);
      }
      expect(distanceM(fromGcj02(toGcj02(wgs)), wgs)).toBeLessThan(0.001);
    }
    expect(distanceM(toGcj02([118.7969, 32.0603]), [118.7969, 32.0603])).toBeGreaterThan(300);
    expect([outsideChina(114.17, 22.3), outsideChina(121.5, 25), outsideChina(2.35, 48.85), outsideChina(118.8, 32)]).toEqual([true, true, true, false]);
  });

  it('distance: same metres, and the local plane agrees', () => {
    for (const v of vectors.distance) {
      const d = distanceM(p(v.from), p(v.to));
      expect(Math.abs(d - v.distance_m)).toBeLessThan(1e-6 * Math.max(1, v.distance_m));
      if (d < 2000) expect(Math.hypot(...metresFrom(p(v.from), p(v.to)))).toBeCloseTo(d, 0);
    }
  });
});
