import { api, type Finding, type FindingEvent, type Playback, type Point, type TruthBand, type TruthCard } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { destination, TashiMap, useBasemap, type MapMarks, type TrackPoint } from '@tashi/shared/map';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { truthText } from './text';

/** Colour, icon and word of a band: colour never stands alone. */
export const BAND_LOOK: Record<TruthBand, { tone: string; icon: IconName }> = {
  red: { tone: 'problem', icon: 'warn' },
  amber: { tone: 'late', icon: 'info' },
  green: { tone: 'visit', icon: 'okCircle' },
  grey: { tone: 'silent', icon: 'unknownCircle' },
};

export function BandWord({ band }: { band: TruthBand }) {
  const t = useT(truthText);
  const look = BAND_LOOK[band];
  return <span className={`row g4 nw fg-${look.tone}`}><Icon name={look.icon} size={15} weight={2} />{t(`band.${band}`)}</span>;
}

/** What was measured, in words, with the causes to check before anything else. */
export function FindingWords({ finding, level = 3 }: { finding: Finding; level?: 2 | 3 }) {
  const t = useT(truthText);
  const format = useFormat();
  const Title = level === 2 ? 'h2' : 'h3';
  return (
    <div className="truth-finding">
      <div className="truth-title">
        <BandWord band={finding.band} />
        <Title>{finding.title}</Title>
        <span className="tag">{t(`status.${finding.status}`)}</span>
      </div>
      <p>{finding.text}</p>
      <div className="truth-causes">
        <span>{t('causes')}</span>
        {finding.causes.map((cause) => <span key={cause} className="tag">{cause}</span>)}
      </div>
      <div className="truth-meta">
        <span>{t('version', { version: finding.rule_version })}</span>
        <span>{finding.false_alarm_rate === null ? t('rateNone') : t('rate', { percent: `${(finding.false_alarm_rate * 100).toFixed(2)} %` })}</span>
        <span>{t('weight', { percent: format.percent(finding.weight) })}</span>
        <span>{t('foundAt', { time: format.dateTime(finding.found_at) })}</span>
      </div>
    </div>
  );
}

