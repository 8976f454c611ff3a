import { api, type FlowChange, type FlowDoc, type FlowPage } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useGoBack } from '../designer/useGoBack';
import { flowText } from './text';
import { useFlowDifference, usePatchFlow } from './useFlows';

/** What was published when, what changed, and the way back. */
export function FlowVersions({ flow }: { flow: FlowPage }) {
  const t = useT(flowText);
  const format = useFormat();
  const patch = usePatchFlow(flow.id);
  const [open, setOpen] = useState<number | null>(flow.published);
  const { problem, setProblem, goBack } = useGoBack(async (number) => {
    const old = await api.get<{ doc: FlowDoc }>('/flows/{id}/versions/{number}', { params: { id: flow.id, number: String(number) } });
    await patch.mutateAsync({ version: flow.version, draft: old.doc });
  }, (n) => t('rolledBack', { n }));
  return (
    <main className="versions">
      {problem ? <ProblemView error={problem} compact /> : null}
      <p className="row g6">
        <button type="button" className="btn" disabled={patch.isPending} onClick={() => patch.mutate({ version: flow.version, retired: !flow.retired }, { onError: setProblem })}>{t(flow.retired ? 'unretire' : 'retire')}</button>
        <span className="s12 m3">{t('retireHint')}</span>
      </p>
      {flow.versions.length === 0 ? <div className="empty"><b>{t('draftOnly')}</b></div> : null}
      <ol className="version-list">
        {flow.versions.map((one, k) => (
          <li key={one.number} className="card">
            <div className="hd row g6">
              <b>{t('published', { n: one.number })}</b>
              <span className="m2">{format.dateTime(one.published_at)} · {t('publishedBy', { name: one.published_by.name })}</span>
              {one.from_at > one.published_at ? <span className="tag">{t('fromAt', { time: format.dateTime(one.from_at) })}</span> : null}
              <span className="sp" />
              <button type="button" className="btn sm" aria-expanded={open === one.number} onClick={() => setOpen(open === one.number ? null : one.number)}>{t('compareWith')}</button>
              {k > 0 ? <button type="button" className="btn sm" disabled={patch.isPending} onClick={() => goBack(one.number)}><Icon name="undo" size={14} />{t('rollback')}</button> : null}
            </div>
            {one.note ? <p className="version-note">{one.note}</p> : null}
            {open === one.number ? (
              <div className="version-changes">
                {k + 1 < flow.versions.length ? <Difference flow={flow} from={flow.versions[k + 1]!.number} to={one.number} /> : <p className="m3">{t('firstVersion')}</p>}
                {k === 0 && flow.changed ? <><h3 className="s12 w7">{t('toDraft')}</h3><Difference flow={flow} from={one.number} to={null} /></> : null}
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </main>
  );
}

/** What was added, removed, changed and moved, by the names of the nodes. */
export function Difference({ flow, from, to }: { flow: FlowPage; from: number; to: number | null }) {
  const t = useT(flowText);
  const found = useFlowDifference(flow.id, from, to);
  if (found.error) return <ProblemView error={found.error} compact />;
  return (
    <>
      <p className="s12 m3">{t('changes', { n: from })}</p>
      {found.data?.length === 0 ? <p>{t('noChanges')}</p> : null}
      <ul className="changes">{found.data?.map((one) => <Change key={one.node + one.change} change={one} />)}</ul>
    </>
  );
}

function Change({ change }: { change: FlowChange }) {
  const t = useT(flowText);
  const word = { added: t('added'), removed: t('removed'), changed: t('changedWord'), moved: t('moved') }[change.change];
  const tone = { added: 'fg-visit', removed: 'fg-problem', changed: 'fg-late', moved: 'fg-late' }[change.change];
  return (
    <li>
      <b className={tone}>{word}</b> {change.kind === '' ? t('whole') : change.name || t(`kind.${change.kind}`)} <span className="mono m3 s12">{change.node}</span>
      {change.parts.length ? <span className="m3 s12"> {change.parts.join(', ')}</span> : null}
    </li>
  );
}
