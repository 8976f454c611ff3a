import type { Visit } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { visitsText } from './text';

/** When things happened by the phone, and between which moments the server can prove they did. */
export function TimesCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const format = useFormat();
  const rows: [string, string][] = [
    [t('time.in'), format.timeSeconds(visit.check_in_at)],
    ...(visit.check_in.fix_time ? [[t('time.fixIn'), format.timeSeconds(visit.check_in.fix_time)] as [string, string]] : []),
    ...(visit.check_out_at ? [[t('time.out'), format.timeSeconds(visit.check_out_at)] as [string, string]] : []),
    ...(visit.check_out?.fix_time ? [[t('time.fixOut'), format.timeSeconds(visit.check_out.fix_time)] as [string, string]] : []),
    [t('time.between'), `${format.timeSeconds(visit.taken_between[0])}–${format.timeSeconds(visit.taken_between[1])}`],
    [t('time.received'), format.dateTime(visit.received_at)],
  ];
  return (
    <section className="card">
      <div className="hd"><h2>{t('times')}</h2></div>
      <dl className="dl visit-facts">
        {rows.map(([word, value]) => (
          <div key={word} className="visit-fact">
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
