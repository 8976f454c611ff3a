import { DndContext, PointerSensor, closestCenter, useDraggable, useDroppable, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import type { FlowDoc, FlowFault, FlowLane, FlowNode, SubjectField } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { createContext, useContext, useMemo } from 'react';
import { MenuButton } from '../../kit/MenuButton';
import { useLogicWords } from '../logic/useLogicWords';
import { useSubjects } from '../logic/useSubjects';
import { NODE_KINDS, type LaneId, type NodeKind, type Place } from './flow';
import { specOf } from './subject';
import { flowText } from './text';
import { NODE_ICON, useNodeWords } from './words';

interface TreeState {
  selected: string | null;
  faults: readonly FlowFault[];
  /** Nodes a trial has just run through. */
  lit: ReadonlySet<string>;
  onSelect(id: string | null): void;
  onAdd(kind: NodeKind, place: Place): void;
  words: ReturnType<typeof useNodeWords>;
  /** A condition as a sentence. */
  sentence(formula: string): string;
}

const Tree = createContext<TreeState | null>(null);
function useTree(): TreeState {
  const state = useContext(Tree);
  if (!state) throw new Error('outside of a tree');
  return state;
}

const spot = (place: Place) => `${place.lane}|${place.index}`;

/** The flow as it is walked, from handing in to the end. Nodes are dragged into any gap. */
export function FlowTree({ doc, fields, selected, faults, lit, onSelect, onAdd, onMove }: {
  doc: FlowDoc;
  fields: readonly SubjectField[];
  selected: string | null;
  faults: readonly FlowFault[];
  lit: ReadonlySet<string>;
  onSelect(id: string | null): void;
  onAdd(kind: NodeKind, place: Place): void;
  onMove(id: string, place: Place): void;
}) {
  const t = useT(flowText);
  const words = useNodeWords(fields);
  const spec = useMemo(() => specOf(fields), [fields]);
  const sentence = useLogicWords(useSubjects(spec, undefined, 'flow'));
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const ended = ({ active, over }: DragEndEvent) => {
    if (!over) return;
    const [lane = '', index] = String(over.id).split('|');
    onMove(String(active.id), { lane, index: Number(index) });
  };
  return (
    <Tree.Provider value={{ selected, faults, lit, onSelect, onAdd, words, sentence }}>
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={ended} accessibility={{ screenReaderInstructions: { draggable: t('treeHelp') } }}>
        <div className="flow-tree">
          <button type="button" className={`flow-end${selected === null ? ' on' : ''}${faults.some((one) => one.node === '') ? ' wrong' : ''}`} aria-pressed={selected === null} onClick={() => onSelect(null)}>
            <Icon name="send" size={15} /><b>{t('start')}</b><span className="m3 s12">{t('startWho')}</span>
          </button>
          <Lane nodes={doc.nodes} lane="" before={t('start')} />
          <span className="flow-end"><Icon name="okCircle" size={15} /><b>{t('end')}</b></span>
        </div>
      </DndContext>
    </Tree.Provider>
  );
}

/** `before`: what stands above the first gap, for its name. */
function Lane({ nodes, lane, before }: { nodes: readonly FlowNode[]; lane: LaneId; before: string }) {
  const { words } = useTree();
  return (
    <>
      <Gap place={{ lane, index: 0 }} after={before} />
      {nodes.map((node, index) => (
        <div key={node.id} className="flow-step">
          <NodeCard node={node} />
          {'lanes' in node ? <Lanes node={node} /> : null}
          <Gap place={{ lane, index: index + 1 }} after={words.title(node)} />
        </div>
      ))}
    </>
  );
}

/** A "+" between two nodes; also where a dragged one is dropped. */
function Gap({ place, after }: { place: Place; after: string }) {
  const t = useT(flowText);
  const { onAdd } = useTree();
  const { setNodeRef, isOver, active } = useDroppable({ id: spot(place) });
  return (
    <div ref={setNodeRef} className={`flow-gap${isOver ? ' over' : ''}${active ? ' open' : ''}`}>
      <MenuButton
        label={t('addAfter', { name: after })}
        className="flow-plus"
        items={NODE_KINDS.map((kind) => ({ key: kind, label: `${t(`kind.${kind}`)} · ${t(`hint.${kind}`)}`, icon: NODE_ICON[kind], run: () => onAdd(kind, place) }))}
      >
        <Icon name="plus" size={13} weight={2} />
      </MenuButton>
    </div>
  );
}

function NodeCard({ node }: { node: FlowNode }) {
  const t = useT(flowText);
  const { selected, faults, lit, onSelect, words } = useTree();
  const { listeners, setNodeRef, isDragging, transform } = useDraggable({ id: node.id });
  const wrong = faults.some((one) => one.node === node.id);
  const name = words.title(node);
  const limit = words.limit(node);
  return (
    <div
      ref={setNodeRef}
      className={`flow-card ${node.kind}${selected === node.id ? ' on' : ''}${wrong ? ' wrong' : ''}${lit.has(node.id) ? ' lit' : ''}${isDragging ? ' dragging' : ''}`}
      style={{ transform: transform ? `translate(${transform.x}px, ${transform.y}px)` : undefined }}
    >
      <button type="button" className="flow-face" data-node={node.id} aria-pressed={selected === node.id} aria-label={t('select', { name })} onPointerDown={listeners?.onPointerDown as never} onClick={() => onSelect(node.id)}>
        <span className="row g6">
          <Icon name={NODE_ICON[node.kind]} size={15} />
          <b className="clip sp">{name}</b>
          {wrong ? <Icon name="warn" size={14} className="fg-problem" /> : null}
        </span>
        <span className="s12 m2 flow-detail">{words.detail(node)}</span>
        {node.kind === 'approve' ? <span className="s12 m3">{t(`how.${node.how}`)}{limit ? ` · ${limit}` : ''}</span> : null}
      </button>
    </div>
  );
}

function Lanes({ node }: { node: Extract<FlowNode, { lanes: unknown }> }) {
  return (
    <div className="flow-lanes">
      {node.lanes.map((lane, k) => <Column key={k} node={node} lane={lane} k={k} />)}
    </div>
  );
}

function Column({ node, lane, k }: { node: Extract<FlowNode, { lanes: unknown }>; lane: FlowLane; k: number }) {
  const t = useT(flowText);
  const { faults, onSelect, sentence } = useTree();
  const when = lane.when?.trim();
  const last = node.kind === 'branch' && k === node.lanes.length - 1;
  const name = lane.name?.trim() || (last ? t('elseLane') : t('laneOf', { n: k + 1 }));
  const wrong = faults.some((one) => one.node === node.id && (one.part === `lanes.${k}` || one.part.startsWith(`lanes.${k}.`)));
  return (
    <div className="flow-column">
      <span className="flow-line" aria-hidden="true" />
      <button type="button" className={`flow-when${wrong ? ' wrong' : ''}`} onClick={() => onSelect(node.id)}>
        <b className="s12">{name}</b>
        {node.kind === 'branch' ? <span className={`s12 ${last ? 'm3' : 'fg-accent'}`}>{last ? t('always') : when ? sentence(when) : t('noCondition')}</span> : null}
      </button>
      <Lane nodes={lane.nodes} lane={`${node.id}.${k}`} before={name} />
      {lane.nodes.length === 0 ? <span className="s12 m3 flow-straight">{t('emptyLane')}</span> : null}
      <span className="flow-line fill" aria-hidden="true" />
    </div>
  );
}
