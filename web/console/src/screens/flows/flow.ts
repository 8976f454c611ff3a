/** Editing a flow, step by step. Pure: each function answers a new document. */
import type { ApproveNode, FlowDoc, FlowLane, FlowNode } from '@tashi/shared/api';

export type NodeKind = FlowNode['kind'];
export const NODE_KINDS: readonly NodeKind[] = ['approve', 'branch', 'parallel', 'copy'];

/** A lane: the flow itself (`''`), or the k-th of a node (`b.0`). */
export type LaneId = string;
export interface Place {
  lane: LaneId;
  /** Before the node that stands there. */
  index: number;
}

/** Every node with where it stands, from top to bottom. */
export function walk(doc: FlowDoc): { node: FlowNode; place: Place }[] {
  const all: { node: FlowNode; place: Place }[] = [];
  const visit = (nodes: readonly FlowNode[], lane: LaneId) => nodes.forEach((node, index) => {
    all.push({ node, place: { lane, index } });
    if (node.kind === 'branch' || node.kind === 'parallel') node.lanes.forEach((one, k) => visit(one.nodes, `${node.id}.${k}`));
  });
  visit(doc.nodes, '');
  return all;
}

export const nodeAt = (doc: FlowDoc, id: string): FlowNode | undefined => walk(doc).find((one) => one.node.id === id)?.node;
export const placeOf = (doc: FlowDoc, id: string): Place | undefined => walk(doc).find((one) => one.node.id === id)?.place;

/** An id no node has: `n1`, `n2`, … */
export function freeId(doc: FlowDoc): string {
  const taken = new Set(walk(doc).map((one) => one.node.id));
  let n = taken.size + 1;
  while (taken.has(`n${n}`)) n += 1;
  return `n${n}`;
}

export function newNode(kind: NodeKind, id: string): FlowNode {
  const step: Omit<ApproveNode, 'id'> = { kind: 'approve', who: { by: 'heads', level: 1 }, how: 'any', empty: 'admin' };
  switch (kind) {
    case 'approve': return { id, ...step };
    case 'copy': return { id, kind, who: { by: 'named', people: [] } };
    case 'branch': return { id, kind, lanes: [{ when: '', nodes: [] }, { nodes: [] }] };
    case 'parallel': return { id, kind, lanes: [{ nodes: [] }, { nodes: [] }] };
  }
}

/** Nodes of every lane run through `change`. */
function inLanes(nodes: readonly FlowNode[], lane: LaneId, change: (nodes: readonly FlowNode[], lane: LaneId) => FlowNode[]): FlowNode[] {
  return change(nodes, lane).map((node) => {
    if (node.kind !== 'branch' && node.kind !== 'parallel') return node;
    return { ...node, lanes: node.lanes.map((one, k) => ({ ...one, nodes: inLanes(one.nodes, `${node.id}.${k}`, change) })) };
  });
}

const mapped = (doc: FlowDoc, change: (nodes: readonly FlowNode[], lane: LaneId) => FlowNode[]): FlowDoc => ({ ...doc, nodes: inLanes(doc.nodes, '', change) });

export function insert(doc: FlowDoc, place: Place, node: FlowNode): FlowDoc {
  return mapped(doc, (nodes, lane) => (lane === place.lane ? [...nodes.slice(0, place.index), node, ...nodes.slice(place.index)] : [...nodes]));
}

export const remove = (doc: FlowDoc, id: string): FlowDoc => mapped(doc, (nodes) => nodes.filter((one) => one.id !== id));

export const change = (doc: FlowDoc, id: string, to: (node: FlowNode) => FlowNode): FlowDoc => mapped(doc, (nodes) => nodes.map((one) => (one.id === id ? to(one) : one)));

/** Does a lane lie inside a node? */
function inside(doc: FlowDoc, id: string, lane: LaneId): boolean {
  for (let at = lane; at !== '';) {
    const owner = at.slice(0, at.lastIndexOf('.'));
    if (owner === id) return true;
    at = placeOf(doc, owner)?.lane ?? '';
  }
  return false;
}

