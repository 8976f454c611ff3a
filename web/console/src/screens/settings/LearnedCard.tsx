import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type LearnedTimes } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Switch } from 'antd';
import { ProblemView } from '../../kit/ProblemView';
import { settingsText } from './text';

const KEY = ['travel', 'learned'];
/** It is learned beside all requests; so often the page looks whether it is done. */
const WHILE_LEARNING_MS = 2_000;

/** What the company's own days taught, with the number of samples behind each figure, and the switch for it. */
export function LearnedCard() {
  const t = useT(settingsText);
  const format = useFormat();
  const client = useQueryClient();
  const learned = useQuery({ queryKey: KEY, queryFn: () => api.get<LearnedTimes>('/travel/learned'), refetchInterval: (query) => (query.state.data?.asked_at ? WHILE_LEARNING_MS : false) });
  const use = useMutation({
    mutationFn: (on: boolean) => api.put<LearnedTimes>('/travel/learned', { on }),
    onSuccess: (next) => {
      client.setQueryData(KEY, next);
      toast(t('saved'));
    },
  });
  const learn = useMutation({
    mutationFn: () => api.post('/travel/learn', {}),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const known = learned.data;
  const samples = (count: number) => t('learned.samples', { count: format.number(count) });
  return (
    <section className="panel-card" aria-label={t('learned')}>
      <div className="row">
        <h3 className="sp">{t('learned')}</h3>
        {known ? (
          <label className="row g6 s12 m2">
            {t('learned.use')}
            <Switch size="small" checked={known.on} loading={use.isPending} onChange={(on) => use.mutate(on)} />
          </label>
        ) : null}
      </div>
      <p className="m3 s12">{t('learned.intro')}</p>
      {learned.error ? <ProblemView error={learned.error} onRetry={() => learned.refetch()} compact /> : null}
      {learned.isPending ? <SkeletonRows rows={2} /> : null}
      {known && known.stays.length + known.hours.length + known.areas.length > 0 ? (
        <div className="number-line">
          <table className="learned">
            <caption>{t('learned.stays')}</caption>
            <tbody>
              {known.stays.map((one) => (
                <tr key={one.grade ?? ''}>
                  <th scope="row">{one.grade ? t('learned.grade', { grade: one.grade }) : t('learned.noGrade')}</th>
                  <td>{format.duration(one.seconds)}</td>
                  <td className="m3">{samples(one.samples)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <table className="learned">
            <caption>{t('learned.hours')}</caption>
            <tbody>
              {known.hours.map((one) => (
                <tr key={one.hour ?? -1}>
                  <th scope="row">{one.hour === null ? t('learned.allHours') : `${one.hour}:00–${one.hour + 1}:00`}</th>
                  <td>× {(one.permille / 1000).toFixed(2)}</td>
                  <td className="m3">{samples(one.samples)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {known.areas.length ? (
            <table className="learned">
              <caption>{t('learned.areas')}</caption>
              <tbody>
                {known.areas.map((one) => (
                  <tr key={one.at?.join() ?? ''}>
                    <th scope="row" title={one.at ? t('learned.areaHint', { lng: one.at[0].toFixed(2), lat: one.at[1].toFixed(2) }) : undefined}>{!one.at ? t('learned.everywhere') : one.near ? t('learned.near', { name: one.near }) : t('learned.areaHint', { lng: one.at[0].toFixed(2), lat: one.at[1].toFixed(2) })}</th>
                    <td>× {(one.permille / 1000).toFixed(2)}</td>
                    <td className="m3">{samples(one.samples)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
        </div>
      ) : known ? <p className="m2">{t('learned.none')}</p> : null}
      {use.error ?? learn.error ? <ProblemView error={use.error ?? learn.error} compact /> : null}
      <div className="row">
        <Button onClick={() => learn.mutate()} loading={learn.isPending || Boolean(known?.asked_at)}>{t(known?.asked_at ? 'learned.running' : 'learned.again')}</Button>
        {known?.failed_at && !known.asked_at ? <span className="fg-problem s12" role="status">{t('learned.failed', { when: format.dateTime(known.failed_at) })}</span> : null}
        {known?.learned_at ? <span className="m3 s12">{t('learned.at', { when: format.dateTime(known.learned_at) })}</span> : null}
      </div>
    </section>
  );
}
