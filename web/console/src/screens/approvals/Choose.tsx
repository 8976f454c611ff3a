import { useQuery } from '@tanstack/react-query';
import { api, type Id, type SubjectChoice } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { PersonSelect } from './PersonSelect';
import { approvalText } from './text';

/** Steps the flow in use for a subject leaves to whoever hands in. */
export function useChoiceSteps(kind: string, subject: Id): SubjectChoice['steps'] {
  const all = useQuery({
    queryKey: ['approvals', 'choices'],
    queryFn: async ({ signal }) => (await api.get<{ items: SubjectChoice[] }>('/approval-choices', { signal })).items,
    staleTime: 60_000,
  });
  return all.data?.find((one) => one.kind === kind && one.subject_id === subject)?.steps ?? [];
}

/** Who decides, asked before something is handed in. */
export function Choose({ steps, chosen, onChange }: { steps: SubjectChoice['steps']; chosen: Record<string, Id>; onChange(next: Record<string, Id>): void }) {
  const t = useT(approvalText);
  if (steps.length === 0) return null;
  return (
    <section className="stack" aria-label={t('chooseTitle')}>
      <h3>{t('chooseTitle')}</h3>
      {steps.map((step) => {
        const label = t('chooseFor', { node: step.name || t('chooseStep') });
        return <div key={step.node} className="stack"><span className="s12 m2">{label}</span><PersonSelect label={label} value={chosen[step.node] ?? null} onChange={(id) => onChange(Object.fromEntries([...Object.entries(chosen).filter(([node]) => node !== step.node), ...(id ? [[step.node, id]] : [])]))} /></div>;
      })}
      <p className="s12 m3">{t('chooseHint')}</p>
    </section>
  );
}
