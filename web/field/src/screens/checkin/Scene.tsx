import type { Point } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { metresFrom } from '@tashi/shared/geo/measure.ts';
import type { Here } from '../../work/day.ts';
import { checkInText } from './text.ts';

const W = 390;
const H = 430;

/** Shop, me with my error, and the fence, to scale. A plain ground: it must be true without a map. */
export function Scene({ name, centre, radius, here, distance }: { name: string; centre: Point | null; radius: number; here: Here | null; distance: number | null }) {
  const t = useT(checkInText);
  const f = useFormat();
  const me = here && centre ? metresFrom(centre, here.at) : null;
  const reach = Math.max(radius, me ? Math.hypot(...me) + Math.min(here?.accuracy_m ?? 0, 2 * radius) : 0) * 1.08;
  const perM = Math.min(W / 2 - 8, H / 2 - 30) / reach;
  const [cx, cy] = [W / 2, H / 2 - 4];
  const [mx, my] = me ? [cx + me[0] * perM, cy - me[1] * perM] : [cx, cy];
  const label = here && distance !== null
    ? t('scene', { distance: f.distance(distance), accuracy: Math.round(here.accuracy_m), radius })
    : t('sceneNoFix');
  const bar = niceLength(90 / perM);
  const grid = niceLength(60 / perM) * perM;
  const short = name.replace(/[（(].*$/, '');
  const labelLeft = me !== null && me[0] > 0 && Math.abs(me[1]) * perM < 60;
  return (
    <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="xMidYMid slice" role="img" aria-label={label}>
      <defs>
        <pattern id="ground" width={grid} height={grid} patternUnits="userSpaceOnUse" x={cx} y={cy}>
          <path d={`M${grid} 0H0V${grid}`} fill="none" stroke="var(--m-case)" strokeWidth="1" />
        </pattern>
      </defs>
      <rect width={W} height={H} fill="url(#ground)" />
      {centre ? (
        <>
          <circle cx={cx} cy={cy} r={radius * perM} fill="var(--accent)" fillOpacity=".09" stroke="var(--accent)" strokeWidth="1.6" strokeDasharray="7 5" />
          <g transform={`translate(${cx + radius * perM * 0.5} ${cy + radius * perM * 0.78})`}>
            <rect x="-44" y="-13" width="88" height="26" rx="13" fill="var(--surface)" stroke="var(--accent)" />
            <text y="4.5" textAnchor="middle" fontSize="13" fill="var(--accent)">{t('fence', { m: radius })}</text>
          </g>
        </>
      ) : null}
      {me && here ? (
        <g>
          {Math.hypot(...me) * perM > 30 ? <path d={`M${mx} ${my}L${cx} ${cy}`} stroke="var(--m-plan)" strokeWidth="1.4" strokeDasharray="4 4" /> : null}
          <circle cx={mx} cy={my} r={Math.max(8, here.accuracy_m * perM)} fill="var(--moving-mark)" fillOpacity=".2" stroke="var(--moving-mark)" strokeWidth="1.5" />
          <circle cx={mx} cy={my} r="6.5" fill="var(--moving-mark)" stroke="#fff" strokeWidth="2.5" />
          <text x={mx} y={my < cy - 24 ? my - Math.max(8, here.accuracy_m * perM) - 8 : my + Math.max(8, Math.min(70, here.accuracy_m * perM)) + 17} textAnchor="middle" fontSize="13" fontWeight="500" fill="var(--moving)" stroke="var(--m-halo)" strokeWidth="4" paintOrder="stroke">{t('you', { m: Math.round(here.accuracy_m) })}</text>
        </g>
      ) : null}
      {centre ? (
        <g transform={`translate(${cx} ${cy})`}>
          <path d="M0 0C-6-9-17-15-17-29a17 17 0 1 1 34 0C17-15 6-9 0 0z" fill="var(--ink)" />
          <g transform="translate(-11 -40)" color="var(--surface)" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round">
            <path transform="scale(.917)" d="M4 9l1.6-4.5h12.800L20 9M4 9v1a2.700 2.700 0 0 0 5.300 0 2.700 2.700 0 0 0 5.400 0 2.700 2.700 0 0 0 5.300 0V9zM5.500 13v7h13v-7M10 20v-4.500h4V20" />
          </g>
          <circle r="3" fill="var(--surface)" stroke="var(--ink)" strokeWidth="2" />
          <text x={labelLeft ? -24 : 24} y="-24" textAnchor={labelLeft ? 'end' : 'start'} fontSize="15" fontWeight="700" fill="var(--ink)" stroke="var(--m-halo)" strokeWidth="4" paintOrder="stroke">{short}</text>
        </g>
      ) : null}
      <g transform={`translate(20 ${H - 44})`}>
        <path d={`M0 0v5h${(bar * perM).toFixed(1)}v-5`} fill="none" stroke="var(--m-label)" strokeWidth="1.6" />
        <text x="4" y="-2" fontSize="12" fill="var(--m-label)">{t('scaleBar', { m: bar })}</text>
      </g>
    </svg>
  );
}

/** 1, 2 or 5 times a power of ten, not more than `max`. */
function niceLength(max: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, max)));
  return ([5, 2, 1].find((n) => n * power <= max) ?? 1) * power;
}
