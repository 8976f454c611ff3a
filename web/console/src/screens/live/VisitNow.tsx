import { Link } from '@tanstack/react-router';
import type { Visit, VisitStep } from '@tashi/shared/api';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, VERDICT_LOOK } from '@tashi/shared/ui';
import { liveText } from './text';

/** The open visit: where, whether inside, which steps, which photos. */
export function VisitNow({ visit }: { visit: Visit }) {
  const t = useT(liveText);
  const common = useT(commonText);
  const format = useFormat();
  const language = useLanguage();
  const reading = visit.check_in;
  const look = VERDICT_LOOK[reading.verdict];
  const stored = visit.photos.filter((photo) => photo.status === 'stored');
  const waiting = visit.photos.length - stored.length;
  const open = visit.steps.find((one) => one.status === 'todo');
  const title = (one: VisitStep) => (language === 'en' && one.step.title_en) || one.step.title;
  return (
    <>
      <div className="row">
        <GradeTag grade={visit.customer.grade} />
        <Link to="/visits/$id" params={{ id: visit.id }} className="s14 w5 live-shop" title={t('visitOpen')}>{visit.customer.name}</Link>
        {visit.offline ? <span className="tag end">{t('offline')}</span> : null}
      </div>
      <div className={`live-verdict tone-${look.tone}`}>
        <Icon name={look.icon} size={15} weight={2} />
        <span>
          <b>{common(`verdict.${reading.verdict}`)}</b>{' '}
          {reading.distance_m !== null && reading.accuracy_m !== null
            ? t('inFence', {
                distance: format.number(Math.round(reading.distance_m)),
                accuracy: format.number(Math.round(reading.accuracy_m)),
                radius: format.number(reading.radius_m),
              })
            : t('noReading', { radius: format.number(reading.radius_m) })}
        </span>
        <span className="end nw">{format.percent(reading.probability)}</span>
      </div>
      <ul className="live-steps">
        {visit.steps.map((one) => {
          const current = one === open;
          return (
            <li key={one.step.id} className={one.status === 'todo' && !current ? 'm3' : undefined}>
              <Icon
                name={one.status === 'done' ? 'okCircle' : one.status === 'skipped' ? 'next' : current ? 'radio' : 'lock'}
                size={15}
                className={one.status === 'done' ? 'fg-visit' : current ? 'fg-accent' : 'm3'}
              />
              <span className={current ? 'w5' : undefined}>
                {title(one)} {one.photos.length ? <span className="m3">{t('photos', { count: one.photos.length })}</span> : null}
              </span>
              <span className={current ? 'fg-accent' : 'm3'}>
                {one.status === 'done' ? format.time(one.ended_at) : one.status === 'skipped' ? t('stepSkipped') : t('stepTodo')}
              </span>
            </li>
          );
        })}
      </ul>
      {stored.length ? (
        <div className="live-photos">
          {stored.slice(0, 3).map((photo) => (
            <Link key={photo.id} to="/visits/$id" params={{ id: visit.id }}>
              <img
                src={photo.thumb_url}
                alt={t('photoOf', { step: title(visit.steps.find((one) => one.photos.some((p) => p.id === photo.id)) ?? visit.steps[0]!) })}
                loading="lazy"
              />
            </Link>
          ))}
        </div>
      ) : null}
      {waiting > 0 ? <p className="note live-waiting"><Icon name="cloudUp" size={14} />{t('photoWaiting', { count: waiting })}</p> : null}
    </>
  );
}
