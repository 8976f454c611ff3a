import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type PlanChangeLeave, type PlanChangeRule } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { PanelHead } from './PanelHead';
import { ownDayText } from './ownDayText';
import './ownDay.css';

const LEAVES: PlanChangeLeave[] = ['free', 'approval', 'no'];
const KEY = ['plan-changes', 'rule'];

/** What people may change of their own day: saved as soon as it is chosen. */
export function OwnDayPanel() {
  const t = useT(ownDayText);
  const client = useQueryClient();
  const canWrite = useCan('company.write');
  const rule = useQuery({ queryKey: KEY, queryFn: () => api.get<PlanChangeRule>('/plan-changes/rule') });
  const save = useMutation({
    mutationFn: (next: PlanChangeRule) => api.put<PlanChangeRule>('/plan-changes/rule', next),
    onSuccess: (next) => {
      client.setQueryData(KEY, next);
      toast(t('saved'));
    },
  });
  // What was chosen shows at once; refused, the old choice comes back.
  const shown = save.isPending ? save.variables : rule.data;
  return (
    <div className="panel-page">
      <PanelHead title={t('title')} intro={t('intro')} />
      {rule.error ? <ProblemView error={rule.error} onRetry={() => rule.refetch()} /> : null}
      {rule.isPending ? <SkeletonRows rows={4} /> : null}
      {shown ? (
        <>
          {(['reorder', 'skip'] as const).map((what) => (
            <fieldset key={what} className="panel-card own-day" disabled={!canWrite || save.isPending}>
              <legend className="w7">{t(what)}</legend>
              <p className="m2">{t(`${what}Detail`)}</p>
              <div className="own-day-choices">
                {LEAVES.map((leave) => (
                  <label key={leave} className={shown[what] === leave ? 'own-day-choice on' : 'own-day-choice'}>
                    <input type="radio" name={what} checked={shown[what] === leave} onChange={() => save.mutate({ ...shown, [what]: leave })} />
                    <span><b>{t(leave)}</b><span className="s12 m3">{t(`${leave}.detail`)}</span></span>
                  </label>
                ))}
              </div>
            </fieldset>
          ))}
          {shown.reorder === 'approval' || shown.skip === 'approval' ? (
            <p className="own-day-flow"><Icon name="info" size={16} /><span>{t('flow')} <Link to="/designer/flows">{t('flows')}</Link></span></p>
          ) : null}
          {save.error ? <ProblemView error={save.error} compact /> : null}
        </>
      ) : null}
    </div>
  );
}
