import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type KeptPlanChangeRule, type PlanChangeLeave, type PlanChangeRule, api } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { LeaveGuard } from '../../kit/LeaveGuard';
import { ProblemView } from '../../kit/ProblemView';
import { toastChange } from '../../kit/undo';
import { PanelHead } from './PanelHead';
import { ownDayText } from './ownDayText';
import './ownDay.css';

const LEAVES: PlanChangeLeave[] = ['free', 'approval', 'no'];
const KEY = ['plan-changes', 'rule'];

/** What people may change of their own day. */
export function OwnDayPanel() {
  const t = useT(ownDayText);
  const rule = useQuery({ queryKey: KEY, queryFn: () => api.get<KeptPlanChangeRule>('/plan-changes/rule') });
  return (
    <div className="panel-page">
      <PanelHead title={t('title')} intro={t('intro')} />
      {rule.error ? <ProblemView error={rule.error} onRetry={() => rule.refetch()} /> : null}
      {rule.isPending ? <SkeletonRows rows={4} /> : null}
      {/* What somebody else has saved begins anew. */}
      {rule.data ? <Form key={rule.data.version} rule={rule.data} onReload={() => void rule.refetch()} /> : null}
    </div>
  );
}

function Form({ rule, onReload }: { rule: KeptPlanChangeRule; onReload(): void }) {
  const t = useT(ownDayText);
  const client = useQueryClient();
  const canWrite = useCan('company.write');
  const [chosen, setChosen] = useState<PlanChangeRule>({ reorder: rule.reorder, skip: rule.skip, outside: rule.outside, identity: rule.identity });
  const changed = chosen.reorder !== rule.reorder || chosen.skip !== rule.skip || chosen.outside !== rule.outside || chosen.identity !== rule.identity;
  const save = useMutation({
    mutationFn: () => api.put<KeptPlanChangeRule>('/plan-changes/rule', chosen, { version: rule.version }),
    onSuccess: (next) => {
      client.setQueryData(KEY, next);
      const { reorder, skip, outside, identity } = rule;
      toastChange(t('saved'), { method: 'put', path: '/plan-changes/rule', body: { reorder, skip, outside, identity }, version: next.version, lists: ['plan-changes'] });
    },
  });
  return (
    <form className="own-day-form" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <LeaveGuard dirty={changed && !save.isPending} />
      {(['reorder', 'skip'] as const).map((what) => (
        <fieldset key={what} className="panel-card own-day" disabled={!canWrite}>
          <legend className="w7">{t(what)}</legend>
          <p className="m2">{t(`${what}Detail`)}</p>
          <div className="own-day-choices">
            {LEAVES.map((leave) => (
              <label key={leave} className={chosen[what] === leave ? 'own-day-choice on' : 'own-day-choice'}>
                <input type="radio" name={what} checked={chosen[what] === leave} onChange={() => setChosen({ ...chosen, [what]: leave })} />
                <span><b>{t(leave)}</b><span className="s12 m3">{t(`${leave}.detail`)}</span></span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <fieldset className="panel-card own-day" disabled={!canWrite}>
        <legend className="w7">{t('outside')}</legend>
        <p className="m2">{t('outsideDetail')}</p>
        <p className="s12"><Link to="/settings/$section" params={{ section: 'classes' }}>{t('outsideClasses')}</Link></p>
        <div className="own-day-choices">
          {(['reason', 'photo', 'no'] as const).map((one) => (
            <label key={one} className={chosen.outside === one ? 'own-day-choice on' : 'own-day-choice'}>
              <input type="radio" name="outside" checked={chosen.outside === one} onChange={() => setChosen({ ...chosen, outside: one })} />
              <span><b>{t(one === 'no' ? 'no' : one === 'photo' ? 'outside.withPhoto' : 'free')}</b><span className="s12 m3">{t(`outside.${one}`)}</span></span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="panel-card own-day" disabled={!canWrite}>
        <legend className="w7">{t('identity')}</legend>
        <p className="m2">{t('identityDetail')}</p>
        <div className="own-day-choices">
          {(['none', 'passkey'] as const).map((one) => (
            <label key={one} className={chosen.identity === one ? 'own-day-choice on' : 'own-day-choice'}>
              <input type="radio" name="identity" checked={chosen.identity === one} onChange={() => setChosen({ ...chosen, identity: one })} />
              <span><b>{t(`identity.${one}`)}</b><span className="s12 m3">{t(`identity.${one}.detail`)}</span></span>
            </label>
          ))}
        </div>
      </fieldset>
      {chosen.reorder === 'approval' || chosen.skip === 'approval' ? (
        <p className="own-day-flow"><Icon name="info" size={16} /><span>{t('flow')} <Link to="/designer/flows">{t('flows')}</Link></span></p>
      ) : null}
      {save.error ? <ProblemView error={save.error} compact onRetry={onReload} /> : null}
      {canWrite ? <div><button type="submit" className="btn pri" disabled={!changed || save.isPending}>{t('save')}</button></div> : null}
    </form>
  );
}