/** Moves a node, with all that lies in it, to another place; never into itself. */
export function moveTo(doc: FlowDoc, id: string, to: Place): FlowDoc {
  const found = walk(doc).find((one) => one.node.id === id);
  if (!found || inside(doc, id, to.lane)) return doc;
  const { node, place } = found;
  const same = place.lane === to.lane;
  if (same && (to.index === place.index || to.index === place.index + 1)) return doc;
  const index = same && to.index > place.index ? to.index - 1 : to.index;
  return insert(remove(doc, id), { lane: to.lane, index }, node);
}

/** One place up (-1) or down (1): past a step, into the first lane of a branch, out of a lane at its ends. */
export function nudge(doc: FlowDoc, id: string, by: -1 | 1): FlowDoc {
  const place = placeOf(doc, id);
  if (!place) return doc;
  const lane = laneNodes(doc, place.lane);
  const beside = lane[place.index + by];
  if (beside?.kind === 'branch' || beside?.kind === 'parallel') {
    const first = beside.lanes[0];
    return moveTo(doc, id, { lane: `${beside.id}.0`, index: by === 1 ? 0 : first?.nodes.length ?? 0 });
  }
  if (beside) return moveTo(doc, id, { lane: place.lane, index: by === 1 ? place.index + 2 : place.index - 1 });
  if (place.lane === '') return doc;
  const owner = place.lane.slice(0, place.lane.lastIndexOf('.'));
  const outer = placeOf(doc, owner);
  return outer ? moveTo(doc, id, { lane: outer.lane, index: outer.index + (by === 1 ? 1 : 0) }) : doc;
}

export function laneNodes(doc: FlowDoc, lane: LaneId): readonly FlowNode[] {
  if (lane === '') return doc.nodes;
  const at = lane.lastIndexOf('.');
  const node = nodeAt(doc, lane.slice(0, at));
  return node && 'lanes' in node ? node.lanes[Number(lane.slice(at + 1))]?.nodes ?? [] : [];
}

/** One more lane: before the last of a branch, which is taken else. */
export function addLane(doc: FlowDoc, id: string): FlowDoc {
  return change(doc, id, (node) => {
    if (!('lanes' in node)) return node;
    const at = node.kind === 'branch' ? node.lanes.length - 1 : node.lanes.length;
    const lane: FlowLane = node.kind === 'branch' ? { when: '', nodes: [] } : { nodes: [] };
    return { ...node, lanes: [...node.lanes.slice(0, at), lane, ...node.lanes.slice(at)] };
  });
}

export function changeLane(doc: FlowDoc, id: string, k: number, to: Partial<FlowLane>): FlowDoc {
  return change(doc, id, (node) => ('lanes' in node ? { ...node, lanes: node.lanes.map((one, i) => (i === k ? { ...one, ...to } : one)) } : node));
}

/** Removes a lane with its nodes; the last of a branch stays. */
export function removeLane(doc: FlowDoc, id: string, k: number): FlowDoc {
  return change(doc, id, (node) => ('lanes' in node && node.lanes.length > 2 && !(node.kind === 'branch' && k === node.lanes.length - 1)
    ? { ...node, lanes: node.lanes.filter((_, i) => i !== k) } : node));
}

/** Lanes of a branch are tried in order: one place earlier or later. */
export function nudgeLane(doc: FlowDoc, id: string, k: number, by: -1 | 1): FlowDoc {
  return change(doc, id, (node) => {
    if (!('lanes' in node)) return node;
    const last = node.kind === 'branch' ? node.lanes.length - 2 : node.lanes.length - 1;
    const to = k + by;
    if (to < 0 || to > last || k > last) return node;
    const lanes = [...node.lanes];
    [lanes[k], lanes[to]] = [lanes[to]!, lanes[k]!];
    return { ...node, lanes };
  });
}

export type Unit = 'minute' | 'hour' | 'day';
const UNITS: Record<Unit, number> = { minute: 1, hour: 60, day: 1440 };

/** Minutes in the largest unit that says them whole. */
export function inUnit(minutes: number): { n: number; unit: Unit } {
  const unit: Unit = minutes % 1440 === 0 ? 'day' : minutes % 60 === 0 ? 'hour' : 'minute';
  return { n: minutes / UNITS[unit], unit };
}
export const minutesOf = (n: number, unit: Unit): number => Math.max(1, Math.round(n)) * UNITS[unit];