/** Both pictures in the same size. */
export function PhotoPairs({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  const format = useFormat();
  if (!finding.photos.length) return null;
  return (
    <section className="card">
      <div className="hd"><h2>{t('photos')}</h2></div>
      {finding.photos.map((pair) => (
        <div key={pair.photo_id + pair.earlier_photo_id} className="truth-pair">
          <Shot id={pair.photo_id} caption={t('photoNow')} />
          <Shot id={pair.earlier_photo_id} caption={t('photoEarlier', { time: format.dateTime(pair.earlier_at) })} />
          {pair.likeness ? (
            <p className="s12 m2" style={{ gridColumn: '1 / -1' }}>
              {format.dots([t('likeness', { percent: `${Math.round(pair.likeness * 100)} %` }), pair.mirrored ? t('mirroredNote') : null, (pair.cropped ?? 0) >= 0.02 ? t('croppedNote', { percent: `${Math.round((pair.cropped ?? 0) * 100)} %` }) : null])}
            </p>
          ) : null}
        </div>
      ))}
    </section>
  );
}

function Shot({ id, caption }: { id: string; caption: string }) {
  const t = useT(truthText);
  const [missing, setMissing] = useState(false);
  return (
    <figure>
      {missing ? (
        <p className="note"><Icon name="cloudUp" size={16} />{t('photoHidden')}</p>
      ) : (
        <img src={`/api/v1/photos/${id}/stamped`} alt={caption} onError={() => setMissing(true)} />
      )}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** Customer, fence, check-in and the track around the visit, to scale. */
export function TrackMap({ card }: { card: TruthCard }) {
  const t = useT(truthText);
  const basemap = useBasemap();
  const { marks, places } = useMemo(() => {
    const way: TrackPoint[] = card.track.map((p) => [Date.parse(p.t), p.at[0], p.at[1], 8]);
    const marks: MapMarks = {
      shop: card.customer_at,
      fences: card.customer_at ? [{ id: 'fence', at: card.customer_at, radiusM: card.radius_m }] : [],
      errors: card.check_in_at ? [{ id: 'in', at: card.check_in_at, radiusM: card.check_in_accuracy_m ?? 15, verdict: card.visit.verdict }] : [],
      driven: way.length >= 2 ? [way] : [],
    };
    const around = card.customer_at ? [0, 90, 180, 270].map((b) => destination(card.customer_at as Point, b, card.radius_m * 1.2)) : [];
    const places: Point[] = [...around, ...card.track.map((p) => p.at), ...(card.check_in_at ? [card.check_in_at] : [])];
    return { marks, places };
  }, [card]);
  if (!places.length) return null;
  return (
    <section className="card truth-map-card">
      <div className="hd"><h2>{t('tracks')}</h2><span className="sub">{t('points', { count: card.track.length })}</span></div>
      <TashiMap className="truth-map" basemap={basemap} marks={marks} label={t('tracks')} controls="zoom" fit={{ key: card.visit.id, places, maxZoom: 17 }} padding={{ top: 20, right: 60, bottom: 20, left: 20 }} />
      <p>{t('tracksDetail')}</p>
    </section>
  );
}

/** The track of a day that a finding without a visit is about. Copies are shown beside what they repeat instead. */
export function DayOf({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  if (finding.numbers.some((n) => n.name === 'shift_hours')) return null;
  return (
    <section className="card">
      <div className="hd"><h2>{t('dayTrack')}</h2></div>
      <div style={{ padding: '0 16px 14px' }}><DayTrack person={finding.employee.id} day={finding.day} /></div>
    </section>
  );
}

/** The day and the older day it repeats, side by side. */
export function TwoTracks({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  const shift = finding.numbers.find((n) => n.name === 'shift_hours')?.value;
  const otherPerson = finding.numbers.find((n) => n.name === 'other_person')?.value === 1;
  if (shift === undefined || otherPerson || Math.abs(shift) < 12) return null;
  const earlier = new Date(Date.parse(finding.from) - shift * 3_600_000).toISOString().slice(0, 10);
  return (
    <section className="card">
      <div className="hd"><h2>{t('twoTracks')}</h2></div>
      <div className="truth-maps">
        <DayTrack person={finding.employee.id} day={finding.day} />
        <DayTrack person={finding.employee.id} day={earlier} />
      </div>
    </section>
  );
}

function DayTrack({ person, day }: { person: string; day: string }) {
  const format = useFormat();
  const basemap = useBasemap();
  const playback = useQuery({
    // A look at a track is written to a ledger: once is enough.
    queryKey: ['truth-track', person, day],
    queryFn: () => api.get<Playback>('/tracks/{employee_id}/{day}', { params: { employee_id: person, day } }),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const segments = useMemo(() => playback.data?.segments.map((s) => playback.data.points.slice(s.from, s.to)), [playback.data]);
  const places = useMemo(() => (segments ?? []).flat().map((p): Point => [p[1], p[2]]), [segments]);
  if (playback.error) return <ProblemView error={playback.error} onRetry={playback.refetch} compact />;
  return (
    <figure style={{ margin: 0 }}>
      {segments ? <TashiMap className="truth-map" basemap={basemap} marks={{ driven: segments }} label={format.dayWeek(day)} controls="zoom" fit={{ key: day, places, maxZoom: 16 }} /> : <div className="truth-map map" />}
      <figcaption className="s12 m3">{format.dayWeek(day)}</figcaption>
    </figure>
  );
}

/** Explanations and decisions in the order they were made. */
export function Said({ events }: { events: FindingEvent[] }) {
  const t = useT(truthText);
  const format = useFormat();
  return (
    <section className="card">
      <div className="hd"><h2>{t('said')}</h2></div>
      {events.length === 0 ? <p className="truth-said m3">{t('saidNothing')}</p> : (
        <ul className="truth-said">
          {events.map((event) => (
            <li key={event.id}>
              <div className="row s12">
                <b>{event.kind === 'answered' ? t('event.answered') : t(event.kind === 'decided' ? 'event.decided' : 'event.seconded', { outcome: t(`outcome.${event.outcome ?? 'upheld'}`) })}</b>
                {event.affects_pay ? <span className="tag">{t('pay')}</span> : null}
                <span className="end m3 nw">{event.actor.name}·{format.dateTime(event.at)}</span>
              </div>
              {event.reason_code ? <div>{t(`reason.${event.reason_code}`)}</div> : null}
              {event.text ? <div>{event.text}</div> : null}
              {event.photo_ids.length ? <div className="photos">{event.photo_ids.map((id) => <img key={id} src={`/api/v1/photos/${id}/thumb`} alt="" />)}</div> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
