import { useSearch } from '@tanstack/react-router';
import { newId, type OrderType, type OrderTypeTerms } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { useTemplates } from '../planning/usePlanning';
import { OrderSections } from './OrderSections';
import type { TypesSearch } from './search';
import { ordersText } from './text';
import { useOrderTypes, useSaveType } from './useOrders';
import '../designer/designer.css';
import './orders.css';

const FRESH: Omit<OrderTypeTerms, 'pauses' | 'fails'> = {
  name: '', template_id: null, answer_minutes: 15, response_minutes: 240, finish_minutes: 960, service_minutes: 60, signature: true, parts: false, active: true,
};

/** How each kind of work is handled: the same for everybody. */
export function TypesScreen() {
  const t = useT(ordersText);
  const search = useSearch({ from: '/shell/orders/types' });
  const patch = useSearchPatch<TypesSearch>();
  const canWrite = useCan('order.write');
  const types = useOrderTypes();
  const open = types.data?.find((one) => one.id === search.kind) ?? null;
  const writing = canWrite && (search.kind === 'new' || !!open);
  return (
    <div className={`forms-page templates-page${writing ? ' writing' : ''}`}>
      <div className="bar"><OrderSections /><span className="sp" />{canWrite ? <button type="button" className="btn pri" onClick={() => patch({ kind: 'new' })}><Icon name="plus" size={15} />{t('typeNew')}</button> : null}</div>
      <main className="forms-list">
        <p className="m2 templates-intro">{t('typesIntro')}</p>
        {types.error ? <ProblemView error={types.error} onRetry={() => void types.refetch()} /> : null}
        {types.isPending ? <SkeletonRows /> : null}
        <ul className="form-cards template-cards">{(types.data ?? []).map((one) => <TypeCard key={one.id} type={one} onOpen={canWrite ? () => patch({ kind: one.id }) : undefined} />)}</ul>
      </main>
      {writing ? <TypeDrawer key={search.kind} type={open} onClose={() => patch({ kind: undefined })} /> : null}
    </div>
  );
}

function TypeCard({ type, onOpen }: { type: OrderType; onOpen: (() => void) | undefined }) {
  const t = useT(ordersText);
  const format = useFormat();
  const templates = useTemplates();
  const span = (minutes: number | null) => (minutes === null ? t('noTarget') : minutes % 60 === 0 ? t('hours', { hours: minutes / 60 }) : t('minutes', { minutes }));
  return (
    <li className={`template-card${type.active ? '' : ' retired'}`}>
      <header className="row g6"><h2 className="s14 w7 clip">{type.name}</h2>{type.signature ? <span className="tag">{t('mustSign')}</span> : null}{type.parts ? <span className="tag">{t('mustParts')}</span> : null}{type.active ? null : <span className="tag line">{t('retired')}</span>}<span className="sp" />
        {onOpen ? <button type="button" className="icb small" aria-label={t('edit', { name: type.name })} title={t('edit', { name: type.name })} onClick={onOpen}><Icon name="edit" size={15} /></button> : null}
      </header>
      <p className="s12 m2">{format.dots([`${t('answer')} ${t('minutes', { minutes: type.answer_minutes })}`, `${t('responseIn')} ${span(type.response_minutes)}`, `${t('finishIn')} ${span(type.finish_minutes)}`])}</p>
      <p className="s12 m3">{format.dots([templates.data?.find((one) => one.id === type.template_id)?.name ?? t('templateNone'), type.pauses.map((pause) => pause.reason).join(t('joiner'))])}</p>
    </li>
  );
}

