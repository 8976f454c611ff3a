import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, type PersonDayReport, type Playback } from '@tashi/shared/api';
import { useFormat, useT, useTimeZone } from '@tashi/shared/i18n';
import { Avatar, Bone, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Bands } from './Bands';
import { momentOf } from './bands';
import { DayBar } from './DayBar';
import { EventList } from './EventList';
import { dayEvents, ms, neighbour, type DayEvent } from './playback';
import { PlayerBar } from './PlayerBar';
import { Playhead, usePlayer } from './playhead';
import type { TracksSearch } from './search';
import { tracksText } from './text';
import { TrackMap } from './TrackMap';
import './tracks.css';

/** More people than this are found faster by typing. */
const CHOICE = 60;

/** What did this day consist of, minute by minute? Map, bands and list are the same events under one playhead. */
export function TracksScreen() {
  const t = useT(tracksText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/tracks' });
  const patch = useSearchPatch<TracksSearch>();
  const employees = useActiveEmployees();
  const day = search.day ?? format.today();
  const [showPlan, setShowPlan] = useState(true);
  // Every read is written to the ledger of the person; looking away and back must not write it again.
  const track = useQuery({
    queryKey: ['tracks', search.person, day],
    queryFn: () => api.get<Playback>('/tracks/{person}/{day}', { params: { person: search.person ?? '', day } }),
    enabled: !!search.person,
    staleTime: 120_000,
    refetchOnWindowFocus: false,
  });
  const other = useQuery({
    queryKey: ['tracks', search.with, day],
    queryFn: () => api.get<Playback>('/tracks/{person}/{day}', { params: { person: search.with ?? '', day } }),
    enabled: !!search.person && !!search.with && search.with !== search.person,
    staleTime: 120_000,
    refetchOnWindowFocus: false,
  });
  const beside = search.with && other.data?.employee.id === search.with && other.data.day === day ? other.data : null;
  // The day stays readable from its summary when the track does not load.
  const fallback = useQuery({
    queryKey: ['reports', 'person', search.person, day],
    queryFn: () => api.get<PersonDayReport>('/reports/daily/{person}/{day}', { params: { person: search.person ?? '', day } }),
    enabled: !!track.error,
  });
  const playback = track.data ?? null;
  const summary = playback?.summary ?? (fallback.data ? { ...fallback.data, visits: fallback.data.visits.length } : null);
  const [gapJump, setGapJump] = useState(0);

  return (
    <div className={beside && playback ? 'tracks pair' : 'tracks'}>
      <DayBar
        employees={employees.data}
        person={search.person}
        other={search.with}
        day={day}
        onPerson={(person) => patch({ person, with: search.with === person ? undefined : search.with, t: undefined })}
        onOther={(person) => patch({ with: person })}
        onDay={(next) => patch({ day: next === format.today() ? undefined : next, t: undefined })}
        summary={summary}
        playback={playback}
        plan={showPlan}
        onPlan={setShowPlan}
        onGap={() => setGapJump((count) => count + 1)}
      />
      {!search.person ? (
        <div className="empty tracks-empty">
          <b>{t('choose')}</b>
          <p>{t('chooseDetail')}</p>
          <ul className="tracks-people">
            {employees.data?.slice(0, CHOICE).map((one) => (
              <li key={one.id}>
                <button type="button" className="btn" onClick={() => patch({ person: one.id, t: undefined })}>
                  <Avatar name={one.name} size="sm" />
                  {one.name}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : playback ? (
        <Day key={`${playback.employee.id}/${playback.day}`} playback={playback} other={beside} showPlan={showPlan} gapJump={gapJump} />
      ) : track.error ? (
        <div className="tracks-failed">
          <ProblemView error={track.error} onRetry={track.refetch} />
          {summary ? <p className="m2">{t('failed')}</p> : null}
        </div>
      ) : (
        <Loading />
      )}
    </div>
  );
}

const NONE: readonly DayEvent[] = [];

function Loading() {
  return (
    <>
      <div className="map tracks-map" />
      <div className="tracks-time" style={{ padding: 16 }}><Bone width="100%" height={20} /></div>
      <section className="tracks-side"><SkeletonRows rows={12} height={44} /></section>
    </>
  );
}

function Day({ playback, other, showPlan, gapJump }: { playback: Playback; other: Playback | null; showPlan: boolean; gapJump: number }) {
  const t = useT(tracksText);
  const format = useFormat();
  const zone = useTimeZone();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/tracks' });
  const patch = useSearchPatch<TracksSearch>();
  const events = useMemo(() => dayEvents(playback), [playback]);
  const otherEvents = useMemo(() => (other ? dayEvents(other) : NONE), [other]);
  const first = events[0]?.from ?? playback.points[0]?.[0] ?? ms(`${playback.day}T00:00:00Z`);
  const ownEnd = events.at(-1)?.to ?? playback.points.at(-1)?.[0] ?? first;
  const end = Math.max(ownEnd, otherEvents.at(-1)?.to ?? ownEnd);
  const [playhead] = useState(() => {
    const wanted = search.t ? momentOf(playback.day, search.t, zone) : null;
    return new Playhead(wanted === null ? first : Math.max(first, Math.min(end, wanted)));
  });
  // Side by side nothing is skipped: while the one stands, the other may move.
  const player = usePlayer(playhead, other ? NONE : events, end);

  /** Moves the head and keeps the moment in the address, so that a copied link shows the same. */
  const seek = (at: number) => {
    playhead.set(at);
    patch({ t: format.timeSeconds(at) }, { replace: true });
  };
  const [jumped, setJumped] = useState(gapJump);
  if (jumped !== gapJump) {
    setJumped(gapJump);
    const now = playhead.get();
    const gaps = events.filter((event) => event.kind === 'gap');
    const gap = gaps.find((event) => event.from > now) ?? gaps[0];
    if (gap) queueMicrotask(() => seek(gap.from));
  }

  const step = (direction: 1 | -1) => {
    const next = neighbour(events, playhead.get(), direction);
    if (next !== null) seek(next);
  };
  useShortcuts([
    { keys: ' ', label: player.playing ? t('pause') : t('play'), run: () => player.setPlaying(!player.playing) },
    { keys: '[', label: t('previous'), run: () => step(-1) },
    { keys: ']', label: t('next'), run: () => step(1) },
  ]);

  if (playback.points.length === 0 && playback.visits.length === 0) return <NoFixes playback={playback} />;
  const map = (
    <TrackMap
      playback={playback}
      events={events}
      playhead={playhead}
      showPlan={showPlan}
      onHit={(hit) => {
        if (hit.kind === 'stop') {
          const event = events.find((one) => one.kind === 'visit' && one.visit.id === hit.id);
          if (event) seek(event.from);
        } else if (hit.kind === 'stay') {
          const event = events.find((one) => one.id === hit.id);
          if (event) seek(event.from);
        } else if (hit.kind === 'way') {
          const at = nearestPoint(playback, hit.at);
          if (at !== null) seek(at);
        } else if (hit.kind === 'customer') {
          void navigate({ to: '/customers/$id', params: { id: hit.id } });
        }
      }}
    >
      {other ? <span className="chip tracks-who">{playback.employee.name}</span> : null}
    </TrackMap>
  );
  return (
    <>
      {other ? (
        <div className="tracks-pair">
          {map}
          <TrackMap
            playback={other}
            events={otherEvents}
            playhead={playhead}
            showPlan={showPlan}
            onHit={(hit) => {
              const at = hit.kind === 'way' ? nearestPoint(other, hit.at) : null;
              if (at !== null) seek(at);
            }}
          >
            <span className="chip tracks-who">{other.employee.name}</span>
          </TrackMap>
        </div>
      ) : map}
      <div className="tracks-time">
        <PlayerBar playback={playback} events={events} playhead={playhead} player={player} onSeek={seek} />
        {other ? <span className="tracks-band-who">{playback.employee.name}</span> : null}
        <Bands playback={playback} events={events} playhead={playhead} onSeek={seek} />
        {other ? (
          <>
            <span className="tracks-band-who">{other.employee.name}</span>
            <Bands playback={other} events={otherEvents} playhead={playhead} onSeek={seek} />
          </>
        ) : null}
      </div>
      <EventList playback={playback} events={events} playhead={playhead} onSeek={seek} />
    </>
  );
}

/** The moment at which the track came nearest to a clicked place. */
function nearestPoint(playback: Playback, at: [number, number]): number | null {
  const squeeze = Math.cos((at[1] * Math.PI) / 180);
  let best: number | null = null;
  let nearest = Infinity;
  for (const [time, lng, lat] of playback.points) {
    const away = ((lng - at[0]) * squeeze) ** 2 + (lat - at[1]) ** 2;
    if (away < nearest) {
      nearest = away;
      best = time;
    }
  }
  return best;
}

/** Which of day off, no permission, phone off applies, and since when. */
function NoFixes({ playback }: { playback: Playback }) {
  const t = useT(tracksText);
  const format = useFormat();
  return (
    <div className="empty tracks-empty">
      <b>{t('empty')}</b>
      {playback.timeline.length ? (
        <ul className="tracks-reasons">
          {playback.timeline.map((entry) => (
            <li key={entry.from} className="row">
              <Icon name={entry.state === 'no_permission' ? 'lock' : entry.state === 'not_recorded' ? 'eyeOff' : 'noSignal'} size={15} />
              {t('emptyWhy', { state: t(`state.${entry.state}`), time: format.time(entry.from) })}
            </li>
          ))}
        </ul>
      ) : (
        <p>{t('emptyNothing')}</p>
      )}
      <p className="note"><Icon name="eye" size={14} />{t('ledger', { name: playback.employee.name })}</p>
    </div>
  );
}
