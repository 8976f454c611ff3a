import type { Playback } from '@tashi/shared/api';
import type { TrackPoint } from '@tashi/shared/map';

/**
 * The track cut at its gaps. `to` is one past the last point of a segment; a server that names the last point itself is
 * understood too, because the next segment then starts one later.
 */
export function drivenSegments(playback: Pick<Playback, 'points' | 'segments'>): TrackPoint[][] {
  const { points, segments } = playback;
  return segments
    .map(({ from, to }) => points.slice(from, to))
    .filter((segment) => segment.length > 1);
}
