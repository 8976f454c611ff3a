import type { Playback, VisitRow } from '@tashi/shared/api';
import { trackSegments } from '@tashi/shared/map';
import { describe, expect, it } from 'vitest';
import { hourTicks, makeScale, momentOf, speedCurves, speedTop, zoneOffset } from './bands';
import { advance, dayEvents, dayRange, eventAt, firstAtOrAfter, gapEnds, headAt, neighbour } from './playback';

const T = (hm: string) => Date.parse(`2026-11-20T${hm}:00Z`);
const I = (hm: string) => new Date(T(hm)).toISOString();

/** Two drives of one trip with a gap of 11 minutes between, then a visit, then a rest that is not recorded. */
function day(): Playback {
  const points: Playback['points'] = [];
  for (let i = 0; i <= 10; i++) points.push([T('05:18') + i * 60_000, 118 + i * 0.001, 32, 10]);
  for (let i = 0; i <= 10; i++) points.push([T('05:40') + i * 60_000, 118.02 + i * 0.001, 32, 20]);
  const visit = { id: 'v', check_in_at: I('05:52'), check_out_at: I('06:20') } as VisitRow;
  return {
    points,
    segments: [{ from: 0, to: 11 }, { from: 11, to: 22 }],
    timeline: [
      { from: I('05:18'), to: I('05:28'), state: 'moving' },
      { from: I('05:28'), to: I('05:40'), state: 'no_signal' },
      { from: I('05:40'), to: I('05:50'), state: 'moving' },
      { from: I('05:50'), to: I('06:20'), state: 'visit' },
      { from: I('06:20'), to: I('06:40'), state: 'stay' },
      { from: I('06:40'), to: I('07:00'), state: 'not_recorded' },
    ],
    stays: [{ from: I('06:20'), to: I('06:40'), at: [118.03, 32], customer: null }],
    trips: [{ from: I('05:18'), to: I('05:50'), meters: 3_000, mode: 'ebike', counted: false }],
    gaps: [{ from: I('05:28'), to: I('05:40'), kind: 'no_signal' }],
    visits: [visit],
    summary: { duty: [{ from: I('05:00'), to: I('09:00') }] },
  } as unknown as Playback;
}

describe('day events', () => {
  const events = dayEvents(day());

  it('gives every minute once, in order', () => {
    expect(events.map((event) => event.kind)).toEqual(['drive', 'gap', 'drive', 'visit', 'stay', 'quiet']);
    for (let i = 1; i < events.length; i++) expect(events[i]!.from).toBe(events[i - 1]!.to);
  });

  it('shares a trip that a gap cuts so that its parts sum to the figure of the server', () => {
    const drives = events.flatMap((event) => (event.kind === 'drive' ? [event.meters] : []));
    expect(drives).toHaveLength(2);
    expect(drives[0]! + drives[1]!).toBe(3_000);
    expect(drives[0]).toBe(1_500);
    expect(events[0]).toMatchObject({ mode: 'ebike', counted: false });
  });

  it('gives the seconds between arriving and checking in to the drive, on both sides', () => {
    const short = day();
    short.timeline = [
      { from: I('05:18'), to: I('05:49'), state: 'moving' },
      { from: I('05:49'), to: new Date(T('05:49') + 9_000).toISOString(), state: 'stay' },
      { from: new Date(T('05:49') + 9_000).toISOString(), to: I('06:20'), state: 'visit' },
      { from: I('06:20'), to: new Date(T('06:20') + 5_000).toISOString(), state: 'stay' },
      { from: new Date(T('06:20') + 5_000).toISOString(), to: I('06:30'), state: 'moving' },
      { from: I('06:30'), to: I('06:31'), state: 'stay' },
    ];
    const kinds = dayEvents(short);
    expect(kinds.map((event) => event.kind)).toEqual(['drive', 'visit', 'drive', 'stay']);
    for (let i = 1; i < kinds.length; i++) expect(kinds[i]!.from).toBe(kinds[i - 1]!.to);
  });

  it('knows how far apart the ends of a gap are without calling it driven', () => {
    const gap = events.find((event) => event.kind === 'gap');
    expect(gap?.kind === 'gap' && gap.straightM).toBeGreaterThan(900);
    expect(gap?.kind === 'gap' && gap.straightM).toBeLessThan(1_000);
  });

  it('numbers visits in the order of arrival', () => {
    const visit = events.find((event) => event.kind === 'visit');
    expect(visit?.kind === 'visit' && [visit.seq, visit.visit.id]).toEqual([1, 'v']);
  });
});

