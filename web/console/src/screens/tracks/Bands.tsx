import type { Playback } from '@tashi/shared/api';
import { useFormat, useT, useTimeZone } from '@tashi/shared/i18n';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { hourTicks, makeScale, speedCurves, speedTop, zoneOffset, type Scale } from './bands';
import { dayRange, ms, type DayEvent } from './playback';
import { useHead, type Playhead } from './playhead';
import { tracksText } from './text';

/** Heights from the top: hours, state, visits, photos, speed. */
const Y = { state: 24, visits: 58, photos: 94, speed: 122, floor: 176, height: 188 };
const MIN_WIDTH = 620;
const MINUTE = 60_000;

/** The day as bands over one time axis. Click, drag or arrows move the playhead; hatched means not recorded by policy. */
export function Bands({ playback, events, playhead, onSeek }: {
  playback: Playback;
  events: readonly DayEvent[];
  playhead: Playhead;
  onSeek(at: number): void;
}) {
  const t = useT(tracksText);
  const format = useFormat();
  const zone = useTimeZone();
  const pattern = useId();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(MIN_WIDTH);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(MIN_WIDTH, element.clientWidth - 16)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const scale = useMemo(() => makeScale(...dayRange(playback), width), [playback, width]);
  const ticks = useMemo(() => hourTicks(scale, zoneOffset(scale.from, zone)), [scale, zone]);
  const curves = useMemo(() => speedCurves(playback, scale), [playback, scale]);
  const top = useMemo(() => speedTop(curves), [curves]);
  const quiet = useMemo(() => unrecorded(playback, events, scale), [playback, events, scale]);

  return (
    <div className="bands">
      <div className="bands-labels" aria-hidden="true">
        <span style={{ top: Y.state + 2 }}>{t('band.state')}</span>
        <span style={{ top: Y.visits + 4 }}>{t('band.visits')}</span>
        <span style={{ top: Y.photos - 1 }}>{t('band.photos')}</span>
        <span style={{ top: Y.speed + 18 }}>{t('band.speed')}</span>
        <span className="s11" style={{ top: Y.speed + 1 }}>{format.number(top)}</span>
      </div>
      <div className="bands-scroll" ref={box}>
        <div className="bands-canvas" style={{ width, height: Y.height }}>
          <svg width={width} height={Y.height} role="img" aria-label={t('band.label')}>
            <defs>
              <pattern id={pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <path d="M0 0v6" stroke="var(--line-strong)" strokeWidth="2" />
              </pattern>
            </defs>
            {ticks.map((at) => (
              <g key={at}>
                <path d={`M${scale.x(at)} 18V178`} stroke="var(--line)" />
                <text x={scale.x(at)} y="12" textAnchor="middle">{format.time(at)}</text>
              </g>
            ))}
            {quiet.map(([from, to]) => (
              <rect key={from} x={from} y={Y.state} width={Math.max(0, to - from)} height={150} fill={`url(#${pattern})`} opacity=".55" />
            ))}
            {events.map((event) => <StateBlock key={event.id} event={event} scale={scale} />)}
            {events.map((event) => <VisitBlock key={event.id} event={event} scale={scale} />)}
            {curves.map((curve, i) => <SpeedCurve key={i} curve={curve} top={top} />)}
            <path d={`M0 ${Y.floor}H${width}`} stroke="var(--line-strong)" />
          </svg>
          {playback.photos.map((photo, i) => (
            <img
              key={photo.id}
              className="band-photo"
              src={photo.thumb_url}
              alt={t('band.photo', { time: format.time(photo.taken_at) })}
              title={t('band.photo', { time: format.timeSeconds(photo.taken_at) })}
              loading="lazy"
              style={{ left: scale.x(ms(photo.taken_at)) - 8, top: Y.photos + (i % 2 ? 2 : 0) }}
            />
          ))}
          <HeadLine playhead={playhead} scale={scale} onSeek={onSeek} />
        </div>
      </div>
    </div>
  );
}

/** Stretches in which nothing may be recorded: outside duty and breaks, as px. */
function unrecorded(playback: Playback, events: readonly DayEvent[], scale: Scale): [number, number][] {
  const spans: [number, number][] = events.filter((event) => event.kind === 'quiet').map((event) => [scale.x(event.from), scale.x(event.to)]);
  const duty = playback.summary.duty.map((one) => [ms(one.from), ms(one.to)] as const).sort((a, b) => a[0] - b[0]);
  const starts = events.length ? Math.min(...events.map((event) => event.from)) : Infinity;
  const ends = events.length ? Math.max(...events.map((event) => event.to)) : -Infinity;
  if (duty.length) {
    spans.push([0, scale.x(Math.min(duty[0]![0], starts))], [scale.x(Math.max(duty.at(-1)![1], ends)), scale.width]);
  }
  return spans.filter(([from, to]) => to > from);
}

const FILL = { drive: 'var(--moving-mark)', visit: 'var(--visit-mark)', stay: 'var(--idle-mark)' } as const;

function StateBlock({ event, scale }: { event: DayEvent; scale: Scale }) {
  if (event.kind === 'quiet') return null;
  const x = scale.x(event.from);
  const width = Math.max(2, scale.x(event.to) - x - 1);
  if (event.kind === 'gap') {
    return (
      <rect
        x={x + 0.75} y={Y.state + 0.8} width={Math.max(2, width - 1.5)} height={20.4} rx={3}
        fill="var(--surface)" stroke="var(--silent-mark)" strokeWidth="1.5" strokeDasharray="3 2.4"
      />
    );
  }
  return <rect x={x} y={Y.state} width={width} height={22} rx={3} fill={FILL[event.kind]} />;
}

function VisitBlock({ event, scale }: { event: DayEvent; scale: Scale }) {
  const t = useT(tracksText);
  const format = useFormat();
  const x = scale.x(event.from);
  const width = scale.x(event.to) - x;
  if (event.kind === 'gap' || event.kind === 'quiet') {
    const word = t(event.kind === 'quiet' ? 'band.quiet' : 'band.noSignal');
    if (event.kind === 'gap' && event.state !== 'no_signal') return null;
    if (event.kind === 'quiet' && width < 54) return null;
    return (
      <text x={x + width / 2} y={Y.visits + 17} textAnchor="middle" className={event.kind === 'gap' ? 'silent' : 'strong'}>
        {word}
      </text>
    );
  }
  if (event.kind !== 'visit') return null;
  return (
    <g>
      <rect x={x} y={Y.visits} width={Math.max(20, width)} height={26} rx={5} fill="var(--visit-soft)" stroke="var(--visit-mark)" />
      <circle cx={x + 12} cy={Y.visits + 13} r={8} fill="var(--ink)" />
      <text x={x + 12} y={Y.visits + 17} textAnchor="middle" className="number">{event.seq}</text>
      {width > 54 ? (
        <text x={x + (width + 22) / 2} y={Y.visits + 17} textAnchor="middle" className="visit">
          {format.duration((event.to - event.from) / 1000)}
        </text>
      ) : null}
    </g>
  );
}

function SpeedCurve({ curve, top }: { curve: [number, number][]; top: number }) {
  if (curve.length < 2) return null;
  const y = (kmh: number) => Y.floor - (Math.min(kmh, top) / top) * (Y.floor - Y.speed);
  const path = curve.map(([x, kmh], i) => `${i ? 'L' : 'M'}${x} ${y(kmh).toFixed(1)}`).join('');
  return (
    <>
      <path d={`${path}L${curve.at(-1)![0]} ${Y.floor}L${curve[0]![0]} ${Y.floor}z`} fill="var(--sp2)" opacity=".13" />
      <path d={path} fill="none" stroke="var(--sp2)" strokeWidth="1.5" strokeLinejoin="round" />
    </>
  );
}

/** The playhead: one slider for mouse, touch and keyboard. */
function HeadLine({ playhead, scale, onSeek }: { playhead: Playhead; scale: Scale; onSeek(at: number): void }) {
  const t = useT(tracksText);
  const format = useFormat();
  const at = useHead(playhead, 250);
  const x = scale.x(at);
  const line = useRef<HTMLDivElement>(null);

  // Keeps the head in view while it plays past the edge of a scrolled band.
  useEffect(() => {
    const scroller = line.current?.closest('.bands-scroll');
    if (!scroller || scroller.scrollWidth <= scroller.clientWidth) return;
    if (x < scroller.scrollLeft + 40 || x > scroller.scrollLeft + scroller.clientWidth - 40) scroller.scrollLeft = x - scroller.clientWidth / 2;
  }, [x]);

  const seek = (event: PointerEvent<HTMLDivElement>) => onSeek(scale.at(event.clientX - event.currentTarget.getBoundingClientRect().left));
  const key = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 * MINUTE : MINUTE;
    const moves: Record<string, number> = {
      ArrowLeft: at - step, ArrowDown: at - step, ArrowRight: at + step, ArrowUp: at + step,
      PageDown: at - 30 * MINUTE, PageUp: at + 30 * MINUTE, Home: scale.from, End: scale.to,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onSeek(Math.max(scale.from, Math.min(scale.to, next)));
  };
  return (
    <div
      ref={line}
      className="band-seek"
      role="slider"
      tabIndex={0}
      aria-label={t('playhead')}
      aria-valuemin={scale.from}
      aria-valuemax={scale.to}
      aria-valuenow={at}
      aria-valuetext={format.timeSeconds(at)}
      onKeyDown={key}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && seek(event)}
    >
      <span className="band-head" style={{ left: x }}>
        <b style={{ marginLeft: Math.max(30 - x, Math.min(0, scale.width - x - 30)) }}>{format.timeSeconds(at)}</b>
      </span>
    </div>
  );
}
