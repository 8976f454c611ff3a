import type { TrackPoint } from './types';
import { simplify } from './geometry';
import type { Point } from '../api/schema';

/** 1 = below 15 km/h, 2 = 15–35, 3 = 35–55, 4 = above. Dark is slow. */
export type SpeedClass = 1 | 2 | 3 | 4;

/** Upper borders in km/h of the first three classes. */
export const SPEED_BORDERS_KMH = [15, 35, 55] as const;

/** Class of a speed in m/s. */
export function speedClass(mps: number): SpeedClass {
  const kmh = mps * 3.6;
  if (kmh < SPEED_BORDERS_KMH[0]) return 1;
  if (kmh < SPEED_BORDERS_KMH[1]) return 2;
  return kmh < SPEED_BORDERS_KMH[2] ? 3 : 4;
}

/**
 * A playback's track cut at its gaps. `to` of a segment is one past its last point: taking one more would draw a line over
 * the gap.
 */
export function trackSegments(track: { points: readonly TrackPoint[]; segments: readonly { from: number; to: number }[] }): TrackPoint[][] {
  return track.segments.map(({ from, to }) => track.points.slice(from, to)).filter((segment) => segment.length > 1);
}

/** A piece of the driven way in one colour. */
export interface SpeedRun {
  speed: SpeedClass;
  line: Point[];
}

/**
 * Cuts one segment of a track into runs of one speed class, joined end to end. A step takes the class of the median
 * speed of the points around it, so that one odd fix does not speckle the way.
 * Points that move the line by less than `toleranceM` metres are left out; the way is for the eye only.
 */
export function speedRuns(segment: readonly TrackPoint[], toleranceM = 2): SpeedRun[] {
  if (segment.length < 2) return [];
  const metersPerLng = 111_320 * Math.cos((segment[0]![2] * Math.PI) / 180);
  const flat = segment.map((p) => [p[1] * metersPerLng, p[2] * 110_574] as const);
  const steps = stepClasses(segment);
  const runs: SpeedRun[] = [];
  let start = 0;
  while (start < steps.length) {
    let end = start + 1;
    while (end < steps.length && steps[end] === steps[start]) end++;
    const kept = simplify(flat.slice(start, end + 1), toleranceM);
    runs.push({
      speed: steps[start]!,
      line: kept.map((i) => {
        const p = segment[start + i]!;
        return [p[1], p[2]];
      }),
    });
    start = end;
  }
  return runs;
}

/** Class of every step between two points, by the median speed of the four points around it. */
function stepClasses(segment: readonly TrackPoint[]): SpeedClass[] {
  const classes: SpeedClass[] = [];
  for (let i = 0; i + 1 < segment.length; i++) {
    const around: number[] = [];
    for (let k = Math.max(0, i - 1); k <= Math.min(segment.length - 1, i + 2); k++) around.push(segment[k]![3]);
    around.sort((a, b) => a - b);
    const middle = around.length >> 1;
    classes.push(speedClass(around.length % 2 ? around[middle]! : (around[middle - 1]! + around[middle]!) / 2));
  }
  return classes;
}
