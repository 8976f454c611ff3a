import { Link, useNavigate } from '@tanstack/react-router';
import type { Home } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { Bone, Icon } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { COUNT_KEYS, marksOf, statesOf, type CountKey } from '../live/board';
import { countLook } from '../live/Counts';
import { TeamBars } from './TeamBars';
import { homeText } from './text';

/** On the first page those on duty are the five states; who has not begun or is off stands together in the head. */
const SHOWN: CountKey[] = ['visit', 'moving', 'idle', 'late', 'silent', 'not_started'];

/** Where everybody is, in numbers and on a small map, and how far the teams are. */
export function OutColumn({ home }: { home: Home | null }) {
  const t = useT(homeText);
  const common = useT(commonText);
  const format = useFormat();
  const navigate = useNavigate();
  const canLive = useCan('live.read');
  const basemap = useBasemap();
  const people = home?.out.people;
  const late = home?.late;
  // Who is late or silent must be on the map even when the list of people out is cut.
  const marks = useMemo<MapMarks>(
    () => ({ people: marksOf([...new Map([...(people ?? []), ...(late ?? [])].map((one) => [one.employee.id, one])).values()]) }),
    [people, late],
  );
  const count = (key: CountKey) => statesOf(key).reduce((sum, state) => sum + (home?.out.counts[state] ?? 0), 0);
  const all = COUNT_KEYS.reduce((sum, key) => sum + (key === 'duty' ? 0 : count(key)), 0);
  const out = all - (home?.out.counts.off_duty ?? 0);
  return (
    <section className="card home-column home-out" aria-label={t('out')}>
      <div className="home-question">
        <h2>{t('out')}</h2>
        <span className="s12 m3">{home ? t('outSub', { out: format.number(out), all: format.number(all) }) : <Bone width={80} />}</span>
        {canLive ? <Link to="/live" className="end s12">{t('openMap')}</Link> : null}
      </div>
      <TashiMap
        className="home-map"
        basemap={basemap}
        marks={marks}
        label={t('map')}
        controls="none"
        compact
        fit={{ key: home ? 'out' : '', places: marks.people?.map((one) => one.at) ?? [], maxZoom: 14 }}
        padding={{ top: 34, right: 34, bottom: 40, left: 34 }}
        onHit={(hit) => {
          if (canLive && hit.kind === 'person') void navigate({ to: '/live', search: { person: hit.id } });
        }}
      >
        {home && !marks.people?.length ? (
          <p className="home-map-empty"><b>{t('outNone')}</b><br />{t('outNoneDetail')}</p>
        ) : null}
      </TashiMap>
      <div className="home-states">
        {SHOWN.map((key) => {
          const { icon, tone } = countLook(key);
          const word = key === 'duty' ? '' : common(`state.${key}`);
          const body = (
            <>
              <b className={tone}>{home ? format.number(count(key)) : '–'}</b>
              <span className={tone}><Icon name={icon} size={12} weight={2} />{word}</span>
            </>
          );
          return canLive ? <Link key={key} to="/live" search={{ state: key }}>{body}</Link> : <span key={key}>{body}</span>;
        })}
      </div>
      <TeamBars team={home?.team ?? null} />
    </section>
  );
}
