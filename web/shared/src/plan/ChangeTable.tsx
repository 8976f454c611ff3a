import type { PlanChange, PlanChangeDay } from '../api/schema';
import { useFormat, useT } from '../i18n';
import { GradeTag, Icon } from '../ui';
import { planChangeText } from './text';
import { brokenText, secondText, whyText } from './words';
import './plan.css';

/** A change of a day for whoever decides: the way before and after, then every stop with its place in both orders. */
export function ChangeTable({ change }: { change: PlanChange }) {
  const t = useT(planChangeText);
  const f = useFormat();
  const { before, after } = change;
  return (
    <div className="pc">
      <p className="pc-why"><span className="m3">{t('reason')}</span> <b>{whyText(t, change.code, change.words)}</b></p>
      {before && after ? (
        <>
          <Sums before={before} after={after} />
          <table className="pc-table">
            <caption className="sr">{t('table')}</caption>
            <thead><tr><th scope="col">{t('was')}</th><th scope="col">{t('is')}</th><th scope="col">{t('customer')}</th><th scope="col" className="num">{t('at')}</th></tr></thead>
            <tbody>
              {[...after.stops, ...before.stops.filter((one) => !after.stops.some((other) => other.task_id === one.task_id))].map((stop) => {
                const was = before.stops.findIndex((one) => one.task_id === stop.task_id);
                const is = after.stops.findIndex((one) => one.task_id === stop.task_id);
                return (
                  <tr key={stop.task_id} className={is < 0 ? 'off' : was !== is && change.kind === 'reorder' ? 'moved' : undefined}>
                    <td>{was < 0 ? '–' : was + 1}</td>
                    <td>{is < 0 ? t('left') : is + 1}</td>
                    <td>
                      <span className="row g4">{stop.grade ? <GradeTag grade={stop.grade} /> : null}{stop.locked ? <Icon name="lock" size={13} weight={2} /> : null}<span className="pc-name">{stop.customer}</span></span>
                      {is < 0 ? null : stop.broken.map((one) => <span key={one.rule} className="pc-late"><Icon name="clock" size={13} weight={2} />{brokenText(t, f, one)}</span>)}
                    </td>
                    <td className="num">{is < 0 ? '–' : secondText(f, stop.begin_s)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      ) : null}
    </div>
  );
}

/** Kilometres, driving and the end of the day, before and after. */
export function Sums({ before, after }: { before: PlanChangeDay; after: PlanChangeDay }) {
  const t = useT(planChangeText);
  const f = useFormat();
  const signed = (n: number, words: string) => `${n > 0 ? '+' : n < 0 ? '−' : '±'}${words}`;
  const meters = after.meters - before.meters;
  const minutes = Math.round(after.seconds / 60) - Math.round(before.seconds / 60);
  const facts: [label: string, was: string, is: string, more: string | null, worse: boolean][] = [
    [t('way'), `${f.km(before.meters)} km`, `${f.km(after.meters)} km`, signed(Math.round(meters / 100), `${f.km(Math.abs(meters))} km`), meters > 50],
    [t('driving'), f.duration(before.seconds), f.duration(after.seconds), signed(minutes, f.duration(Math.abs(minutes) * 60)), minutes > 0],
    [t('finish'), secondText(f, before.finish_s), secondText(f, after.finish_s), null, false],
  ];
  return (
    <dl className="pc-sums">
      {facts.map(([label, was, is, more, worse]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd><s>{was}</s> <b>{is}</b>{more ? <span className={worse ? 'pc-more worse' : 'pc-more'}>{more}</span> : null}</dd>
        </div>
      ))}
    </dl>
  );
}
