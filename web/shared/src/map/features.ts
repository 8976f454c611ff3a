import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { Point } from '../api/schema';
import { areaColor } from '../theme/areas';
import { COLORS, type Mode } from '../theme/tokens';
import { STATE_ORDER, type PeopleCluster } from './cluster';
import { circleRing } from './geometry';
import { speedRuns } from './speed';
import { gradeRank } from '../grades';
import * as symbols from './symbols';
import type {
  AreaMark, CustomerMark, DotMark, ErrorMark, FenceMark, GapMark, HeadMark, LabelMark, MapMarks, PersonMark, StayMark, StopMark, TrackPoint,
} from './types';

export type Marks = FeatureCollection<Geometry, Record<string, unknown>>;

function collection(features: Feature<Geometry, Record<string, unknown>>[]): Marks {
  return { type: 'FeatureCollection', features };
}
function point(at: Point, properties: Record<string, unknown>): Feature<Geometry, Record<string, unknown>> {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties };
}
function line(coordinates: readonly Point[], properties: Record<string, unknown> = {}): Feature<Geometry, Record<string, unknown>> {
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: coordinates as Point[] }, properties };
}

/** People of a small map as plain discs; most urgent on top. */
export function dotFeatures(people: readonly PersonMark[], mode: Mode): Marks {
  return collection(
    people.map(({ id, at, state }) =>
      point(at, { kind: 'person', id, state, icon: symbols.dotSymbol(mode, state), rank: 20 - STATE_ORDER.indexOf(state) })),
  );
}

/** Single people with the age of their fix, and clusters. */
export function peopleFeatures(
  singles: readonly PersonMark[], clusters: readonly PeopleCluster[], mode: Mode, selected: string | null, age: (person: PersonMark) => string | null,
): Marks {
  const features = singles.map((person) => {
    const on = person.id === selected;
    const text = age(person);
    const moving = person.bearing !== null && person.bearing !== undefined && person.state !== 'silent';
    return point(person.at, {
      kind: 'person',
      id: person.id,
      state: person.state,
      icon: symbols.personSymbol(mode, person, on),
      // Urgent states and the selected person lie on top.
      rank: on ? 100 : 20 - STATE_ORDER.indexOf(person.state),
      ...(text ? { age: text, pill: symbols.plainSymbol('pill', mode), ageOffset: [0, on ? 2.6 : 2.2] } : {}),
      ...(moving ? { wedge: symbols.wedgeSymbol(mode, person.state, on), bearing: person.bearing, wedgeOffset: [0, on ? -26 : -20] } : {}),
    });
  });
  for (const cluster of clusters) {
    features.push(point(cluster.at, { kind: 'cluster', id: cluster.id, bounds: cluster.bounds, icon: symbols.clusterSymbol(mode, cluster) }));
  }
  return collection(features);
}

export function stopFeatures(stops: readonly StopMark[], mode: Mode, selected: string | null, opacity: number): Marks {
  return collection(
    stops.map((stop) =>
      point(stop.at, {
        id: stop.id,
        icon: symbols.stopSymbol(mode, stop, stop.id === selected),
        text: stop.label ?? '',
        rank: stop.id === selected ? 1000 : -stop.seq,
        opacity,
      })),
  );
}

export function customerFeatures(customers: readonly CustomerMark[], mode: Mode, selected: string | null): Marks {
  return collection(
    customers.map((customer) => {
      const on = customer.id === selected;
      return point(customer.at, {
        id: customer.id,
        icon: symbols.customerSymbol(mode, customer, on),
        rank: on ? 10 : customer.chosen ? 5 : Math.max(1, 3 - gradeRank(customer.grade)),
      });
    }),
  );
}

/** Stays, the start of the day and the shop of a fence picture. */
export function placeFeatures(stays: readonly StayMark[], start: Point | null, shop: Point | null, mode: Mode): Marks {
  const features = stays.map((stay) => point(stay.at, { id: stay.id, icon: symbols.plainSymbol('stay', mode), text: stay.label ?? '' }));
  if (start) features.push(point(start, { icon: symbols.plainSymbol('start', mode) }));
  if (shop) features.push(point(shop, { icon: symbols.plainSymbol('shop', mode) }));
  return collection(features);
}

export function gapFeatures(gaps: readonly GapMark[], mode: Mode): Marks {
  return collection(
    gaps.flatMap((gap) => [
      point(gap.from, { icon: symbols.plainSymbol('gapEnd', mode) }),
      point(gap.to, { icon: symbols.plainSymbol('gapEnd', mode) }),
      point([(gap.from[0] + gap.to[0]) / 2, (gap.from[1] + gap.to[1]) / 2], { pill: symbols.plainSymbol('gapPill', mode), text: gap.label }),
    ]),
  );
}

