import type { ApproveNode, FlowFault, FlowLane, FlowLimit, FlowNode, FlowWho, SubjectField } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo } from 'react';
import { useActiveEmployees, useOptions, useRoles } from '../../kit/refs';
import { LogicInput } from '../logic/LogicInput';
import { useSubjects } from '../logic/useSubjects';
import { addLane, changeLane, inUnit, minutesOf, nudgeLane, removeLane, type Unit } from './flow';
import { specOf } from './subject';
import { flowText } from './text';
import type { FlowDoc } from '@tashi/shared/api';
import { NODE_ICON, useFlowFaultWords } from './words';

const USER = ['user.name', 'user.department', 'user.departments', 'user.post'];
const BYS = ['heads', 'role', 'named', 'chosen', 'field'] as const;

/** Everything about one node. */
export function NodeProperties({ doc, node, fields, faults, onChange, onRemove, onNudge }: {
  doc: FlowDoc;
  node: FlowNode;
  fields: readonly SubjectField[];
  faults: readonly FlowFault[];
  onChange(next: FlowDoc, tag?: string): void;
  onRemove(): void;
  onNudge(by: -1 | 1): void;
}) {
  const t = useT(flowText);
  const words = useFlowFaultWords();
  const set = (patch: Partial<FlowNode>, tag: string | undefined = undefined) => onChange({ ...doc, nodes: patched(doc.nodes, node.id, patch) }, tag);
  return (
    <>
      <div className="properties-head">
        <Icon name={NODE_ICON[node.kind]} size={16} className="fg-accent" />
        <b className="sp clip">{t(`kind.${node.kind}`)}</b>
        <button type="button" className="icb" aria-label={t('moveUp')} title={`${t('moveUp')} (Alt+↑)`} onClick={() => onNudge(-1)}><Icon name="up" size={15} /></button>
        <button type="button" className="icb" aria-label={t('moveDown')} title={`${t('moveDown')} (Alt+↓)`} onClick={() => onNudge(1)}><Icon name="down" size={15} /></button>
        <button type="button" className="icb" aria-label={t('remove')} title={`${t('remove')} (Delete)`} onClick={onRemove}><Icon name="trash" size={15} /></button>
      </div>
      {faults.length ? <ul className="properties-faults">{faults.map((one, k) => <li key={k} className="s12 fg-problem"><Icon name="warn" size={13} /> {words(one)}</li>)}</ul> : null}
      <div className="properties-part">
        <label className="stack"><span className="s12 m2">{t('nodeName')}</span><input className="plain-input" value={node.name ?? ''} maxLength={40} placeholder={t(`kind.${node.kind}`)} onChange={(e) => set({ name: e.target.value || undefined }, `name ${node.id}`)} /></label>
      </div>
      {node.kind === 'approve' || node.kind === 'copy' ? <Who label={t(node.kind === 'approve' ? 'who' : 'whoCopy')} who={node.who} fields={fields} onChange={(who, tag) => set({ who } as Partial<FlowNode>, tag)} /> : null}
      {node.kind === 'approve' ? <Step node={node} onChange={set} /> : null}
      {'lanes' in node ? <LanesPart doc={doc} node={node} fields={fields} onChange={onChange} /> : null}
    </>
  );
}

function patched(nodes: readonly FlowNode[], id: string, patch: Partial<FlowNode>): FlowNode[] {
  return nodes.map((one): FlowNode => {
    if (one.id === id) return { ...one, ...patch } as FlowNode;
    return 'lanes' in one ? { ...one, lanes: one.lanes.map((lane) => ({ ...lane, nodes: patched(lane.nodes, id, patch) })) } : one;
  });
}

