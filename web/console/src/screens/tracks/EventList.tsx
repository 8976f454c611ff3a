import { Link } from '@tanstack/react-router';
import type { Playback } from '@tashi/shared/api';
import { commonText, serverNow, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useEffect, useRef } from 'react';
import { eventAt, type DayEvent } from './playback';
import { useHead, type Playhead } from './playhead';
import { tracksText } from './text';

/** The day as sentences, the same events as the bands. A click moves the playhead there. */
export function EventList({ playback, events, playhead, onSeek }: {
  playback: Playback;
  events: readonly DayEvent[];
  playhead: Playhead;
  onSeek(at: number): void;
}) {
  const t = useT(tracksText);
  const format = useFormat();
  const at = useHead(playhead, 1000);
  const current = eventAt(events, at);
  const box = useRef<HTMLOListElement>(null);
  const { summary } = playback;
  const first = summary.duty[0]?.from ?? playback.timeline[0]?.from;
  const last = summary.duty.at(-1)?.to ?? playback.timeline.at(-1)?.to;
  // Before the shift is over the refused ones stand at no hour of it.
  const over = !!last && Date.parse(last) <= serverNow();

  useEffect(() => {
    const list = box.current;
    const row = list?.querySelector<HTMLElement>('[aria-current]');
    if (!list || !row) return;
    if (row.offsetTop < list.scrollTop || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = row.offsetTop - list.clientHeight / 3;
    }
  }, [current?.id]);

  return (
    <section className="tracks-side" aria-label={t('list')}>
      <div className="hd tracks-side-head">
        <h2>{t('list')}</h2>
        <span className="sub">{t('listSub', { from: format.time(first), to: format.time(last) })}</span>
      </div>
      {playback.backfill.map((span) => (
        <p key={span.from} className="tracks-hint"><Icon name="upload" size={14} /><span>{t('backfill', { from: format.time(span.from), to: format.time(span.to) })}</span></p>
      ))}
      {playback.detours.map((one) => (
        <button key={one.start} type="button" className="tracks-hint" title={t('detourAsk')} onClick={() => onSeek(Date.parse(one.off_time ?? one.start))}>
          <Icon name="navigate" size={14} />
          <span>
            {t('detour', { from: one.from.name, to: one.to.name, driven: format.distance(one.driven_m), best: format.distance(one.best_m) })}
            {one.off_time ? <><br />{t('detourOff', { time: format.time(one.off_time) })}</> : null}
            {one.incomplete ? <><br />{t('detourPart')}</> : null}
          </span>
        </button>
      ))}
      <ol className="events" ref={box} tabIndex={0} aria-label={t('list')}>
        {events.map((event) => (
          <EventRow key={event.id} event={event} on={event === current} onSeek={onSeek} />
        ))}
        <li className="event">
          <span className="event-time">{over ? format.time(last) : ''}</span>
          <span className="event-mark none"><span className="plain"><Icon name="eyeOff" size={13} weight={2} /></span></span>
          <span className="event-words">
            <b>{summary.refused_off_duty ? t('offDutyRefused', { count: summary.refused_off_duty }) : t('offDutyNone')}</b>
            <span className="m3">{t('offDutyDetail')}</span>
          </span>
        </li>
      </ol>
      <p className="note tracks-ledger">
        <Icon name="eye" size={14} />
        <span>
          {t('ledger', { name: playback.employee.name })}
          {playback.late_data ? <><br />{t('lateData', { time: format.dateTime(playback.computed_at) })}</> : null}
        </span>
      </p>
    </section>
  );
}

function EventRow({ event, on, onSeek }: { event: DayEvent; on: boolean; onSeek(at: number): void }) {
  const t = useT(tracksText);
  const common = useT(commonText);
  const format = useFormat();
  const length = format.duration((event.to - event.from) / 1000);
  const look = markOf(event);
  return (
    <li className={on ? 'event on' : 'event'} aria-current={on || undefined}>
      <button type="button" className="event-go" aria-label={`${format.time(event.from)} ${titleOf(event, t, format)}`} onClick={() => onSeek(event.from)} />
      <span className="event-time">{format.time(event.from)}</span>
      <span className={`event-mark ${event.kind}`}>
        {event.kind === 'visit' ? <span>{event.seq}</span> : event.kind === 'drive' ? <span className="dot" /> : (
          <span className={look.plain ? 'plain' : 'ring'}><Icon name={look.icon} size={event.kind === 'stay' ? 11 : 13} weight={2.1} /></span>
        )}
      </span>
      <span className="event-words">
        <span className="clip">
          <b className={event.kind === 'gap' ? 'fg-silent' : undefined}>{titleOf(event, t, format)}</b>·{length}
        </span>
        {event.kind === 'visit' ? (
          <span className="m3 clip">
            <VisitWord event={event} common={common} />
            {event.visit.photo_count ? `·${t('event.photos', { count: event.visit.photo_count })}` : ''}
            {event.visit.offline ? `·${t('event.offline')}` : ''}{' '}
            <Link to="/visits/$id" params={{ id: event.visit.id }} className="event-link" aria-label={event.visit.customer.name}><Icon name="right" size={13} /></Link>
          </span>
        ) : null}
        {event.kind === 'stay' && !event.customer ? <span className="m3 clip">{t('event.stayElsewhere')}</span> : null}
        {event.kind === 'gap' ? (
          <span className="m3">{event.straightM === null ? t('event.noEnds') : t('event.straight', { distance: format.distance(event.straightM) })}</span>
        ) : null}
        {event.kind === 'quiet' ? <span className="m3 clip">{t('event.quietDetail')}</span> : null}
        {event.kind === 'drive' && (on || !event.counted) ? (
          <span className="m3">{event.counted ? t('event.playing') : t('event.notCounted')}</span>
        ) : null}
      </span>
    </li>
  );
}

function VisitWord({ event, common }: { event: Extract<DayEvent, { kind: 'visit' }>; common: ReturnType<typeof useT<keyof (typeof commonText)['zh'] & string>> }) {
  const { effective, status } = event.visit;
  if (status === 'open') return <span className="fg-accent">{common('visit.open')}</span>;
  if (effective === null) return <span>{common('visit.unjudged')}</span>;
  return effective ? <span className="fg-visit">{common('visit.effective')}</span> : <span className="fg-late">{common('visit.ineffective')}</span>;
}

function titleOf(event: DayEvent, t: ReturnType<typeof useT<keyof (typeof tracksText)['zh'] & string>>, format: ReturnType<typeof useFormat>): string {
  switch (event.kind) {
    case 'drive': return t(`event.${event.mode}`, { km: format.km(event.meters) });
    case 'visit': return event.visit.customer.name;
    case 'stay': return event.customer ? t('event.stayAt', { shop: event.customer.name }) : t('event.stay');
    case 'gap': return event.state === 'no_signal' || event.state === 'no_permission' || event.state === 'phone_off' ? t(`gap.${event.state}`) : t('gap.unknown');
    case 'quiet': return t('event.quiet');
  }
}

function markOf(event: DayEvent): { icon: IconName; plain: boolean } {
  if (event.kind === 'stay') return { icon: 'cup', plain: false };
  if (event.kind === 'gap') return { icon: event.state === 'no_permission' ? 'lock' : 'noSignal', plain: true };
  return { icon: 'eyeOff', plain: true };
}
