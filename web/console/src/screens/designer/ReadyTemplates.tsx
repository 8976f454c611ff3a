import { useQuery } from '@tanstack/react-query';
import { api, newId, type ReadyTemplate, type Step } from '@tashi/shared/api';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { STEP_ICON } from '../planning/StepsEditor';
import type { Suggested } from './TemplateDrawer';
import { designerText } from './text';

/** Ready sets of steps by trade; one is taken, made one's own and saved. */
export function ReadyTemplates({ onTake, onClose }: { onTake(one: Suggested): void; onClose(): void }) {
  const t = useT(designerText);
  const english = useLanguage() === 'en';
  const ready = useQuery({ queryKey: ['task-templates', 'library'], queryFn: async ({ signal }) => (await api.get<{ items: ReadyTemplate[] }>('/task-templates/library', { signal })).items, staleTime: Infinity });
  const take = (one: ReadyTemplate) => onTake({
    words: t('readyWords', { trade: english ? one.trade_en : one.trade }), name: english ? one.name_en : one.name, kind: one.kind, min_stay_s: one.min_stay_s,
    steps: one.steps.map((step): Step => ({ ...step, id: newId() })),
  });
  return (
    <EntityDrawer title={t('readyTitle')} subtitle={t('readyHint')} width={600} onClose={onClose}>
      <div className="drawer-pad">
        {ready.error ? <ProblemView error={ready.error} onRetry={() => ready.refetch()} /> : null}
        {ready.isPending ? <SkeletonRows rows={6} /> : null}
        <ul className="ready-templates">
          {ready.data?.map((one) => (
            <li key={one.key}>
              <header className="row g6">
                <h3 className="s14 w7 clip">{english ? one.name_en : one.name}</h3>
                <span className="tag">{english ? one.trade_en : one.trade}</span>
                <span className="tag line">{t(`template.${one.kind}`)}</span>
                <button type="button" className="btn sm end" onClick={() => take(one)}>{t('readyUse')}</button>
              </header>
              <ol className="s12 m2">
                {one.steps.map((step) => <li key={step.title} className="row g4"><Icon name={STEP_ICON[step.kind]} size={13} className="m3" />{(english && step.title_en) || step.title}</li>)}
              </ol>
            </li>
          ))}
        </ul>
      </div>
    </EntityDrawer>
  );
}
