import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { FlowDesigner } from './FlowDesigner';
import { FlowVersions } from './FlowVersions';
import { FLOW_TABS, type FlowSearch } from './search';
import { flowText } from './text';
import { useBindFlow, useFlow } from './useFlows';
import '../designer/designer.css';
import './flows.css';

/** One flow: drawn, its versions, put to use. */
export function FlowScreen() {
  const t = useT(flowText);
  const { id } = useParams({ from: '/shell/designer/flows/$id' });
  const search = useSearch({ from: '/shell/designer/flows/$id' });
  const patch = useSearchPatch<FlowSearch>();
  const flow = useFlow(id);
  const bind = useBindFlow(id);
  // The designer holds a draft of its own; it begins anew with what was loaded.
  const [loads, setLoads] = useState(0);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const tab = search.tab ?? 'design';
  if (flow.error) return <div className="drawer-pad"><ProblemView error={flow.error} onRetry={() => flow.refetch()} /></div>;
  if (!flow.data) return <SkeletonRows />;
  const { bound, published, retired, subject } = flow.data;
  const usable = published !== null && !retired && subject !== null;
  return (
    <div className="designer-page">
      <div className="bar designer-bar">
        <Link to="/designer/flows" className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <h1 className="s14 w7 clip">{flow.data.name}</h1>
        <span className="tag">{published === null ? t('draftOnly') : t('published', { n: published })}</span>
        {retired ? <span className="tag">{t('retired')}</span> : null}
        <span className="seg designer-tabs" role="tablist" aria-label={t('tabs')}>
          {FLOW_TABS.map((one) => <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? 'on' : ''} onClick={() => patch({ tab: one === 'design' ? undefined : one })}>{t(`tab.${one}`)}</button>)}
        </span>
        <span className="sp designer-tools" ref={setTools} />
        {usable || bound ? (
          <button type="button" className={bound ? 'btn' : 'btn soft'} disabled={bind.isPending} onClick={() => bind.mutate(!bound, { onSuccess: () => toast(t(bound ? 'turnedOff' : 'turnedOn')) })}>{t(bound ? 'turnOff' : 'turnOn')}</button>
        ) : null}
        {bound ? <span className="st visit"><Icon name="okCircle" size={14} weight={2} />{t('inUse')}</span> : null}
      </div>
      {bind.error ? <div className="drawer-pad"><ProblemView error={bind.error} compact /></div> : null}
      {tab === 'design' ? <FlowDesigner key={`${id} ${loads}`} flow={flow.data} tools={tools} onReload={() => void flow.refetch().then(() => setLoads((n) => n + 1))} /> : null}
      {tab === 'versions' ? <FlowVersions flow={flow.data} /> : null}
    </div>
  );
}
