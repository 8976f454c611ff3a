import type { LineString } from 'geojson';
import { describe, expect, it } from 'vitest';
import { fixAge } from './age';
import { clusterPeople, CLUSTER_ABOVE, ringSlices } from './cluster';
import { toGcj02 } from './datum';
import { drivenFeatures, gapFeatures, onceEach, placesOf } from './features';
import { gcjTemplate, tileParts, tileUrl } from './gcjTiles';
import { bearingDeg, boundsOf, circleRing, destination, distanceM, insideRing, placeOfPixel, simplify, worldPixel } from './geometry';
import { speedClass, speedRuns } from './speed';
import type { PersonMark, TrackPoint } from './types';
import type { Point } from '../api/schema';

const NANJING: Point = [118.778, 32.044];

function crowd(count: number, spread = 0.2): PersonMark[] {
  let seed = 7;
  const random = () => (seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
  const states: PersonMark['state'][] = ['visit', 'moving', 'idle', 'late', 'silent'];
  return Array.from({ length: count }, (_, i) => ({
    id: `p${i}`,
    name: `人${i}`,
    state: states[i % states.length]!,
    at: [NANJING[0] + (random() - 0.5) * spread, NANJING[1] + (random() - 0.5) * spread],
    fixAt: null,
  }));
}

describe('geometry', () => {
  it('measures a degree of latitude', () => {
    expect(distanceM([118, 32], [118, 33])).toBeCloseTo(111_195, -1);
  });

  it('comes back from a destination with its distance and direction', () => {
    const there = destination(NANJING, 73, 1_500);
    expect(distanceM(NANJING, there)).toBeCloseTo(1_500, 3);
    expect(bearingDeg(NANJING, there)).toBeCloseTo(73, 3);
  });

  it('draws a fence to scale', () => {
    const ring = circleRing(NANJING, 150);
    expect(ring[0]).toEqual(ring.at(-1));
    for (const corner of ring) expect(distanceM(NANJING, corner)).toBeCloseTo(150, 3);
  });

  it('knows inside from outside of a lasso', () => {
    const ring: Point[] = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]];
    expect(insideRing([1, 1], ring)).toBe(true);
    expect(insideRing([2, 3], ring)).toBe(false);
    expect(insideRing([5, 1], ring)).toBe(false);
  });

  it('goes to pixels and back', () => {
    const back = placeOfPixel(worldPixel(NANJING, 14.3), 14.3);
    expect(distanceM(back, NANJING)).toBeLessThan(0.001);
  });

  it('keeps corners and drops points on the line', () => {
    expect(simplify([[0, 0], [1, 0.1], [2, 0], [3, 5], [4, 0]], 0.5)).toEqual([0, 2, 3, 4]);
  });

  it('has no box around nothing', () => {
    expect(boundsOf([])).toBeNull();
    expect(boundsOf([[3, 1], [1, 2]])).toEqual([1, 1, 3, 2]);
  });
});

describe('speed colours', () => {
  it('changes class exactly at 15, 35 and 55 km/h', () => {
    const at = (kmh: number) => speedClass(kmh / 3.6);
    expect([at(0), at(14.9), at(15.01), at(34.9), at(35.01), at(54.9), at(55.01)]).toEqual([1, 1, 2, 2, 3, 3, 4]);
  });

  it('joins runs end to end so that the way has no holes', () => {
    const track: TrackPoint[] = Array.from({ length: 40 }, (_, i) => [
      i * 1000, 118 + i * 0.001, 32, i < 20 ? 5 / 3.6 : 60 / 3.6,
    ]);
    const runs = speedRuns(track);
    // The one step from slow to fast takes the middle of both.
    expect(runs.map((run) => run.speed)).toEqual([1, 2, 4]);
    for (let i = 1; i < runs.length; i++) expect(runs[i]!.line[0]).toEqual(runs[i - 1]!.line.at(-1));
  });

  it('is not speckled by one odd fix', () => {
    const track: TrackPoint[] = Array.from({ length: 20 }, (_, i) => [i * 1000, 118 + i * 0.001, 32, i === 10 ? 30 : 6]);
    expect(speedRuns(track)).toHaveLength(1);
  });

  it('draws nothing for a lonely point', () => {
    expect(speedRuns([[0, 118, 32, 3]])).toEqual([]);
  });

  it('never draws a line over a gap', () => {
    const before: TrackPoint[] = [[0, 118, 32, 10], [1000, 118.01, 32, 10]];
    const after: TrackPoint[] = [[660_000, 118.05, 32, 10], [661_000, 118.06, 32, 10]];
    const lines = drivenFeatures([before, after]).features.map((f) => (f.geometry as LineString).coordinates);
    for (const line of lines) for (let i = 1; i < line.length; i++) expect(line[i]![0]! - line[i - 1]![0]!).toBeLessThan(0.02);
    const gap = gapFeatures([{ id: 'g', from: [118.01, 32], to: [118.05, 32], label: '缺口' }], 'light');
    expect(gap.features.every((f) => f.geometry.type === 'Point')).toBe(true);
  });
});

