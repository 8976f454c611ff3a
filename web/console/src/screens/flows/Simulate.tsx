import type { FlowDoc, FlowPage, ForeseenStep, SubjectField } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { nodeAt } from './flow';
import { flowText } from './text';
import { useSimulate } from './useFlows';
import { useNodeWords } from './words';

const ICON: Record<string, IconName> = { asked: 'stamp', copied: 'send', took_lane: 'grid', completed: 'okCircle', returned_empty: 'warn' };

/** "Who would get this?": the draft tried with a person and values. */
export function Simulate({ flow, doc, onLit }: { flow: FlowPage; doc: FlowDoc; onLit(nodes: ReadonlySet<string>): void }) {
  const t = useT(flowText);
  const language = useLanguage();
  const people = useOptions(useActiveEmployees().data);
  const [requester, setRequester] = useState<string | null>(null);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const run = useSimulate();
  const shown = flow.fields.filter((one) => ['number', 'rating', 'text', 'yes_no', 'choice', 'date', 'employee'].includes(one.type)).slice(0, 30);
  const tryIt = () => {
    if (!requester) return;
    const given = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''));
    run.mutate({ subject: flow.subject, doc, requester_id: requester, values: given }, {
      onSuccess: (found) => onLit(new Set(found.steps.flatMap((one) => (one.node ? [one.node] : [])))),
    });
  };
  return (
    <>
      <div className="properties-part">
        <b>{t('simulateTitle')}</b>
        <p className="s12 m3">{t('simulateHint')}</p>
        <div className="stack"><span className="s12 m2">{t('requester')}</span>
          <Select showSearch aria-label={t('requester')} value={requester} options={people} optionFilterProp="label" placeholder={t('choose')} onChange={setRequester} />
        </div>
      </div>
      {shown.length ? (
        <div className="properties-part">
          <b className="s12">{t('values')}</b>
          {shown.map((field) => <ValueInput key={field.key} field={field} value={values[field.key]} people={people} label={said(field.label, language) || field.key} onChange={(value) => setValues({ ...values, [field.key]: value })} />)}
        </div>
      ) : null}
      <div className="properties-part">
        <button type="button" className="btn pri" disabled={!requester || run.isPending} onClick={tryIt}>{t('tryIt')}</button>
        {run.error ? <ProblemView error={run.error} compact /> : null}
        {run.data ? (
          <section aria-label={t('result')} aria-live="polite">
            <p className={`s12 ${run.data.status === 'approved' ? 'fg-visit' : 'fg-late'}`}>{t(run.data.status === 'approved' ? 'outcomeApproved' : 'outcomeReturned')}</p>
            <ol className="flow-way">{run.data.steps.map((one, k) => <Step key={k} step={one} doc={doc} fields={flow.fields} />)}</ol>
          </section>
        ) : null}
      </div>
    </>
  );
}

function ValueInput({ field, label, value, people, onChange }: { field: SubjectField; label: string; value: unknown; people: { value: string; label: string }[]; onChange(value: unknown): void }) {
  const t = useT(flowText);
  const language = useLanguage();
  if (field.type === 'choice' && field.options.length) {
    return (
      <label className="stack"><span className="s12 m2">{label}</span>
        <select className="plain-input" value={value === undefined ? '' : String(value)} onChange={(e) => onChange(e.target.value || undefined)}>
          <option value="">{t('unset')}</option>
          {field.options.map((one) => <option key={one.value} value={one.value}>{said(one.label, language) || one.value}</option>)}
        </select>
      </label>
    );
  }
  if (field.type === 'employee') {
    return <div className="stack"><span className="s12 m2">{label}</span><Select showSearch allowClear aria-label={label} value={value as string | undefined} options={people} optionFilterProp="label" onChange={onChange} /></div>;
  }
  if (field.type === 'yes_no') {
    return (
      <label className="stack"><span className="s12 m2">{label}</span>
        <select className="plain-input" value={value === undefined ? '' : String(value)} onChange={(e) => onChange(e.target.value === '' ? undefined : e.target.value === 'true')}>
          <option value="">{t('unset')}</option><option value="true">{t('yes')}</option><option value="false">{t('no')}</option>
        </select>
      </label>
    );
  }
  const number = field.type === 'number' || field.type === 'rating';
  return (
    <label className="stack"><span className="s12 m2">{label}</span>
      <input className="plain-input" type={number ? 'number' : field.type === 'date' ? 'date' : 'text'} value={value === undefined ? '' : String(value)} onChange={(e) => onChange(e.target.value === '' ? undefined : number ? Number(e.target.value) : e.target.value)} />
    </label>
  );
}

function Step({ step, doc, fields }: { step: ForeseenStep; doc: FlowDoc; fields: readonly SubjectField[] }) {
  const t = useT(flowText);
  const words = useNodeWords(fields);
  const node = step.node ? nodeAt(doc, step.node) : undefined;
  const key = `foreseen.${step.what}`;
  if (!(key in flowText.zh)) return null;
  const lanes = node && 'lanes' in node ? node.lanes : [];
  const lane = step.lane === null ? '' : lanes[step.lane]?.name?.trim() || (step.lane === lanes.length - 1 ? t('elseLane') : t('laneOf', { n: step.lane + 1 }));
  return (
    <li>
      <Icon name={ICON[step.what] ?? 'info'} size={14} className={step.what === 'asked' ? 'fg-accent' : 'm3'} />
      <span><span>{t(key as 'foreseen.asked', { person: step.person?.name ?? '', to: step.to?.name ?? '', lane })}</span>{node ? <span className="s12 m3"> · {words.title(node)}</span> : null}</span>
    </li>
  );
}
