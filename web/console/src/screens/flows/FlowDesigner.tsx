import { toProblem, type FlowDoc, type FlowFault, type FlowPage } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useCallback, useEffect, useReducer, useRef, useState, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { begun, redone, stepped, undone, type History } from '../designer/spec';
import { useAutosave, type Autosave } from '../designer/useAutosave';
import { freeId, insert, moveTo, newNode, nodeAt, nudge, remove, type NodeKind, type Place } from './flow';
import { FlowSettings } from './FlowSettings';
import { FlowTree } from './FlowTree';
import { Difference } from './FlowVersions';
import { NodeProperties } from './NodeProperties';
import { Simulate } from './Simulate';
import { flowText } from './text';
import { usePatchFlow, usePublishFlow } from './useFlows';

type Act = { do: 'change'; doc: FlowDoc; tag: string | null } | { do: 'undo' | 'redo' };

function historyAfter(history: History<FlowDoc>, act: Act): History<FlowDoc> {
  if (act.do === 'change') return stepped(history, act.doc, act.tag);
  return act.do === 'undo' ? undone(history) : redone(history);
}

/** The tree, what is chosen in it, and the trial; every change is kept by itself. */
export function FlowDesigner({ flow, tools, onReload }: { flow: FlowPage; tools: HTMLElement | null; onReload(): void }) {
  const t = useT(flowText);
  const [history, act] = useReducer(historyAfter, flow.draft, begun<FlowDoc>);
  const doc = history.now;
  const [selected, setSelected] = useState<string | null>(null);
  const [lit, setLit] = useState<ReadonlySet<string>>(new Set());
  const [publishing, setPublishing] = useState(false);
  const [side, setSide] = useState<'properties' | 'simulate'>('properties');
  const patch = usePatchFlow(flow.id);
  const draft = useAutosave<FlowDoc, FlowFault>(flow, doc, (version, next) => patch.mutateAsync({ version, draft: next }), true);
  const change = useCallback((next: FlowDoc, tag: string | null = null) => act({ do: 'change', doc: next, tag }), []);
  const choose = (id: string | null) => {
    setSelected(id);
    setSide('properties');
  };
  const add = (kind: NodeKind, place: Place) => {
    const node = newNode(kind, freeId(doc));
    change(insert(doc, place, node));
    choose(node.id);
  };
  // A node that moved is drawn anew elsewhere: the keys stay with it. When it is gone they go to the tree.
  const canvas = useRef<HTMLElement>(null);
  const refocus = useRef<string | null>(null);
  useEffect(() => {
    if (refocus.current === null) return;
    const face = refocus.current && canvas.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(refocus.current)}"]`);
    refocus.current = null;
    (face || canvas.current)?.focus();
  }, [doc]);
  const takeOut = (id: string) => {
    refocus.current = '';
    change(remove(doc, id));
    setSelected(null);
  };
  const keys = (event: KeyboardEvent) => {
    const typing = (event.target as Element).closest('input, textarea, select, [contenteditable], [role=menu]');
    if (typing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      refocus.current = selected ?? '';
      act({ do: event.shiftKey ? 'redo' : 'undo' });
    } else if (event.altKey && selected && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      refocus.current = selected;
      change(nudge(doc, selected, event.key === 'ArrowUp' ? -1 : 1));
    } else if (event.key === 'Delete' && selected) takeOut(selected);
  };
  const next = (flow.published ?? 0) + 1;
  const stale = draft.problem !== null && toProblem(draft.problem).code === 'version.conflict';
  const node = selected ? nodeAt(doc, selected) : undefined;
  return (
    <div className="flow-designer" onKeyDown={keys}>
      {tools ? createPortal(<Tools flow={flow} history={history} draft={draft} next={next} onUndo={() => act({ do: 'undo' })} onRedo={() => act({ do: 'redo' })} onPublish={() => setPublishing(true)} />, tools) : null}
      {draft.problem ? (
        <div className="designer-note">
          {stale ? <p className="row g6 fg-problem" role="alert">{t('stale')}<button type="button" className="btn sm" onClick={onReload}>{t('reload')}</button></p> : <ProblemView error={draft.problem} compact onRetry={draft.save} />}
        </div>
      ) : null}
      <main ref={canvas} className="flow-canvas" aria-label={t('tree')} tabIndex={0}>
        <FlowTree doc={doc} fields={flow.fields} selected={node ? selected : null} faults={draft.faults} lit={lit} onSelect={choose} onAdd={add} onMove={(id, place) => change(moveTo(doc, id, place))} />
        <p className="s12 m3 flow-help">{t('treeHelp')}</p>
      </main>
      <aside className="properties flow-side" aria-label={t(side)}>
        <div className="seg flow-side-tabs" role="tablist" aria-label={t('properties')}>
          {(['properties', 'simulate'] as const).map((one) => <button key={one} type="button" role="tab" aria-selected={side === one} className={side === one ? 'on' : ''} onClick={() => setSide(one)}>{t(one)}</button>)}
        </div>
        {side === 'simulate' ? <Simulate flow={flow} doc={doc} onLit={setLit} /> : node
          ? <NodeProperties key={node.id} doc={doc} node={node} fields={flow.fields} faults={draft.faults.filter((one) => one.node === node.id)} onChange={(to, tag) => change(to, tag ?? null)} onRemove={() => takeOut(node.id)} onNudge={(by) => change(nudge(doc, node.id, by))} />
          : <FlowSettings flow={flow} doc={doc} draft={draft} onChange={change} />}
      </aside>
      {publishing ? <PublishDialog flow={flow} next={next} version={draft.version} onClose={() => setPublishing(false)} /> : null}
    </div>
  );
}