export function fenceFeatures(fences: readonly FenceMark[]): Marks {
  return collection(
    fences.map((fence) => ({
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [circleRing(fence.at, fence.radiusM)] },
      properties: { tone: fence.tone ?? 'accent' },
    })),
  );
}

const VERDICT_TONE = { in: 'visit', cannot_tell: 'late', out: 'problem' } as const;

export function errorFeatures(errors: readonly ErrorMark[]): Marks {
  return collection(
    errors.flatMap((error) => {
      const tone = VERDICT_TONE[error.verdict];
      return [error.radiusM, Math.max(1.2, Math.min(3, error.radiusM / 6))].map((radius) => ({
        type: 'Feature' as const,
        geometry: { type: 'Polygon' as const, coordinates: [circleRing(error.at, radius)] },
        properties: { tone },
      }));
    }),
  );
}

export function labelFeatures(labels: readonly LabelMark[]): Marks {
  return collection(labels.map((label) => point(label.at, { text: label.text })));
}

export function wayFeatures(ways: readonly (readonly Point[])[], opacity = 1): Marks {
  return collection(onceEach(ways).map((way) => line(way, { opacity })));
}

/** Drops what has been drawn already (there and back on one street): two dashed lines on top of each other look solid. */
export function onceEach(ways: readonly (readonly Point[])[]): Point[][] {
  const seen = new Set<string>();
  const parts: Point[][] = [];
  for (const way of ways) {
    let part: Point[] = [];
    for (let i = 1; i < way.length; i++) {
      const [a, b] = [way[i - 1]!, way[i]!];
      const [x, y] = [place(a), place(b)];
      const step = x < y ? `${x} ${y}` : `${y} ${x}`;
      if (x === y) continue;
      if (seen.has(step)) {
        if (part.length) parts.push(part);
        part = [];
        continue;
      }
      seen.add(step);
      if (part.length) part.push(b);
      else part.push(a, b);
    }
    if (part.length) parts.push(part);
  }
  return parts;
}

/** About a metre. */
function place([lng, lat]: Point): string {
  return `${lng.toFixed(5)},${lat.toFixed(5)}`;
}

export function drivenFeatures(segments: readonly (readonly TrackPoint[])[], opacity = 1): Marks {
  return collection(
    segments.flatMap((segment) => speedRuns(segment).map((run) => line(run.line, { speed: run.speed, opacity }))),
  );
}

export function headFeatures(head: HeadMark | null, mode: Mode): Marks {
  if (!head) return collection([]);
  return collection([
    point(head.at, {
      icon: symbols.headSymbol(mode, head),
      ...(head.bearing === null ? {} : { wedge: symbols.wedgeSymbol(mode, head.state, false), bearing: head.bearing }),
    }),
  ]);
}

export function areaFeatures(areas: readonly AreaMark[], mode: Mode): Marks {
  return collection(
    areas.filter((area) => area.ring.length > 2).map((area) => ({
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [[...area.ring, area.ring[0]!] as [number, number][]] },
      properties: { color: areaColor(mode, area.colour), chosen: !!area.chosen },
    })),
  );
}

/** The name of an area, in the middle of its corners. */
export function areaNameFeatures(areas: readonly AreaMark[], mode: Mode): Marks {
  return collection(
    areas.filter((area) => area.label && area.ring.length).map((area) => {
      const [lngs, lats] = [area.ring.map((p) => p[0]), area.ring.map((p) => p[1])];
      const middle: Point = [(Math.min(...lngs) + Math.max(...lngs)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
      return point(middle, { text: area.label, color: areaColor(mode, area.colour), rank: area.chosen ? 1 : 0 });
    }),
  );
}

export function dotFeaturesOf(dots: readonly DotMark[], mode: Mode): Marks {
  return collection(
    dots.map((dot) => point(dot.at, { id: dot.id, color: dot.colour === null ? COLORS[mode].silent : areaColor(mode, dot.colour), moved: !!dot.moved })),
  );
}

/** Every place a set of marks touches, to fit the map to them. */
export function placesOf(marks: MapMarks): Point[] {
  const places: Point[] = [];
  for (const one of marks.people ?? []) places.push(one.at);
  for (const one of marks.stops ?? []) places.push(one.at);
  for (const one of marks.stays ?? []) places.push(one.at);
  for (const way of [...(marks.planned ?? []), ...(marks.proposed ?? [])]) places.push(...way);
  for (const segment of marks.driven ?? []) for (const p of segment) places.push([p[1], p[2]]);
  for (const one of [...(marks.fences ?? []), ...(marks.errors ?? [])]) places.push(...circleRing(one.at, one.radiusM, 8));
  for (const area of marks.areas ?? []) places.push(...area.ring);
  for (const dot of marks.dots ?? []) places.push(dot.at);
  if (marks.start) places.push(marks.start);
  if (marks.shop) places.push(marks.shop);
  return places;
}
