import type { OutlookPerson } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { frequencyText } from './text';

/** What everybody's weeks come to, as they stand and as they would be. */
export function Loads({ people }: { people: OutlookPerson[] }) {
  const t = useT(frequencyText);
  const format = useFormat();
  const most = Math.max(1, ...people.map((one) => Math.max(one.before.minutes, one.after.minutes)));
  const change = (before: string, after: string) => (before === after ? after : t('loadChange', { before, after }));
  const km = (meters: number) => t('limitKm', { km: format.km(meters) });
  const limits = (one: OutlookPerson) => format.dots([
    one.most_visits ? t('limitVisits', { count: one.most_visits }) : null,
    one.most_m ? km(one.most_m) : null,
  ]);
  return (
    <section className="freq-loads" tabIndex={0} aria-label={t('loads')}>
      <table>
        <thead>
          <tr><th scope="col">{t('loads')}</th><th scope="col">{t('loadVisits')}</th><th scope="col">{t('loadWork')}</th><th scope="col">{t('loadKm')}</th></tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.employee.id}>
              <th scope="row">
                <span className="clip">{one.employee.name}</span>
                {limits(one) ? <span className="s11 m3">{t('loadLimit', { limits: limits(one) })}</span> : null}
              </th>
              <td className="tabular nw">{change(format.number(one.before.visits), format.number(one.after.visits))}</td>
              <td className="tabular nw">
                <span className="freq-loadbar" aria-hidden="true">
                  <i style={{ width: `${(one.before.minutes / most) * 100}%` }} />
                  <i className="more" style={{ width: `${(Math.max(0, one.after.minutes - one.before.minutes) / most) * 100}%` }} />
                </span>
                {change(format.duration(one.before.minutes * 60), format.duration(one.after.minutes * 60))}
              </td>
              <td className="tabular nw">{change(km(one.before.meters), km(one.after.meters))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