function Tools({ flow, history, draft, next, onUndo, onRedo, onPublish }: {
  flow: FlowPage; history: History<FlowDoc>; draft: Autosave<FlowFault>; next: number; onUndo(): void; onRedo(): void; onPublish(): void;
}) {
  const t = useT(flowText);
  const format = useFormat();
  const n = draft.faults.length;
  const saved = draft.state === 'saved';
  return (
    <>
      <span className="s12 m3" role="status">{saved ? t('saved', { time: format.time(flow.changed_at) }) : t(draft.state === 'saving' ? 'saving' : 'notSaved')}</span>
      <button type="button" className="icb" aria-label={t('undo')} title={`${t('undo')} (Ctrl+Z)`} disabled={history.past.length === 0} onClick={onUndo}><Icon name="undo" /></button>
      <button type="button" className="icb" aria-label={t('redo')} title={`${t('redo')} (Ctrl+Shift+Z)`} disabled={history.future.length === 0} onClick={onRedo}><Icon name="redo" /></button>
      <span className={`st ${n ? 'late' : 'visit'}`} role="status"><Icon name={n ? 'warn' : 'okCircle'} size={14} weight={2} />{n ? t('faults', { count: n }) : t('noFaults')}</span>
      <button type="button" className="btn pri" disabled={!saved || n > 0 || !flow.changed} title={saved && n === 0 && !flow.changed ? t('nothingNew') : undefined} onClick={onPublish}>{t('publishNext', { n: next })}</button>
    </>
  );
}

function PublishDialog({ flow, next, version, onClose }: { flow: FlowPage; next: number; version: { current: number }; onClose(): void }) {
  const t = useT(flowText);
  const publish = usePublishFlow(flow.id);
  const [note, setNote] = useState('');
  const [from, setFrom] = useState('');
  const run = () => publish.mutate({ version: version.current, note, from_at: from ? new Date(from).toISOString() : null }, {
    onSuccess: (page) => {
      version.current = page.version;
      toast(t('publishedToast', { n: page.published ?? next }));
      onClose();
    },
  });
  return (
    <Modal title={t('publishTitle', { n: next })} onClose={onClose} foot={<><button type="button" className="btn" onClick={onClose}>{t('cancel')}</button><button type="button" className="btn pri" disabled={publish.isPending} onClick={run}>{t('publishDo')}</button></>}>
      <div className="stack publish">
        {flow.published === null ? <p>{t('firstVersion')}</p> : <Difference flow={flow} from={flow.published} to={null} />}
        <label className="stack"><span className="s12 m2">{t('publishNote')}</span><input className="plain-input" data-autofocus value={note} maxLength={200} onChange={(e) => setNote(e.target.value)} /></label>
        <label className="stack"><span className="s12 m2">{t('publishFrom')}</span><input className="plain-input" type="datetime-local" value={from} onChange={(e) => setFrom(e.target.value)} /></label>
        <p className="s12 m3">{t('publishInfo')}</p>
        {publish.error ? <ProblemView error={publish.error} compact /> : null}
      </div>
    </Modal>
  );
}
