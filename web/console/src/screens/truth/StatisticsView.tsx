import { useQuery } from '@tanstack/react-query';
import { api, type TruthStatistics } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { truthText } from './text';

export function useStatistics() {
  return useQuery({ queryKey: ['truth', 'statistics'], queryFn: () => api.get<TruthStatistics>('/truth/statistics') });
}

/** How the rules fare here: made, decided, cleared. No people. */
export function StatisticsView() {
  const t = useT(truthText);
  const format = useFormat();
  const statistics = useStatistics();
  if (statistics.error) return <ProblemView error={statistics.error} onRetry={statistics.refetch} />;
  if (!statistics.data) return <SkeletonRows rows={6} />;
  const { rules, days } = statistics.data;
  const top = Math.max(1, ...days.map((one) => one.made));
  return (
    <div className="col" style={{ gap: 12 }}>
      <section className="card">
        <div className="hd"><h2>{t('trend')}</h2><span className="sub">{t('made')} / {t('cleared')}</span></div>
        {days.length ? (
          <div className="truth-bars" role="img" aria-label={days.map((one) => `${one.day}: ${one.made}`).join(', ')}>
            {days.map((one) => (
              <i key={one.day} style={{ height: `${(one.made / top) * 100}%` }} title={`${format.day(one.day)}: ${one.made} / ${one.cleared}`}>
                <b style={{ height: `${one.made ? (one.cleared / one.made) * 100 : 0}%` }} />
              </i>
            ))}
          </div>
        ) : <p className="truth-said m3">{t('emptyTitle')}</p>}
      </section>
      <section className="card truth-scroll">
        <div className="hd"><h2>{t('numbers')}</h2><span className="sub">{t('numbersSub')}</span></div>
        <table className="truth-table">
          <thead>
            <tr>
              <th>{t('rule')}</th>
              <th className="num">{t('made')}</th>
              <th className="num">{t('pending')}</th>
              <th className="num">{t('decidedCount')}</th>
              <th className="num">{t('cleared')}</th>
              <th>{t('record')}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.code}>
                <td>{rule.title}</td>
                <td className="num">{format.number(rule.made)}</td>
                <td className="num">{format.number(rule.pending)}</td>
                <td className="num">{format.number(rule.decided)}</td>
                <td className="num">{format.number(rule.cleared)}</td>
                <td className={rule.fallen_back ? 'fg-late' : 'm2'}>{rule.fallen_back ? t('fallen') : rule.decided < 20 ? t('tooFew') : t('notFallen')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