function TypeDrawer({ type, onClose }: { type: OrderType | null; onClose(): void }) {
  const t = useT(ordersText);
  const templates = useTemplates();
  const save = useSaveType();
  const [id] = useState(type?.id ?? newId());
  const [draft, setDraft] = useState<OrderTypeTerms>(() => {
    if (!type) return { ...FRESH, pauses: [{ reason: t('waitParts'), stops: true }], fails: [t('failWord')] };
    const { id: _id, version: _version, ...terms } = type;
    return terms;
  });
  const set = (change: Partial<OrderTypeTerms>) => setDraft((old) => ({ ...old, ...change }));
  const minutes = (label: string, value: number | null, change: (next: number | null) => void, max: number, least = 1) => (
    <label className="plan-field"><span>{label}</span><span className="row g6"><InputNumber aria-label={label} min={least} max={max} precision={0} value={value} placeholder={t('noTarget')} onChange={change} style={{ width: 110 }} />{t('minutesUnit')}</span></label>
  );
  const check = (label: string, value: boolean, change: (next: boolean) => void) => <label className="row g6"><input type="checkbox" checked={value} onChange={(event) => change(event.target.checked)} />{label}</label>;
  const pauses = draft.pauses.filter((pause) => pause.reason.trim());
  return (
    <EntityDrawer
      title={type ? t('typeTitle') : t('typeNew')} subtitle={type?.name} width={460} onClose={onClose}
      foot={<button type="button" className="btn pri sp" disabled={!draft.name.trim() || save.isPending} onClick={() => save.mutate({ id, version: type?.version ?? null, terms: { ...draft, name: draft.name.trim(), pauses } }, { onSuccess: () => { toast(t('typeSaved')); onClose(); } })}>{t('saveVerb')}</button>}
    >
      <div className="drawer-pad order-form">
        <label className="plan-field"><span>{t('name')}</span><Input value={draft.name} maxLength={40} onChange={(event) => set({ name: event.target.value })} /></label>
        <div className="plan-field"><span>{t('template')}</span><Select aria-label={t('template')} value={draft.template_id ?? ''} options={[{ value: '', label: t('templateNone') }, ...(templates.data ?? []).map((one) => ({ value: one.id, label: one.name }))]} onChange={(next) => set({ template_id: next || null })} /></div>
        <div className="order-two">{minutes(t('answer'), draft.answer_minutes, (next) => set({ answer_minutes: next ?? 15 }), 1440)}{minutes(t('service'), draft.service_minutes, (next) => set({ service_minutes: next ?? 60 }), 480, 5)}</div>
        <div className="order-two">{minutes(t('responseIn'), draft.response_minutes, (response_minutes) => set({ response_minutes }), 60_000)}{minutes(t('finishIn'), draft.finish_minutes, (finish_minutes) => set({ finish_minutes }), 60_000)}</div>
        {check(t('signature'), draft.signature, (signature) => set({ signature }))}
        {check(t('needsParts'), draft.parts, (parts) => set({ parts }))}
        <div className="plan-field"><span>{t('pauses')}</span>
          <div className="type-pauses">
            {draft.pauses.map((pause, k) => {
              const change = (next: Partial<typeof pause>) => set({ pauses: draft.pauses.map((one, i) => (i === k ? { ...one, ...next } : one)) });
              return (
                <div key={k}>
                  <Input aria-label={t('pauses')} value={pause.reason} maxLength={40} onChange={(event) => change({ reason: event.target.value })} />
                  <label className="row g4 nw"><input type="checkbox" checked={pause.stops} onChange={(event) => change({ stops: event.target.checked })} />{t('pauseStops')}</label>
                  <button type="button" className="icb small" aria-label={t('removeOne', { name: pause.reason })} onClick={() => set({ pauses: draft.pauses.filter((_, i) => i !== k) })}><Icon name="trash" size={15} /></button>
                </div>
              );
            })}
            {draft.pauses.length < 10 ? <button type="button" className="btn sm" onClick={() => set({ pauses: [...draft.pauses, { reason: '', stops: false }] })}>{t('addPause')}</button> : null}
          </div>
        </div>
        <div className="plan-field"><span>{t('fails')}</span><Select aria-label={t('fails')} mode="tags" value={draft.fails} onChange={(fails: string[]) => set({ fails: fails.map((one) => one.trim()).filter(Boolean).slice(0, 10) })} /><span className="s12 m3">{t('failsHint')}</span></div>
        {type ? check(t('inUse'), draft.active, (active) => set({ active })) : null}
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
    </EntityDrawer>
  );
}
