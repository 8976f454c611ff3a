import type { Point, Route } from '@tashi/shared/api';
import { metresFrom } from '@tashi/shared/geo/measure.ts';
import { type Stop, isClosed } from '../../work/day.ts';

const W = 358;
const H = 124;
const PAD = 20;

/** The day's route to scale without a base map: instant, offline, and enough to see the order. */
export function RouteSketch({ stops, route, here, label }: { stops: readonly Stop[]; route: Route | null; here: Point | null; label: string }) {
  const placed = stops.flatMap((stop) => (stop.task.customer.at ? [{ stop, at: stop.task.customer.at }] : []));
  const first = placed[0];
  if (!first) return null;
  const origin = first.at;
  const legs = route?.legs.filter((leg) => leg.line.length > 1) ?? [];
  const lines = legs.length > 0 ? legs.map((leg) => leg.line) : placed.slice(1).map((p, i) => [placed[i]?.at ?? p.at, p.at]);
  // Fitted to the stops: the long way from home would press them into one spot.
  const all = placed.map((p) => metresFrom(origin, p.at));
  const [xs, ys] = [all.map((p) => p[0]), all.map((p) => p[1])];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((W - 2 * PAD) / Math.max(200, x1 - x0), (H - 2 * PAD) / Math.max(200, y1 - y0));
  const at = (p: Point): [number, number] => {
    const [x, y] = metresFrom(origin, p);
    return [W / 2 + (x - (x0 + x1) / 2) * scale, H / 2 - (y - (y0 + y1) / 2) * scale];
  };
  const path = (line: readonly Point[]) => line.map((p, i) => `${i === 0 ? 'M' : 'L'}${at(p).map((v) => v.toFixed(1)).join(' ')}`).join('');
  const toGo = new Set(placed.filter((p) => !isClosed(p.stop.status)).map((p) => p.stop.task.customer.id));
  const discs = apart(placed.map((p) => at(p.at)), 19);
  return (
    <svg className="sketch" viewBox={`0 0 ${W} ${H}`} width="100%" height={H} role="img" aria-label={label} preserveAspectRatio="xMidYMid slice" style={{ display: 'block', background: 'var(--m-ground)' }}>
      {lines.map((line, i) => {
        const ahead = legs.length === 0 || toGo.has(legs[i]?.to ?? '');
        return <path key={i} d={path(line)} fill="none" stroke="var(--m-plan)" strokeWidth={ahead ? 1.8 : 1.4} strokeDasharray="5 4" strokeLinejoin="round" opacity={ahead ? 1 : 0.35} />;
      })}
      {here ? (
        <g transform={`translate(${at(here).join(' ')})`}>
          <circle r="11" fill="var(--moving-mark)" opacity=".18" />
          <circle r="5" fill="var(--moving-mark)" stroke="var(--m-halo)" strokeWidth="2" />
        </g>
      ) : null}
      {placed.map(({ stop }, i) => {
        const now = stop.arrived || stop.status === 'on_site';
        const done = isClosed(stop.status);
        const [fill, ink, edge] = now ? ['var(--accent)', 'var(--on-accent)', 'var(--m-halo)'] : done ? ['var(--ink)', 'var(--surface)', 'var(--m-halo)'] : ['var(--surface)', 'var(--ink)', 'var(--ink)'];
        const r = now ? 11 : 9;
        return (
          <g key={stop.task.id} transform={`translate(${discs[i]?.map((v) => v.toFixed(1)).join(' ')})`}>
            <circle r={r} fill={fill} stroke={edge} strokeWidth="2" />
            <text y="4" textAnchor="middle" fontSize="11" fontWeight="700" fill={ink}>{stop.task.seq}</text>
          </g>
        );
      })}
    </svg>
  );
}

/** Moves overlapping discs just far enough apart to be read. */
function apart(points: readonly [number, number][], gap: number): [number, number][] {
  const moved = points.map(([x, y]): [number, number] => [x, y]);
  for (let round = 0; round < 12; round++) {
    for (let i = 0; i < moved.length; i++) {
      for (let j = i + 1; j < moved.length; j++) {
        const [a, b] = [moved[i], moved[j]];
        if (!a || !b) continue;
        const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
        const d = Math.hypot(dx, dy);
        if (d >= gap) continue;
        const push = (gap - d) / 2;
        const [ux, uy] = d > 0.01 ? [dx / d, dy / d] : [1, 0];
        [a[0], a[1], b[0], b[1]] = [a[0] - ux * push, a[1] - uy * push, b[0] + ux * push, b[1] + uy * push];
      }
    }
  }
  return moved;
}