describe('playhead', () => {
  const playback = day();

  it('interpolates inside a segment', () => {
    const head = headAt(playback, T('05:20') + 30_000);
    expect(head?.at[0]).toBeCloseTo(118.0025, 6);
    expect(head?.bearing).toBeCloseTo(90, 0);
  });

  it('is nowhere inside a gap: nothing is guessed', () => {
    expect(headAt(playback, T('05:33'))).toBeNull();
    expect(headAt(playback, T('05:39') + 59_000)).toBeNull();
    expect(headAt(playback, T('05:28'))).not.toBeNull();
    expect(headAt(playback, T('05:40'))).not.toBeNull();
  });

  it('is nowhere before the first and after the last fix', () => {
    expect(headAt(playback, T('05:17'))).toBeNull();
    expect(headAt(playback, T('05:50') + 1)).toBeNull();
  });

  it('finds points by time like a plain search does', () => {
    for (const at of [T('05:00'), T('05:18'), T('05:22') + 1, T('05:35'), T('05:50'), T('08:00')]) {
      const plain = playback.points.findIndex((point) => point[0] >= at);
      expect(firstAtOrAfter(playback.points, at)).toBe(plain < 0 ? playback.points.length : plain);
    }
  });

  it('takes the last fix before and the first after a gap as its ends', () => {
    expect(gapEnds(playback.points, T('05:28'), T('05:40'))?.map((one) => one[0])).toEqual([118.01, 118.02]);
    expect(gapEnds(playback.points, T('04:00'), T('05:00'))).toBeNull();
  });

  it('skips standing still and gaps, never a drive', () => {
    const events = dayEvents(playback);
    expect(advance(events, T('05:27') + 59_000, 2_000, true)).toBe(T('05:40'));
    expect(advance(events, T('05:27') + 59_000, 2_000, false)).toBe(T('05:28') + 1_000);
    expect(advance(events, T('05:20'), 1_000, true)).toBe(T('05:20') + 1_000);
    expect(advance(events, T('05:50'), 1_000, true)).toBe(T('06:20'));
  });

  it('steps to the next and the previous event', () => {
    const events = dayEvents(playback);
    expect(neighbour(events, T('05:30'), 1)).toBe(T('05:40'));
    expect(neighbour(events, T('05:30'), -1)).toBe(T('05:28'));
    expect(neighbour(events, T('05:28'), -1)).toBe(T('05:18'));
    expect(neighbour(events, T('06:50'), 1)).toBeNull();
    expect(eventAt(events, T('05:40'))?.kind).toBe('drive');
  });

  it('never joins segments', () => {
    expect(trackSegments(playback).map((segment) => segment.length)).toEqual([11, 11]);
  });
});

describe('bands', () => {
  const scale = makeScale(T('05:00'), T('07:00'), 240);

  it('goes from time to px and back', () => {
    expect(scale.x(T('06:00'))).toBe(120);
    expect(scale.at(scale.x(T('05:37')))).toBeCloseTo(T('05:37'), 0);
    expect(scale.at(-50)).toBe(T('05:00'));
  });

  it('shows full hours of the company, thinned when there is no room', () => {
    const offset = zoneOffset(T('05:00'), 'Asia/Shanghai');
    expect(offset).toBe(8 * 3_600_000);
    expect(hourTicks(scale, offset)).toEqual([T('05:00'), T('06:00'), T('07:00')]);
    expect(hourTicks(makeScale(T('00:00'), T('10:00'), 200), offset).length).toBeLessThan(5);
    expect(hourTicks(makeScale(T('05:00'), T('07:00'), 240), 5.5 * 3_600_000)[0]).toBe(T('05:30'));
  });

  it('reads a time of day in the zone of the company, not of the browser', () => {
    expect(momentOf('2026-11-20', '13:48:20', 'Asia/Shanghai')).toBe(Date.parse('2026-11-20T05:48:20Z'));
    expect(momentOf('2026-07-01', '12:00', 'Europe/Berlin')).toBe(Date.parse('2026-07-01T10:00:00Z'));
    expect(momentOf('2026-11-20', 'noon', 'Asia/Shanghai')).toBeNull();
  });

  it('keeps the fastest of every px and leaves gaps open', () => {
    const curves = speedCurves(day(), makeScale(T('05:00'), T('07:00'), 24));
    expect(curves).toHaveLength(2);
    expect(Math.max(...curves[1]!.map(([, kmh]) => kmh))).toBeCloseTo(72);
    const silent = { points: [[T('05:00'), 118, 32, 1], [T('05:10'), 118, 32, 1]], segments: [{ from: 0, to: 2 }] } as never;
    expect(speedCurves(silent, scale)).toHaveLength(2);
    expect(speedTop(curves)).toBe(80);
    expect(speedTop([[[0, 12]]])).toBe(60);
  });

  it('covers duty and everything recorded', () => {
    expect(dayRange(day())).toEqual([T('05:00') - 900_000, T('09:00') + 900_000]);
  });
});
