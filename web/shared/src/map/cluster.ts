import type { PersonMark } from './types';
import { placeOfPixel, worldPixel } from './geometry';
import type { Bounds } from './types';
import type { Point } from '../api/schema';

/** Above this many people in view, neighbours share one mark. */
export const CLUSTER_ABOVE = 60;
/** Marks nearer than this on the screen (px) become one. */
const CELL_PX = 68;

export interface PeopleCluster {
  id: string;
  at: Point;
  count: number;
  /** People of each state, in the order of urgency. */
  states: [PersonMark['state'], number][];
  /** Box around its people, to zoom in on. */
  bounds: Bounds;
}

/** Most urgent first: what must be seen is drawn on top and named first. */
export const STATE_ORDER: PersonMark['state'][] = [
  'problem', 'late', 'silent', 'visit', 'moving', 'idle', 'not_started', 'off_duty',
];

/**
 * People in view as marks. Few stay single; a crowd is gathered by cells of the screen and each cluster keeps the count of
 * every state. The selected person always stays single.
 */
export function clusterPeople(
  people: readonly PersonMark[],
  zoom: number,
  view: Bounds | null,
  selected: string | null,
): { singles: PersonMark[]; clusters: PeopleCluster[] } {
  const visible = view ? people.filter((p) => p.id === selected || inside(p.at, view)) : [...people];
  if (visible.length <= CLUSTER_ABOVE) return { singles: visible, clusters: [] };
  const cells = new Map<string, PersonMark[]>();
  const singles: PersonMark[] = [];
  for (const person of visible) {
    if (person.id === selected) {
      singles.push(person);
      continue;
    }
    const [x, y] = worldPixel(person.at, zoom);
    const cell = `${Math.floor(x / CELL_PX)}:${Math.floor(y / CELL_PX)}`;
    const found = cells.get(cell);
    if (found) found.push(person);
    else cells.set(cell, [person]);
  }
  const clusters: PeopleCluster[] = [];
  for (const [cell, members] of cells) {
    if (members.length < 3) singles.push(...members);
    else clusters.push(gather(`${Math.round(zoom * 4)}/${cell}`, members, zoom));
  }
  return { singles, clusters };
}

function inside(at: Point, view: Bounds): boolean {
  return at[0] >= view[0] && at[0] <= view[2] && at[1] >= view[1] && at[1] <= view[3];
}

function gather(id: string, members: PersonMark[], zoom: number): PeopleCluster {
  let x = 0;
  let y = 0;
  const bounds: Bounds = [180, 90, -180, -90];
  const counts = new Map<PersonMark['state'], number>();
  for (const { at, state } of members) {
    const pixel = worldPixel(at, zoom);
    x += pixel[0];
    y += pixel[1];
    bounds[0] = Math.min(bounds[0], at[0]);
    bounds[1] = Math.min(bounds[1], at[1]);
    bounds[2] = Math.max(bounds[2], at[0]);
    bounds[3] = Math.max(bounds[3], at[1]);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return {
    id,
    at: placeOfPixel([x / members.length, y / members.length], zoom),
    count: members.length,
    states: STATE_ORDER.filter((s) => counts.has(s)).map((s) => [s, counts.get(s) ?? 0]),
    bounds,
  };
}

/**
 * Shares of a ring of `slices` for these counts: proportional, but a state that is there at all gets at least one slice,
 * taken from the largest. Few different rings means few pictures.
 */
export function ringSlices(states: readonly (readonly [PersonMark['state'], number])[], slices = 12): number[] {
  const total = states.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return [];
  const shares = states.map(([, count]) => Math.max(1, Math.round((count / total) * slices)));
  let over = shares.reduce((sum, share) => sum + share, 0) - slices;
  while (over !== 0) {
    const largest = shares.indexOf(Math.max(...shares));
    const step = over > 0 ? -1 : 1;
    shares[largest] = shares[largest]! + step;
    over += step;
  }
  return shares;
}
