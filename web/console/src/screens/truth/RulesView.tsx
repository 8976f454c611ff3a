import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type TruthPolicy, type TruthRules } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';
import { useMe } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { truthText } from './text';

interface Kept {
  rules: TruthRules;
  version: number;
}
const CASES = ['mock_location', 'out_of_range', 'second_person', 'clock', 'unknown_device', 'photo_reuse'] as const;
const POLICIES: TruthPolicy[] = ['block', 'flag', 'allow'];

/** Block, flag or allow, and what is known to be innocent here. */
export function RulesView() {
  const t = useT(truthText);
  const common = useT(commonText);
  const me = useMe();
  const client = useQueryClient();
  const kept = useQuery({ queryKey: ['truth', 'rules'], queryFn: () => api.get<Kept>('/truth/rules') });
  const [draft, setDraft] = useState<TruthRules | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (kept.data) setDraft(kept.data.rules);
  }, [kept.data]);
  if (kept.error) return <ProblemView error={kept.error} onRetry={kept.refetch} />;
  if (!draft || !kept.data) return <SkeletonRows rows={6} />;
  const may = me.permissions.includes('company.write');
  const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean);
  const save = async () => {
    setError(null);
    try {
      await api.put('/truth/rules', draft, { version: kept.data.version });
      toast(t('rulesSaved'));
      await client.invalidateQueries({ queryKey: ['truth', 'rules'] });
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <section className="card">
      <div className="hd"><h2>{t('rules')}</h2><span className="sub">{t('rulesSub')}</span></div>
      <div className="truth-rules">
        {CASES.map((one) => (
          <div key={one} className="truth-rule">
            <span>{t(one)}</span>
            <span className="seg" role="radiogroup" aria-label={t(one)}>
              {POLICIES.filter((policy) => policy !== 'block' || one !== 'photo_reuse').map((policy) => (
                <button key={policy} type="button" role="radio" aria-checked={(draft[one] ?? 'flag') === policy} disabled={!may} className={(draft[one] ?? 'flag') === policy ? 'on' : ''} onClick={() => setDraft({ ...draft, [one]: policy })}>
                  {t(`policy.${policy}`)}
                </button>
              ))}
            </span>
          </div>
        ))}
        <label className="row g6"><input type="checkbox" disabled={!may} checked={draft.alert_managers} onChange={(event) => setDraft({ ...draft, alert_managers: event.target.checked })} />{t('alert_managers')}</label>
        <label className="col">
          <span className="s12 m2">{t('shared_devices')}</span>
          <textarea disabled={!may} defaultValue={draft.shared_devices.join('\n')} onChange={(event) => setDraft({ ...draft, shared_devices: lines(event.target.value) })} />
        </label>
        <label className="col">
          <span className="s12 m2">{t('trusted_trackers')}</span>
          <textarea disabled={!may} defaultValue={draft.trusted_trackers.join('\n')} onChange={(event) => setDraft({ ...draft, trusted_trackers: lines(event.target.value).map(Number).filter(Number.isInteger) })} />
        </label>
        {error ? <ProblemView error={error} compact /> : null}
        {may ? <div className="row"><button type="button" className="btn pri" onClick={() => void save()}>{common('save')}</button></div> : null}
      </div>
    </section>
  );
}
