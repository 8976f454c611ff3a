import { Link } from '@tanstack/react-router';
import { newId, toProblem, type Id, type MaintenanceDue, type MaintenancePlan, type MaintenancePlanPage, type MaintenanceTerms } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { CustomerSelect } from '../tasks/CustomerSelect';
import { maintenanceText } from './maintenanceText';
import { DueText, useCycle } from './maintenanceWords';
import { termsOf, usePlanPage, useSavePlan, useSkip } from './useMaintenance';
import { useEquipmentOf, useEquipmentTypes, useOrderTypes, usePiece } from './useOrders';

export function MaintenanceDrawer({ id, editing, onEdit, onClose }: { id: Id; editing: boolean; onEdit(edit: boolean): void; onClose(): void }) {
  const t = useT(maintenanceText);
  const query = usePlanPage(id);
  if (query.data) return editing ? <PlanForm plan={query.data.plan} onClose={() => onEdit(false)} onSaved={() => onEdit(false)} /> : <PlanView page={query.data} onEdit={() => onEdit(true)} onClose={onClose} />;
  return (
    <EntityDrawer title={t('title')} onClose={onClose}>
      {query.error ? <div className="drawer-pad">{toProblem(query.error).status === 404 ? <b>{t('notFound')}</b> : <ProblemView error={query.error} onRetry={query.refetch} />}</div> : <SkeletonRows rows={6} />}
    </EntityDrawer>
  );
}

