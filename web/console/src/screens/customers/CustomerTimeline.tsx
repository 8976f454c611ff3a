import { Link } from '@tanstack/react-router';
import type { PhotoRef, Problem360, VisitRow } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, type IconName, type Tone } from '@tashi/shared/ui';
import type { ReactNode } from 'react';
import { customersText } from './text';

interface Event {
  key: string;
  at: string;
  icon: IconName;
  tone: Tone | null;
  title: ReactNode;
  detail: ReactNode;
}

/** Visits and noted points in one line of time, newest first. */
export function CustomerTimeline({ visits, photos, problems, customerId }: {
  visits: VisitRow[];
  photos: Record<string, PhotoRef[]>;
  problems: Problem360[];
  customerId: string;
}) {
  const t = useT(customersText);
  const format = useFormat();
  const visitEvent = useVisitEvent(photos);
  const events: Event[] = [
    ...visits.map(visitEvent),
    ...problems.map((one): Event => ({
      key: `open-${one.id}`, at: one.opened_at, icon: 'wrench', tone: one.closed_at ? null : 'late',
      title: t('problemOpened', { name: one.opened_by.name }), detail: one.text,
    })),
    ...problems.flatMap((one): Event[] =>
      one.closed_at ? [{ key: `close-${one.id}`, at: one.closed_at, icon: 'check', tone: 'visit', title: t('problemClosed'), detail: one.text }] : [],
    ),
  ].sort((a, b) => b.at.localeCompare(a.at));

  if (!events.length) {
    return (
      <div className="drawer-pad col" style={{ gap: 8, alignItems: 'flex-start' }}>
        <p className="m2">{t('noTimeline')}</p>
        <Link className="btn sm" to="/planning" search={{ customers: customerId }}>{t('noTimelineAction')}</Link>
      </div>
    );
  }
  return (
    <ol className="timeline" aria-label={t('timeline')}>
      {events.map((event) => (
        <li key={event.key}>
          <time dateTime={event.at} title={format.dateTime(event.at)}>{format.dayNear(format.dayOf(event.at))}</time>
          <span className="timeline-mark">
            <span className={event.tone ? `fg-${event.tone}` : undefined} style={event.tone ? { borderColor: `var(--${event.tone}-mark)` } : undefined}>
              <Icon name={event.icon} size={12} weight={2} />
            </span>
          </span>
          <div>
            <b>{event.title}</b>
            <div className="s12 m2">{event.detail}</div>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Photos shown beside a visit; the others are on its own page. */
const SHOWN = 4;

function useVisitEvent(photos: Record<string, PhotoRef[]>): (visit: VisitRow) => Event {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  return (visit) => {
    const words = { name: visit.employee.name, minutes: format.minutes(visit.stay_s) };
    const look: { icon: IconName; tone: Tone; title: string } =
      visit.status === 'open' ? { icon: 'store', tone: 'visit', title: t('visiting', { name: visit.employee.name }) }
      : visit.effective === true ? { icon: 'visit', tone: 'visit', title: t('effectiveVisit', words) }
      : visit.effective === false ? { icon: 'unknownCircle', tone: 'late', title: t('ineffectiveVisit', words) }
      : { icon: 'visit', tone: 'idle', title: t('unjudgedVisit', words) };
    const facts = format.dots([
      t('arrived', { time: format.time(visit.check_in_at) }),
      visit.distance_m !== null ? `${common(`verdict.${visit.verdict}`)} ${format.distance(visit.distance_m)}` : common(`verdict.${visit.verdict}`),
      visit.steps_total ? t('stepsDone', { done: visit.steps_done, total: visit.steps_total }) : null,
      visit.photo_count ? t('photos', { count: visit.photo_count }) : null,
      visit.offline ? t('offline') : null,
      ...visit.ineffective_reasons.map((reason) => common(`reason.${reason}`)),
    ]);
    return {
      key: visit.id,
      at: visit.check_in_at,
      icon: look.icon,
      tone: look.tone,
      title: <Link to="/visits/$id" params={{ id: visit.id }} className="plain-link">{look.title}</Link>,
      detail: (
        <>
          {visit.summary ? <p className="quote">“{visit.summary}”</p> : null}
          {facts}
          <VisitPhotos visit={visit.id} photos={photos[visit.id] ?? []} />
        </>
      ),
    };
  };
}

function VisitPhotos({ visit, photos }: { visit: string; photos: PhotoRef[] }) {
  const t = useT(customersText);
  const format = useFormat();
  if (!photos.length) return null;
  const more = photos.length - SHOWN;
  return (
    <Link to="/visits/$id" params={{ id: visit }} className="visit-thumbs" aria-label={t('photos', { count: photos.length })}>
      {photos.slice(0, SHOWN).map((photo) => (
        <img key={photo.id} src={photo.thumb_url} alt="" title={format.dateTime(photo.taken_at)} loading="lazy" width={44} height={44} />
      ))}
      {more > 0 ? <span className="s11 m2">+{more}</span> : null}
    </Link>
  );
}