describe('clusters', () => {
  it('leaves a small team alone', () => {
    expect(clusterPeople(crowd(CLUSTER_ABOVE), 10, null, null).clusters).toEqual([]);
  });

  it('gathers a crowd, loses nobody and keeps the selected one single', () => {
    const people = crowd(2_000);
    const { singles, clusters } = clusterPeople(people, 11, null, 'p77');
    expect(clusters.length).toBeGreaterThan(0);
    expect(singles.length + clusters.reduce((sum, c) => sum + c.count, 0)).toBe(2_000);
    expect(singles.some((p) => p.id === 'p77')).toBe(true);
    for (const cluster of clusters) expect(cluster.states.reduce((sum, [, n]) => sum + n, 0)).toBe(cluster.count);
  });

  it('keeps the selected person even outside the view', () => {
    const people = [...crowd(100), { ...crowd(1)[0]!, id: 'far', at: [100, 20] as Point }];
    const view: [number, number, number, number] = [118, 31, 120, 33];
    expect(clusterPeople(people, 12, view, 'far').singles.some((p) => p.id === 'far')).toBe(true);
    expect(clusterPeople(people, 12, view, null).singles.some((p) => p.id === 'far')).toBe(false);
  });

  it('dissolves when one zooms in', () => {
    const people = crowd(300);
    const near = clusterPeople(people, 17, null, null);
    expect(near.clusters.length).toBeLessThan(clusterPeople(people, 10, null, null).clusters.length);
  });

  it('is quick enough for every frame', () => {
    const people = crowd(2_000);
    // The fastest of some: other work of the machine is none of ours.
    const times = Array.from({ length: 20 }, (_, i) => {
      const start = performance.now();
      clusterPeople(people, 11 + i / 20, null, null);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(16);
  });

  it('shows even one late person among many in the ring', () => {
    const shares = ringSlices([['late', 1], ['visit', 150]]);
    expect(shares).toEqual([1, 11]);
    expect(ringSlices([['late', 1], ['silent', 1], ['visit', 1], ['moving', 1], ['idle', 1]]).reduce((a, b) => a + b)).toBe(12);
  });
});

describe('GCJ-02', () => {
  it('shifts like the public formula', () => {
    // Reference point of the published implementations, Tian'anmen.
    const [lng, lat] = toGcj02([116.404, 39.915]);
    expect(lng).toBeCloseTo(116.41024449916938, 9);
    expect(lat).toBeCloseTo(39.91640428150164, 9);
  });

  it('leaves the rest of the world alone', () => {
    expect(toGcj02([2.35, 48.85])).toEqual([2.35, 48.85]);
  });

  it.each([8, 12, 15, 18])('covers the whole wanted tile at zoom %i', (z) => {
    const [px, py] = worldPixel(NANJING, z);
    const [x, y] = [Math.floor(px / 256), Math.floor(py / 256)];
    const parts = tileParts(z, x, y);
    expect(parts.length).toBeGreaterThanOrEqual(1);
    expect(parts.length).toBeLessThanOrEqual(4);
    const covered = parts.reduce(
      (sum, p) => sum + Math.max(0, Math.min(256, p.left + 256) - Math.max(0, p.left)) * Math.max(0, Math.min(256, p.top + 256) - Math.max(0, p.top)),
      0,
    );
    expect(covered).toBe(256 * 256);
  });

  it.each([10, 13, 16, 18])('puts the picture of a place within one pixel of its mark at zoom %i', (z) => {
    const [px, py] = worldPixel(NANJING, z);
    const [x, y] = [Math.floor(px / 256), Math.floor(py / 256)];
    const source = worldPixel(toGcj02(NANJING), z);
    const part = tileParts(z, x, y).find((p) => p.x === Math.floor(source[0] / 256) && p.y === Math.floor(source[1] / 256));
    expect(part).toBeDefined();
    expect(Math.abs(source[0] - part!.x * 256 + part!.left - (px - x * 256))).toBeLessThan(1.2);
    expect(Math.abs(source[1] - part!.y * 256 + part!.top - (py - y * 256))).toBeLessThan(1.2);
  });

  it('hides the template from the map and gives it back', () => {
    const template = 'https://t{s}.example.com/x={x}&y={y}&z={z}';
    expect(gcjTemplate(template)).toMatch(/^gcj02:\/\/\{z\}\/\{x\}\/\{y\}\/[^{]+$/);
    expect(tileUrl(template, 3, 5, 2)).toBe('https://t4.example.com/x=5&y=2&z=3');
  });
});

describe('age of a fix', () => {
  const now = Date.parse('2026-11-20T03:00:00Z');
  const ago = (seconds: number) => fixAge(new Date(now - seconds * 1000).toISOString(), now, 'zh');
  it('counts in seconds, minutes, and says it in words from ten minutes on', () => {
    expect([ago(12), ago(59), ago(60), ago(599), ago(600), ago(2_280), ago(4_320)]).toEqual([
      '12秒', '59秒', '1分', '9分', '10分前', '38分前', '1时12分',
    ]);
  });
  it('never shows a negative age when clocks differ', () => {
    expect(ago(-5)).toBe('0秒');
    expect(fixAge(null, now, 'zh')).toBeNull();
  });
});

it('draws a street once when the way goes there and back', () => {
  const there: Point[] = [[118, 32], [118.01, 32], [118.02, 32]];
  const back: Point[] = [[118.02, 32], [118.01, 32], [118.01, 32.02]];
  expect(onceEach([there, back])).toEqual([there, [[118.01, 32], [118.01, 32.02]]]);
});

it('fits to everything that is drawn', () => {
  const places = placesOf({ driven: [[[0, 118, 32, 1], [1, 119, 33, 1]]], start: [117, 31] });
  expect(boundsOf(places)).toEqual([117, 31, 119, 33]);
});