function PlanView({ page: { plan, pieces, turns, ahead }, onEdit, onClose }: { page: MaintenancePlanPage; onEdit(): void; onClose(): void }) {
  const t = useT(maintenanceText);
  const format = useFormat();
  const cycle = useCycle();
  const canWrite = useCan('order.write');
  const save = useSavePlan();
  const [skipping, setSkipping] = useState<MaintenanceDue | null>(null);
  const rest = () => save.mutate({ id: plan.id, version: plan.version, terms: { ...termsOf(plan), paused: !plan.paused } }, { onSuccess: () => toast(t(plan.paused ? 'resumedToast' : 'pausedToast')) });
  return (
    <EntityDrawer
      title={plan.name} subtitle={format.dots([plan.equipment?.name ?? plan.equipment_type?.name ?? `${t('model')} ${plan.model ?? ''}`, cycle(plan)])} link={`/orders/maintenance?plan=${plan.id}`} onClose={onClose}
      foot={canWrite ? <><button type="button" className="btn" disabled={save.isPending} onClick={rest}>{t(plan.paused ? 'resume' : 'pause')}</button><button type="button" className="btn pri" onClick={onEdit}>{t('edit')}</button></> : undefined}
    >
      <div className="drawer-pad order-card">
        <dl className="facts order-facts">
          <div><dt>{t('kind')}</dt><dd>{plan.kind.name}</dd></div>
          <div><dt>{t('lead')}</dt><dd>{plan.lead_days}</dd></div>
          <div><dt>{t('status')}</dt><dd className={plan.paused ? 'fg-late' : undefined}>{t(plan.paused ? 'paused' : 'running')}</dd></div>
          {plan.detail ? <div><dt>{t('detail')}</dt><dd>{plan.detail}</dd></div> : null}
        </dl>
        {plan.blocked ? <p className="fg-late" role="alert">{t(`blocked.${plan.blocked}`)}</p> : null}
        {save.error ? <ProblemView error={save.error} compact /> : null}
        <section>
          <h3>{t('pieces')}</h3>
          {pieces.length === 0 ? <p className="m3">{t('noPieces')}</p> : null}
          <ul className="order-people">
            {pieces.map((one) => (
              <li key={one.equipment.id} className="row g6">
                <span className="sp"><Link to="/orders/equipment" search={{ piece: one.equipment.id }}>{one.equipment.name} <span className="m3 tabular">{one.code}</span></Link><span className="s12 m2">{one.customer.name}</span><span className="s12"><DueText due={one} /></span><span className="s12 m3">{one.last_done_at ? t('lastDone', { day: format.day(one.last_done_at.slice(0, 10)) }) : t('never')}</span></span>
                {canWrite && !one.order && !plan.paused && (one.due_on !== null || one.due_total !== null) ? <button type="button" className="btn sm" onClick={() => setSkipping(one)}>{t('skip')}</button> : null}
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h3>{t('ahead')} <span className="m3">{t('aheadCount', { count: ahead.length })}</span></h3>
          {ahead.length === 0 ? <p className="m3">{t('noAhead')}</p> : null}
          <ul className="order-line">{ahead.map((one, k) => <li key={k}><time dateTime={one.on}>{format.day(one.on)}</time><span>{one.equipment.name} <span className="s12 m2">{one.customer.name}</span>{one.total === null ? null : <span className="s12 m3"> {t('byTotal', { total: format.number(one.total) })}</span>}</span></li>)}</ul>
        </section>
        <section>
          <h3>{t('turns')}</h3>
          {turns.length === 0 ? <p className="m3">{t('noTurns')}</p> : null}
          <ul className="order-line">
            {turns.map((one) => (
              <li key={one.id}><time dateTime={one.at}>{format.dateTime(one.at)}</time>
                <span>{one.equipment.name} <span className="s12 m3">{one.due_total === null ? t('byDay', { day: format.day(one.due_on) }) : t('byTotal', { total: format.number(one.due_total) })}</span><br />{one.order ? <><Link to="/orders" search={{ order: one.order.id }}>{one.order.name}</Link>{one.kind === 'void' ? <span className="m2"> {t('turnVoid')}</span> : null}</> : <span className="m2">{format.dots([t('turnSkipped', { reason: one.reason ?? '' }), one.by?.name])}</span>}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      {skipping ? <SkipModal plan={plan.id} due={skipping} onClose={() => setSkipping(null)} /> : null}
    </EntityDrawer>
  );
}

function SkipModal({ plan, due, onClose }: { plan: Id; due: MaintenanceDue; onClose(): void }) {
  const t = useT(maintenanceText);
  const [reason, setReason] = useState('');
  const skip = useSkip(plan);
  const send = () => skip.mutate({ equipment_id: due.equipment.id, due_on: due.due_on, due_total: due.due_on === null ? due.due_total : null, reason: reason.trim() }, { onSuccess: () => { toast(t('skipped')); onClose(); } });
  return (
    <Modal title={t('skipTitle', { name: due.equipment.name })} onClose={onClose} foot={<button type="button" className="btn pri" disabled={!reason.trim() || skip.isPending} onClick={send}>{t('skipDo')}</button>}>
      <p>{t('skipDetail')}</p>
      <p><DueText due={due} /></p>
      <label className="plan-field"><span>{t('reason')}</span><Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} /></label>
      {skip.error ? <ProblemView error={skip.error} compact /> : null}
    </Modal>
  );
}

const UNITS = ['day', 'week', 'month'] as const;

export function PlanForm({ plan, equipment, onClose, onSaved }: { plan: MaintenancePlan | null; equipment?: Id; onClose(): void; onSaved(id: Id): void }) {
  const piece = usePiece(equipment ?? plan?.equipment_id ?? '');
  // The customer of a piece that is known is read first: the list of equipment is the customer's.
  if ((equipment || plan?.equipment_id) && !piece.data && !piece.error) return <EntityDrawer title="" onClose={onClose}><SkeletonRows rows={6} /></EntityDrawer>;
  return <Form plan={plan} known={piece.data?.equipment ? { id: piece.data.equipment.id, customer: piece.data.equipment.customer } : null} onClose={onClose} onSaved={onSaved} />;
}

function Form({ plan, known, onClose, onSaved }: { plan: MaintenancePlan | null; known: { id: Id; customer: { id: Id; name: string } } | null; onClose(): void; onSaved(id: Id): void }) {
  const t = useT(maintenanceText);
  const format = useFormat();
  const types = useOrderTypes();
  const save = useSavePlan();
  const [id] = useState(plan?.id ?? newId());
  const [customer, setCustomer] = useState(known?.customer.id);
  const [of, setOf] = useState<'piece' | 'kind' | 'model'>(plan ? (plan.equipment_id ? 'piece' : plan.equipment_type_id ? 'kind' : 'model') : 'piece');
  const kinds = (useEquipmentTypes().data ?? []).filter((one) => one.active || one.id === plan?.equipment_type_id);
  const [draft, setDraft] = useState<MaintenanceTerms>(plan ? termsOf(plan) : { name: '', type_id: '', equipment_id: known?.id ?? null, model: null, every: 3, unit: 'month', start_on: format.today(), from_done: false, meter: null, meter_every: null, lead_days: 7, detail: null, paused: false });
  const set = (change: Partial<MaintenanceTerms>) => setDraft((old) => ({ ...old, ...change }));
  const pieces = useEquipmentOf(customer);
  const usable = (types.data ?? []).filter((one) => one.active || one.id === draft.type_id);
  const type_id = draft.type_id || usable.find((one) => one.name.includes('保养'))?.id || usable[0]?.id || '';
  const byDate = draft.every !== null;
  const byMeter = draft.meter_every !== null || draft.meter !== null;
  const ready = draft.name.trim() && type_id && { piece: draft.equipment_id, kind: draft.equipment_type_id, model: draft.model?.trim() }[of] && (byDate || byMeter) && (!byMeter || (draft.meter?.trim() && draft.meter_every)) && draft.start_on;
  const send = () => save.mutate(
    { id, version: plan?.version ?? null, terms: { ...draft, name: draft.name.trim(), type_id, equipment_id: of === 'piece' ? draft.equipment_id : null, equipment_type_id: of === 'kind' ? draft.equipment_type_id : null, model: of === 'model' ? (draft.model?.trim() ?? null) : null, meter: draft.meter?.trim() || null, detail: draft.detail?.trim() || null } },
    { onSuccess: (saved) => { toast(t('saved')); onSaved(saved.id); } },
  );
  return (
    <EntityDrawer title={t(plan ? 'edit' : 'new')} subtitle={t('subtitle')} label={t('title')} width={480} onClose={onClose} foot={<button type="button" className="btn pri sp" disabled={!ready || save.isPending} onClick={send}>{t('save')}</button>}>
      <div className="drawer-pad order-form">
        <label className="plan-field"><span>{t('name')}</span><Input value={draft.name} maxLength={80} onChange={(event) => set({ name: event.target.value })} /></label>
        <div className="plan-field"><span>{t('kind')}</span><Select aria-label={t('kind')} value={type_id || undefined} options={usable.map((one) => ({ value: one.id, label: one.name }))} onChange={(value) => set({ type_id: value })} /></div>
        <div className="plan-field"><span>{t('forWhat')}</span><span className="seg" role="radiogroup" aria-label={t('forWhat')}>{(['piece', 'kind', 'model'] as const).map((one) => <button key={one} type="button" role="radio" aria-checked={of === one} className={of === one ? 'on' : ''} onClick={() => setOf(one)}>{t(one === 'piece' ? 'onePiece' : one === 'kind' ? 'oneKind' : 'oneModel')}</button>)}</span></div>
        {of === 'kind' ? <div className="plan-field"><span>{t('equipKind')}</span><Select aria-label={t('equipKind')} value={draft.equipment_type_id ?? undefined} options={kinds.map((one) => ({ value: one.id, label: one.name }))} onChange={(value) => set({ equipment_type_id: value })} /><span className="s12 m3">{t(kinds.length ? 'kindHint' : 'kindsNone')}</span></div> : of === 'piece' ? (
          <>
            <div className="plan-field"><span>{t('customer')}</span><CustomerSelect label={t('customer')} value={customer} chosen={known ? (known.customer as never) : undefined} onChange={(value) => { setCustomer(value); set({ equipment_id: null }); }} /></div>
            <div className="plan-field"><span>{t('equipment')}</span><Select aria-label={t('equipment')} value={draft.equipment_id ?? undefined} disabled={!customer} options={(pieces.data ?? []).map((one) => ({ value: one.id, label: `${one.name} ${one.code}` }))} onChange={(value) => set({ equipment_id: value })} /></div>
          </>
        ) : <label className="plan-field"><span>{t('model')}</span><Input value={draft.model ?? ''} maxLength={80} onChange={(event) => set({ model: event.target.value })} /><span className="s12 m3">{t('modelHint')}</span></label>}
        <label className="row g6"><input type="checkbox" checked={byDate} onChange={(event) => set(event.target.checked ? { every: 3, unit: 'month' } : { every: null, unit: null, from_done: false })} />{t('byDate')}</label>
        {byDate ? (
          <>
            <div className="order-two">
              <div className="plan-field"><span>{t('every')}</span><InputNumber aria-label={t('every')} min={1} max={1000} precision={0} value={draft.every} onChange={(value) => set({ every: value ?? 1 })} /></div>
              <div className="plan-field"><span>{t('unit')}</span><Select aria-label={t('unit')} value={draft.unit} options={UNITS.map((value) => ({ value, label: t(`unit.${value}`) }))} onChange={(unit) => set({ unit })} /></div>
            </div>
            <label className="row g6"><input type="checkbox" checked={draft.from_done} onChange={(event) => set({ from_done: event.target.checked })} />{t('fromDone')}</label>
            <span className="s12 m3">{t('fromDoneHint')}</span>
          </>
        ) : null}
        <label className="row g6"><input type="checkbox" checked={byMeter} onChange={(event) => set(event.target.checked ? { meter: '', meter_every: 500 } : { meter: null, meter_every: null })} />{t('byMeter')}</label>
        {byMeter ? (
          <div className="order-two">
            <label className="plan-field"><span>{t('meter')}</span><Input value={draft.meter ?? ''} maxLength={40} placeholder={t('meterNameHint')} onChange={(event) => set({ meter: event.target.value })} /><span className="s12 m3">{t('meterHint')}</span></label>
            <div className="plan-field"><span>{t('meterEvery')}</span><InputNumber aria-label={t('meterEvery')} min={1} max={1_000_000_000} precision={0} value={draft.meter_every} onChange={(value) => set({ meter_every: value ?? 1 })} /></div>
          </div>
        ) : null}
        <div className="order-two">
          <label className="plan-field"><span>{t('startOn')}</span><Input type="date" value={draft.start_on} onChange={(event) => set({ start_on: event.target.value })} /></label>
          <div className="plan-field"><span>{t('lead')}</span><InputNumber aria-label={t('lead')} min={0} max={90} precision={0} value={draft.lead_days} onChange={(value) => set({ lead_days: value ?? 0 })} /><span className="s12 m3">{t('leadHint')}</span></div>
        </div>
        <label className="plan-field"><span>{t('detail')}</span><textarea className="plain-input plan-note" rows={3} maxLength={1000} value={draft.detail ?? ''} onChange={(event) => set({ detail: event.target.value })} /></label>
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
    </EntityDrawer>
  );
}