function Who({ label, who, fields, onChange }: { label: string; who: FlowWho; fields: readonly SubjectField[]; onChange(who: FlowWho, tag?: string): void }) {
  const t = useT(flowText);
  const language = useLanguage();
  const roles = useOptions(useRoles().data);
  const people = useOptions(useActiveEmployees().data);
  const persons = fields.filter((one) => one.type === 'employee');
  const begin: Record<FlowWho['by'], () => FlowWho> = {
    heads: () => ({ by: 'heads', level: 1 }),
    role: () => ({ by: 'role', role: roles[0]?.value ?? '' }),
    named: () => ({ by: 'named', people: [] }),
    chosen: () => ({ by: 'chosen', most: 1 }),
    field: () => ({ by: 'field', field: persons[0]?.key ?? '' }),
  };
  return (
    <div className="properties-part">
      <label className="stack">
        <span className="s12 m2">{label}</span>
        <select className="plain-input" value={who.by} onChange={(e) => onChange(begin[e.target.value as FlowWho['by']]())}>
          {BYS.map((by) => <option key={by} value={by} disabled={by === 'field' && persons.length === 0}>{t(`by.${by}`)}</option>)}
        </select>
      </label>
      {who.by === 'heads' ? (
        <>
          <label className="stack"><span className="s12 m2">{t('level')}</span><input className="plain-input" type="number" min={1} max={10} value={who.level} onChange={(e) => onChange({ ...who, level: Number(e.target.value) || 1 }, 'level')} /></label>
          <p className="s12 m3">{t('levelHint')}</p>
          {who.level > 1 ? <label className="row g6"><input type="checkbox" checked={who.up_to ?? false} onChange={(e) => onChange({ ...who, up_to: e.target.checked || undefined })} />{t('upTo')}</label> : null}
        </>
      ) : null}
      {who.by === 'role' ? (
        <label className="stack"><span className="s12 m2">{t('role')}</span>
          <select className="plain-input" value={who.role} onChange={(e) => onChange({ by: 'role', role: e.target.value })}>{roles.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</select>
        </label>
      ) : null}
      {who.by === 'named' ? (
        <div className="stack"><span className="s12 m2">{t('people')}</span>
          <Select mode="multiple" aria-label={t('people')} value={who.people} options={people} optionFilterProp="label" placeholder={t('choose')} onChange={(chosen: string[]) => onChange({ by: 'named', people: chosen })} />
        </div>
      ) : null}
      {who.by === 'chosen' ? <label className="stack"><span className="s12 m2">{t('most')}</span><input className="plain-input" type="number" min={1} max={20} value={who.most} onChange={(e) => onChange({ by: 'chosen', most: Number(e.target.value) || 1 }, 'most')} /></label> : null}
      {who.by === 'field' ? (
        <label className="stack"><span className="s12 m2">{t('field')}</span>
          <select className="plain-input" value={who.field} onChange={(e) => onChange({ by: 'field', field: e.target.value })}>
            {persons.map((one) => <option key={one.key} value={one.key}>{said(one.label, language)}</option>)}
          </select>
        </label>
      ) : null}
      {persons.length === 0 && who.by === 'field' ? <p className="s12 fg-problem">{t('fieldNone')}</p> : null}
    </div>
  );
}

function Step({ node, onChange }: { node: ApproveNode; onChange(patch: Partial<ApproveNode>, tag?: string): void }) {
  const t = useT(flowText);
  const limit = node.limit;
  const setLimit = (patch: Partial<FlowLimit>, tag?: string) => onChange({ limit: { ...(limit ?? { minutes: 1440, then: 'remind' }), ...patch } }, tag);
  return (
    <>
      <div className="properties-part">
        <label className="stack"><span className="s12 m2">{t('how')}</span>
          <select className="plain-input" value={node.how} onChange={(e) => onChange({ how: e.target.value as ApproveNode['how'] })}>{(['any', 'all', 'in_turn'] as const).map((how) => <option key={how} value={how}>{t(`how.${how}`)}</option>)}</select>
        </label>
        <label className="row g6"><input type="checkbox" checked={node.skip_own ?? false} onChange={(e) => onChange({ skip_own: e.target.checked || undefined })} />{t('skipOwn')}</label>
        <label className="stack"><span className="s12 m2">{t('emptyTitle')}</span>
          <select className="plain-input" value={node.empty} onChange={(e) => onChange({ empty: e.target.value as ApproveNode['empty'] })}>{(['admin', 'skip', 'return'] as const).map((empty) => <option key={empty} value={empty}>{t(`empty.${empty}`)}</option>)}</select>
        </label>
      </div>
      <div className="properties-part">
        <label className="row g6"><input type="checkbox" checked={!!limit} onChange={(e) => onChange({ limit: e.target.checked ? { minutes: 1440, then: 'remind' } : undefined })} />{t('limit')}</label>
        {limit ? (
          <>
            <Duration label={t('within')} minutes={limit.minutes} onChange={(minutes) => setLimit({ minutes }, 'limit')} />
            <label className="row g6"><input type="checkbox" checked={limit.remind !== undefined} onChange={(e) => setLimit({ remind: e.target.checked ? Math.max(1, Math.floor(limit.minutes / 2)) : undefined })} />{t('remindAfter')}</label>
            {limit.remind === undefined ? <p className="s12 m3">{t('noRemind')}</p> : <Duration label={t('remindAfter')} minutes={limit.remind} onChange={(remind) => setLimit({ remind }, 'remind')} />}
            <label className="stack"><span className="s12 m2">{t('thenTitle')}</span>
              <select className="plain-input" value={limit.then} onChange={(e) => setLimit({ then: e.target.value as FlowLimit['then'] })}>{(['remind', 'escalate', 'approve', 'reject'] as const).map((then) => <option key={then} value={then}>{t(`then.${then}`)}</option>)}</select>
            </label>
          </>
        ) : null}
      </div>
    </>
  );
}

function Duration({ label, minutes, onChange }: { label: string; minutes: number; onChange(minutes: number): void }) {
  const t = useT(flowText);
  const { n, unit } = inUnit(minutes);
  return (
    <div className="two">
      <label className="stack"><span className="s12 m2">{label}</span><input className="plain-input" type="number" min={1} value={n} onChange={(e) => onChange(minutesOf(Number(e.target.value), unit))} /></label>
      <label className="stack"><span className="s12 m2">{t('unit')}</span>
        <select className="plain-input" value={unit} onChange={(e) => onChange(minutesOf(n, e.target.value as Unit))}>{(['minute', 'hour', 'day'] as const).map((one) => <option key={one} value={one}>{t(`unit.${one}`)}</option>)}</select>
      </label>
    </div>
  );
}

function LanesPart({ doc, node, fields, onChange }: { doc: FlowDoc; node: Extract<FlowNode, { lanes: FlowLane[] }>; fields: readonly SubjectField[]; onChange(next: FlowDoc, tag?: string): void }) {
  const t = useT(flowText);
  const spec = useMemo(() => specOf(fields), [fields]);
  const subjects = useSubjects(spec, undefined, 'flow');
  const branch = node.kind === 'branch';
  const example = fields.find((one) => one.type === 'number')?.key ?? fields[0]?.key ?? 'amount';
  return (
    <div className="properties-part">
      <b className="s12">{t(branch ? 'lanes' : 'parallelLanes')}</b>
      {node.lanes.map((lane, k) => {
        const last = branch && k === node.lanes.length - 1;
        return (
          <section key={k} className="flow-lane-part" aria-label={t('laneOf', { n: k + 1 })}>
            <div className="row g4">
              <input className="plain-input sp" aria-label={t('laneName', { n: k + 1 })} value={lane.name ?? ''} maxLength={40} placeholder={last ? t('elseLane') : t('laneOf', { n: k + 1 })} onChange={(e) => onChange(changeLane(doc, node.id, k, { name: e.target.value || undefined }), `lane ${node.id} ${k}`)} />
              {branch && !last ? (
                <>
                  <button type="button" className="icb tiny" aria-label={t('laneUp', { n: k + 1 })} disabled={k === 0} onClick={() => onChange(nudgeLane(doc, node.id, k, -1))}><Icon name="up" size={13} /></button>
                  <button type="button" className="icb tiny" aria-label={t('laneDown', { n: k + 1 })} disabled={k >= node.lanes.length - 2} onClick={() => onChange(nudgeLane(doc, node.id, k, 1))}><Icon name="down" size={13} /></button>
                </>
              ) : null}
              {!last && node.lanes.length > 2 ? <button type="button" className="icb tiny" aria-label={t('removeLane', { n: k + 1 })} onClick={() => onChange(removeLane(doc, node.id, k))}><Icon name="close" size={13} /></button> : null}
            </div>
            {branch && !last ? (
              <LogicInput label={`${t('when')} ${k + 1}`} value={lane.when ?? ''} spec={spec} subjects={subjects} more={USER} hint={t('whenHint', { key: example })} onChange={(when) => onChange(changeLane(doc, node.id, k, { when }), `when ${node.id} ${k}`)} />
            ) : null}
            {last ? <p className="s12 m3">{t('always')}</p> : null}
          </section>
        );
      })}
      <button type="button" className="btn sm" onClick={() => onChange(addLane(doc, node.id))}><Icon name="plus" size={13} />{t('addLane')}</button>
    </div>
  );
}
