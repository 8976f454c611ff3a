import type { FlowDoc, FlowFault, FlowPage } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import type { Autosave } from '../designer/useAutosave';
import { ProblemView } from '../../kit/ProblemView';
import { flowText } from './text';
import { usePatchFlow, useSubjects } from './useFlows';
import { useFlowFaultWords } from './words';

/** What a flow is for, and what holds for all of it. */
export function FlowSettings({ flow, doc, draft, onChange }: { flow: FlowPage; doc: FlowDoc; draft: Autosave<FlowFault>; onChange(next: FlowDoc, tag?: string | null): void }) {
  const t = useT(flowText);
  const language = useLanguage();
  const words = useFlowFaultWords();
  const subjects = useSubjects();
  const patch = usePatchFlow(flow.id);
  const faults = draft.faults.filter((one) => one.node === '');
  const current = flow.subject ? `${flow.subject.kind} ${flow.subject.id}` : '';
  const use = (value: string) => {
    const [kind = '', id = ''] = value.split(' ');
    patch.mutate({ version: draft.version.current, subject: { kind, id } }, { onSuccess: (page) => { draft.version.current = page.version; } });
  };
  return (
    <>
      <div className="properties-head"><Icon name="gear" size={16} className="fg-accent" /><b>{t('flowSettings')}</b></div>
      {faults.length ? <ul className="properties-faults">{faults.map((one, k) => <li key={k} className="s12 fg-problem"><Icon name="warn" size={13} /> {words(one)}</li>)}</ul> : null}
      <div className="properties-part">
        <label className="stack">
          <span className="s12 m2">{t('use')}</span>
          <select className="plain-input" value={current} disabled={patch.isPending || draft.state !== 'saved'} onChange={(e) => use(e.target.value)}>
            {current === '' ? <option value="">{t('useNone')}</option> : null}
            {subjects.data?.map((one) => <option key={one.kind + one.id} value={`${one.kind} ${one.id}`}>{said(one.title, language)}</option>)}
          </select>
        </label>
        <p className="s12 m3">{t('useHint')}</p>
        {patch.error ? <ProblemView error={patch.error} compact /> : null}
      </div>
      <div className="properties-part">
        <label className="row g6"><input type="checkbox" checked={doc.once ?? false} onChange={(e) => onChange({ ...doc, once: e.target.checked || undefined })} />{t('once')}</label>
      </div>
    </>
  );
}
