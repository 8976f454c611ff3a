/**
 * Is somebody inside a fence, given how well we know where he is? The same formula as the server's
 * `crates/geo/src/fence.rs`, so that the phone, offline, says what the server will say; the vectors are shared.
 */
import type { FenceVerdict, Point } from '@tashi/shared/api';
import { distanceM } from '@tashi/shared/geo/measure.ts';

/** In from this probability on. */
export const IN_FROM = 0.8;
/** Out below this probability; between the two it cannot be told. */
export const OUT_BELOW = 0.05;

/**
 * Probability that the true place lies within `radiusM` of the centre, for a measured distance and a 68 %
 * accuracy in metres: a round Gaussian with σ = accuracy / 1.515 over a circle, integrated in strips.
 */
export function insideProbability(distance: number, accuracyM: number, radiusM: number): number {
  const sigma = Math.max(0.5, accuracyM / 1.515);
  if (distance - radiusM > 8 * sigma) return 0;
  if (radiusM - distance > 8 * sigma) return 1;
  const steps = 240;
  const h = (2 * radiusM) / steps;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const x = -radiusM + (i + 0.5) * h;
    const density = Math.exp(-((x - distance) ** 2) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
    sum += density * erf(Math.sqrt(Math.max(0, radiusM * radiusM - x * x)) / (sigma * Math.SQRT2));
  }
  return Math.min(1, Math.max(0, sum * h));
}

export interface FenceAnswer {
  verdict: FenceVerdict;
  probability: number;
  /** Measured distance to the centre in metres. */
  distanceM: number;
}

/** Verdict for a check-in at `place`, known to `accuracyM`, against a circle. */
export function fenceVerdict(place: Point, accuracyM: number, centre: Point, radiusM: number): FenceAnswer {
  const distance = distanceM(place, centre);
  const probability = insideProbability(distance, accuracyM, radiusM);
  const verdict = probability >= IN_FROM ? 'in' : probability < OUT_BELOW ? 'out' : 'cannot_tell';
  return { verdict, probability, distanceM: distance };
}

/** Error function, Abramowitz & Stegun 7.1.26 (|error| < 1.5e-7). */
function erf(x: number): number {
  const t = 1 / (1 + 0.327_591_1 * Math.abs(x));
  const poly = t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  return (1 - poly * Math.exp(-x * x)) * Math.sign(x || 1);
}
