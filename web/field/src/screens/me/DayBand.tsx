import type { Playback, TimelineState } from '@tashi/shared/api';
import { currentTimeZone, useFormat, useT } from '@tashi/shared/i18n';
import { minuteOf } from '../../work/day.ts';
import { meText } from './text.ts';

const W = 328;
const KIND: Record<TimelineState, 'visit' | 'moving' | 'stay' | 'gap' | 'off'> = {
  visit: 'visit', moving: 'moving', stay: 'stay', no_permission: 'gap', phone_off: 'gap', no_signal: 'gap', unknown: 'gap', not_recorded: 'off',
};
const FILL = { visit: 'var(--visit-mark)', moving: 'var(--moving-mark)', stay: 'var(--idle-mark)' } as const;

/** The day as one band: in the shop, driving, stops, and honestly what is not known. */
export function DayBand({ playback }: { playback: Playback }) {
  const t = useT(meText);
  const f = useFormat();
  const zone = currentTimeZone();
  const parts = playback.timeline.map((p) => ({ kind: KIND[p.state], from: minuteOf(Date.parse(p.from), zone), to: minuteOf(Date.parse(p.to), zone) || 1440 }));
  const duty = playback.summary.duty.map((d) => ({ from: minuteOf(Date.parse(d.from), zone), to: minuteOf(Date.parse(d.to), zone) || 1440 }));
  const known = [...parts.filter((p) => p.kind !== 'off'), ...duty];
  if (known.length === 0) return null;
  const start = Math.floor(Math.min(...known.map((p) => p.from)) / 60) * 60;
  const end = Math.max(start + 60, Math.ceil(Math.max(...known.map((p) => p.to)) / 60) * 60);
  const x = (minute: number) => ((Math.min(end, Math.max(start, minute)) - start) / (end - start)) * W;
  const every = end - start > 480 ? 120 : 60;
  const ticks: number[] = [];
  for (let m = start; m <= end; m += every) ticks.push(m);
  const gapMinutes = Math.round(playback.summary.gap_s / 60);
  return (
    <div style={{ padding: '10px 14px 8px', borderTop: '1px solid var(--line)' }}>
      <svg viewBox={`0 0 ${W} 34`} width="100%" role="img" aria-label={t('bandLabel', { from: f.minuteOfDay(start), to: f.minuteOfDay(end) })}>
        <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6" stroke="var(--line-input)" strokeWidth="1.5" /></pattern></defs>
        {parts.filter((p) => p.to > start && p.from < end).map((p, i) => {
          const [left, width] = [x(p.from), Math.max(1, x(p.to) - x(p.from) - 1)];
          if (p.kind === 'gap') return <rect key={i} x={left + 0.5} y="1" width={Math.max(2, width - 1)} height="14" rx="2" fill="none" stroke="var(--silent-mark)" strokeDasharray="3 2" />;
          return <rect key={i} x={left} y="0" width={width} height="16" rx="2.5" fill={p.kind === 'off' ? 'url(#hatch)' : FILL[p.kind]} />;
        })}
        {ticks.map((m, i) => <text key={m} x={x(m)} y="31" fontSize="12" textAnchor={i === 0 ? 'start' : i === ticks.length - 1 ? 'end' : 'middle'} fill="var(--ink-3)">{m / 60}</text>)}
      </svg>
      <div className="row" style={{ gap: '2px 12px', flexWrap: 'wrap', font: '12px/16px var(--font)', color: 'var(--ink-2)', paddingTop: 2 }} aria-hidden="true">
        {(['visit', 'moving', 'stay'] as const).map((kind) => <span key={kind} className="row g4"><svg width="10" height="10"><rect width="10" height="10" rx="2.5" fill={FILL[kind]} /></svg>{t(kind === 'visit' ? 'bandVisit' : kind === 'moving' ? 'bandMoving' : 'bandStay')}</span>)}
        {gapMinutes > 0 ? <span className="row g4"><svg width="12" height="10"><rect x=".7" y=".7" width="10.6" height="8.6" rx="2" fill="none" stroke="var(--silent-mark)" strokeDasharray="3 2" /></svg>{t('bandGap', { minutes: gapMinutes })}</span> : null}
        {parts.some((p) => p.kind === 'off' && p.from >= start && p.to <= end) ? <span className="row g4"><svg width="12" height="10"><rect width="12" height="10" rx="2" fill="url(#hatch)" /></svg>{t('bandOff')}</span> : null}
      </div>
    </div>
  );
}
