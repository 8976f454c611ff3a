import { newId, type EquipmentType } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useShelf } from '../knowledge/useKnowledge';
import { ordersText } from './text';
import { useEquipmentTypes, useSaveEquipmentType } from './useOrders';

/** The company's own list of equipment types, with the manuals of each. */
export function EquipmentTypes({ onClose }: { onClose(): void }) {
  const t = useT(ordersText);
  const format = useFormat();
  const types = useEquipmentTypes();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <EntityDrawer title={t('equipKinds')} subtitle={t('equipKindsHint')} width={480} onClose={onClose} foot={<button type="button" className="btn pri" onClick={() => setOpen('new')}><Icon name="plus" size={15} />{t('equipKindNew')}</button>}>
      <div className="drawer-pad order-form">
        {types.error ? <ProblemView error={types.error} onRetry={() => types.refetch()} compact /> : null}
        {types.isPending ? <SkeletonRows rows={4} /> : null}
        {open === 'new' ? <KindForm type={null} onClose={() => setOpen(null)} /> : null}
        {types.data?.length === 0 && open !== 'new' ? <p className="m3">{t('equipKindsEmpty')}</p> : null}
        <ul className="order-line">
          {types.data?.map((one) => (
            <li key={one.id} style={{ display: 'block' }}>
              {open === one.id ? <KindForm type={one} onClose={() => setOpen(null)} /> : (
                <span className="row g6">
                  <span className="sp"><b>{one.name}</b>{one.active ? null : <span className="tag line"> {t('retired')}</span>}<span className="s12 m3" style={{ display: 'block' }}>{format.dots([t('equipKindPieces', { count: one.pieces }), one.manuals.length ? format.names(one.manuals.map((manual) => manual.name)) : null])}</span></span>
                  <button type="button" className="icb small" aria-label={t('edit', { name: one.name })} title={t('edit', { name: one.name })} onClick={() => setOpen(one.id)}><Icon name="edit" size={15} /></button>
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </EntityDrawer>
  );
}

function KindForm({ type, onClose }: { type: EquipmentType | null; onClose(): void }) {
  const t = useT(ordersText);
  const common = useT(commonText);
  const shelf = useShelf();
  const save = useSaveEquipmentType();
  const [id] = useState(type?.id ?? newId());
  const [draft, setDraft] = useState({ name: type?.name ?? '', manual_ids: type?.manual_ids ?? [], active: type?.active ?? true });
  // One that is not to be read (any more) keeps its place until it is taken out.
  const articles = [...(shelf.data?.items ?? []).map((one) => ({ value: one.id, label: one.title })), ...(type?.manuals ?? []).map((one) => ({ value: one.id, label: one.name })), ...(type?.manual_ids ?? []).map((one) => ({ value: one, label: t('manualUnseen') }))];
  const options = articles.filter((one, k) => articles.findIndex((other) => other.value === one.value) === k);
  const send = () => save.mutate({ id, version: type?.version ?? null, terms: { ...draft, name: draft.name.trim() } }, { onSuccess: () => { toast(t('saved')); onClose(); } });
  return (
    <form className="order-form" aria-label={type ? t('edit', { name: type.name }) : t('equipKindNew')} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <label className="plan-field"><span>{t('equipKindName')}</span><Input autoFocus value={draft.name} maxLength={40} onChange={(event) => setDraft({ ...draft, name: event.target.value })} /></label>
      <div className="plan-field"><span>{t('manuals')}</span><Select mode="multiple" aria-label={t('manuals')} value={draft.manual_ids} options={options} optionFilterProp="label" maxCount={10} placeholder={t('manualsNone')} onChange={(manual_ids: string[]) => setDraft({ ...draft, manual_ids })} /></div>
      {type ? <label className="row g6"><input type="checkbox" checked={draft.active} onChange={(event) => setDraft({ ...draft, active: event.target.checked })} />{t('equipKindActive')}</label> : null}
      {save.error ? <ProblemView error={save.error} compact /> : null}
      <span className="row g6"><button type="submit" className="btn pri sm" disabled={!draft.name.trim() || save.isPending}>{t('saveVerb')}</button><button type="button" className="btn sm" onClick={onClose}>{common('cancel')}</button></span>
    </form>
  );
}
