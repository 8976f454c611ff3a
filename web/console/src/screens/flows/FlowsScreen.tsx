import { useNavigate } from '@tanstack/react-router';
import type { FlowLine } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { DesignerSections } from '../designer/DesignerSections';
import { newNode } from './flow';
import { flowText } from './text';
import { useCreateFlow, useFlows, useSubjects } from './useFlows';
import '../designer/designer.css';
import './flows.css';

/** All approval flows of the company. */
export function FlowsScreen() {
  const t = useT(flowText);
  const flows = useFlows();
  const [making, setMaking] = useState(false);
  return (
    <div className="forms-page">
      <div className="bar">
        <DesignerSections />
        <span className="sp" />
        <button type="button" className="btn pri" onClick={() => setMaking(true)}><Icon name="plus" size={15} />{t('create')}</button>
      </div>
      <main className="forms-list" aria-label={t('title')}>
        {flows.error ? <ProblemView error={flows.error} onRetry={() => flows.refetch()} /> : null}
        {flows.isPending ? <SkeletonRows /> : null}
        {flows.data?.length === 0 ? <div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p><button type="button" className="btn pri" onClick={() => setMaking(true)}>{t('create')}</button></div> : null}
        <ul className="form-cards">{flows.data?.map((flow) => <FlowCard key={flow.id} flow={flow} />)}</ul>
      </main>
      {making ? <CreateFlow onClose={() => setMaking(false)} /> : null}
    </div>
  );
}

function FlowCard({ flow }: { flow: FlowLine }) {
  const t = useT(flowText);
  const language = useLanguage();
  const navigate = useNavigate();
  return (
    <li>
      <button type="button" className="form-card" onClick={() => void navigate({ to: '/designer/flows/$id', params: { id: flow.id } })}>
        <span className="row g6">
          <Icon name="stamp" size={18} className="fg-accent" />
          <b className="clip sp">{flow.name}</b>
          <span className="tag">{flow.published === null ? t('draftOnly') : t('published', { n: flow.published })}</span>
        </span>
        <span className="s12 m3 clip">{t('use')} {said(flow.subject_title, language) || t('useNone')}</span>
        <span className="s12 row g6">
          {flow.retired ? <span className="fg-late">{t('retired')}</span> : <span className={flow.bound ? 'fg-visit' : 'm3'}>{t(flow.bound ? 'inUse' : 'notInUse')}</span>}
          {flow.changed && flow.published !== null ? <span className="fg-late">{t('changed')}</span> : null}
          <span className="end m2">{flow.running ? t('running', { count: flow.running }) : <Ago at={flow.changed_at} />}</span>
        </span>
      </button>
    </li>
  );
}

function CreateFlow({ onClose }: { onClose(): void }) {
  const t = useT(flowText);
  const language = useLanguage();
  const navigate = useNavigate();
  const subjects = useSubjects();
  const create = useCreateFlow();
  const [name, setName] = useState('');
  const [use, setUse] = useState('');
  const chosen = subjects.data?.find((one) => `${one.kind} ${one.id}` === use);
  const make = () => create.mutate(
    { name: name.trim(), subject: chosen ? { kind: chosen.kind, id: chosen.id } : null, draft: { v: 1, nodes: [newNode('approve', 'n1')] } },
    { onSuccess: (page) => void navigate({ to: '/designer/flows/$id', params: { id: page.id } }) },
  );
  return (
    <Modal title={t('create')} onClose={onClose} foot={<><button type="button" className="btn" onClick={onClose}>{t('cancel')}</button><button type="button" className="btn pri" disabled={!name.trim() || create.isPending} onClick={make}>{t('make')}</button></>}>
      <div className="stack publish">
        <label className="stack"><span className="s12 m2">{t('name')}</span><input className="plain-input" data-autofocus maxLength={60} value={name} placeholder={t('firstName')} onChange={(e) => setName(e.target.value)} /></label>
        <label className="stack">
          <span className="s12 m2">{t('use')}</span>
          <select className="plain-input" value={use} onChange={(e) => setUse(e.target.value)}>
            <option value="">{t('useNone')}</option>
            {subjects.data?.map((one) => <option key={one.kind + one.id} value={`${one.kind} ${one.id}`}>{said(one.title, language)}</option>)}
          </select>
          <span className="s12 m3">{t('useHint')}</span>
        </label>
        {create.error ? <ProblemView error={create.error} compact /> : null}
      </div>
    </Modal>
  );
}
