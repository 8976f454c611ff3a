import type { DispatchRules } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { InputNumber, Switch } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { dispatchText } from './text';
import { useRules, useSaveRules, type KeptRules } from './useDispatch';

/** How long people have to answer, and whether the first is asked without a dispatcher. */
export function RulesDialog({ onClose }: { onClose(): void }) {
  const t = useT(dispatchText);
  const rules = useRules();
  if (rules.data) return <Rules key={rules.data.version} kept={rules.data} onClose={onClose} />;
  return <Modal title={t('rulesTitle')} onClose={onClose}>{rules.error ? <ProblemView error={rules.error} onRetry={() => void rules.refetch()} /> : <SkeletonRows rows={3} height={40} />}</Modal>;
}

function Rules({ kept, onClose }: { kept: KeptRules; onClose(): void }) {
  const t = useT(dispatchText);
  const canWrite = useCan('company.write');
  const [rules, setRules] = useState(kept.rules);
  const save = useSaveRules();
  const set = (change: Partial<DispatchRules>) => setRules({ ...rules, ...change });
  const number = (key: 'answer_minutes' | 'auto_within_minutes' | 'auto_tries', label: string, min: number, max: number, unit?: string) => (
    <label className="plan-field"><span>{label}</span><span className="row g6"><InputNumber aria-label={label} min={min} max={max} precision={0} disabled={!canWrite} value={rules[key]} onChange={(next) => set({ [key]: next ?? min })} style={{ width: 96 }} />{unit}</span></label>
  );
  return (
    <Modal
      title={t('rulesTitle')}
      onClose={onClose}
      foot={canWrite ? <button type="button" className="btn pri" disabled={save.isPending} onClick={() => save.mutate({ rules, version: kept.version }, { onSuccess: () => { toast(t('rulesSaved')); onClose(); } })}>{t('rulesSave')}</button> : <button type="button" className="btn" onClick={onClose}>{t('close')}</button>}
    >
      <div className="dispatch-form">
        {number('answer_minutes', t('answerMinutes'), 1, 120, t('minutes'))}
        <div className="plan-field"><span>{t('auto')}</span><span className="row g6"><Switch aria-label={t('auto')} disabled={!canWrite} checked={rules.auto} onChange={(auto) => set({ auto })} /><span>{t(rules.auto ? 'autoOn' : 'autoOff')}</span></span></div>
        {rules.auto ? (
          <>
            <div className="plan-field"><span>{t('autoPriority')}</span>
              <span className="seg" role="radiogroup" aria-label={t('autoPriority')}>
                {([1, 2, 3] as const).map((one) => <button key={one} type="button" role="radio" disabled={!canWrite} aria-checked={rules.auto_priority === one} className={rules.auto_priority === one ? 'on' : ''} onClick={() => set({ auto_priority: one })}>{t(`priority.${one}`)}</button>)}
              </span>
            </div>
            {number('auto_within_minutes', t('autoWithin'), 5, 480, t('minutes'))}
            {number('auto_tries', t('autoTries'), 1, 10, t('autoThen'))}
          </>
        ) : null}
        {canWrite ? null : <p className="s12 m3">{t('rulesRead')}</p>}
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
    </Modal>
  );
}
