import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api, newId, toProblem, type Equipment, type EquipmentPage, type Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, StateText, toast } from '@tashi/shared/ui';
import { Input, Select } from 'antd';
import { Suspense, lazy, useMemo, useState, type ReactNode } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { Download } from '../../kit/Download';
import { FilterMore, FilterSelect, SearchField } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { CustomerSelect } from '../tasks/CustomerSelect';
import { CustomFacts } from '../custom/CustomFacts';
import { CustomInputs, useCustomAnswers } from '../custom/CustomInputs';
import { customActive, CustomFilters, useCustomColumns } from '../custom/list';
import { useCustomFields } from '../custom/useCustomFields';
import { conditionsOf } from '../objects/conditions';
import { EquipmentMeters } from './EquipmentMeters';
import { EquipmentTypes } from './EquipmentTypes';
import { Labels } from './Labels';
import { OrderSections } from './OrderSections';
import type { EquipmentSearch } from './search';
import { ordersText } from './text';
import { ORDER_LOOK, useEquipmentOf, useEquipmentTypes, usePiece } from './useOrders';
import './orders.css';

const ImportDrawer = lazy(() => import('../imports/ImportDrawer').then((m) => ({ default: m.ImportDrawer })));
const key = (row: Equipment) => row.id;
const name = (row: Equipment) => row.name;
const FILTERS = ['q', 'status', 'customer', 'kind'];
const STATUSES = ['in_use', 'stopped', 'scrapped'] as const;

/** What stands at customers. */
export function EquipmentScreen() {
  const t = useT(ordersText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/orders/equipment' });
  const patch = useSearchPatch<EquipmentSearch>();
  const navigate = useNavigate();
  const canWrite = useCan('order.write');
  const [printing, setPrinting] = useState<Id[] | null>(null);
  const own = useCustomFields('equipment');
  const kinds = useEquipmentTypes().data ?? [];
  const query = { q: search.q, status: search.status, customer_id: search.customer, type_id: search.kind, custom: conditionsOf(search, own.fields) };
  const list = useList<Equipment>(['equipment', 'list'], '/equipment', query);
  const theirs = useCustomColumns<Equipment>(own);
  const columns = useMemo<Column<Equipment>[]>(() => [
    { key: 'name', title: t('name'), fixed: true, width: 230, render: (row) => <span className="cell2"><b>{row.name}</b></span> },
    { key: 'code', title: t('code2'), width: 116, render: (row) => <span className="tabular">{row.code}</span> },
    { key: 'kind', title: t('equipKind'), width: 110, render: (row) => <span className="m2">{row.kind?.name ?? '—'}</span> },
    { key: 'customer', title: t('customer'), width: 230, render: (row) => row.customer.name },
    { key: 'model', title: t('model'), width: 130, render: (row) => <span className="m2">{row.model ?? '—'}</span> },
    { key: 'place', title: t('place'), width: 140, render: (row) => <span className="m2">{row.place ?? '—'}</span> },
    { key: 'warranty', title: t('warranty'), width: 140, render: (row) => (row.warranty_until ? <span className={row.warranty_until < format.today() ? 'fg-late' : 'm2'}>{format.day(row.warranty_until)}{row.warranty_until < format.today() ? ` ${t('expired')}` : ''}</span> : <span className="m3">—</span>) },
    { key: 'open', title: t('openOrders'), width: 84, align: 'right', render: (row) => (row.open_orders ? <b className="fg-late">{format.number(row.open_orders)}</b> : <span className="m3">0</span>) },
    { key: 'status', title: t('statusOf'), width: 96, render: (row) => <span className={row.status === 'in_use' ? 'm2' : 'fg-late'}>{t(`equip.${row.status}`)}</span> },
  ], [t, format]);
  const all = useMemo(() => [...columns, ...theirs], [columns, theirs]);
  const filterKeys = useMemo(() => [...FILTERS, ...own.fields.map((one) => `f.${one.key}`)], [own.fields]);
  const { piece: _piece, edit: _edit, import: _import, sheet: _sheet, types: _types, ...filters } = search;
  return (
    <DataPage
      id="equipment" label={t('equipment')} list={list} rowKey={key} rowName={name} columns={all} selectedId={search.piece}
      onOpen={(row) => patch({ piece: row.id, edit: undefined })} filtered={Object.keys(filters).length > 0} onClearFilters={() => void navigate({ to: '/orders/equipment' })}
      filterKeys={filterKeys}
      bar={
        <>
          <OrderSections />
          <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('equipSearch')} width={220} />
          <FilterSelect label={t('statusOf')} value={search.status} options={STATUSES.map((value) => ({ value, label: t(`equip.${value}`) }))} onChange={(status) => patch({ status: status as EquipmentSearch['status'] })} />
          {kinds.length ? <FilterSelect label={t('equipKind')} value={search.kind} options={kinds.map((one) => ({ value: one.id, label: one.name }))} onChange={(kind) => patch({ kind })} /> : null}
          {own.fields.length ? <FilterMore active={customActive(own, search)}><CustomFilters spec={own} search={search} patch={patch} /></FilterMore> : null}
          <span className="sp" />
          {canWrite ? <button type="button" className="btn" onClick={() => patch({ types: '1', piece: undefined, edit: undefined, import: undefined })}>{t('equipKinds')}</button> : null}
          <Download path="/equipment.xlsx" query={query} fallback="tashi-equipment.xlsx" label={t('export')} title={format.dots([t('export'), t('equipment')])} />
          {list.rows.length ? <button type="button" className="btn" onClick={() => setPrinting(list.rows.slice(0, 100).map(key))}><Icon name="printer" size={15} />{t('printShown', { count: Math.min(100, list.rows.length) })}</button> : null}
          {canWrite ? <><button type="button" className="btn" onClick={() => patch({ import: 'start', sheet: undefined, piece: undefined, edit: undefined })}><Icon name="upload" size={15} />{t('import')}</button><button type="button" className="btn" onClick={() => patch({ import: 'start', sheet: 'readings', piece: undefined, edit: undefined })}>{t('importReadings')}</button></> : null}
          {canWrite ? <button type="button" className="btn pri" onClick={() => patch({ edit: 'new', piece: undefined })}><Icon name="plus" />{t('equipNew')}</button> : null}
        </>
      }
      empty={<><b>{t('equipEmpty')}</b><p>{t('equipEmptyDetail')}</p></>}
    >
      {search.import && canWrite ? (
        <Suspense>
          <ImportDrawer kind={search.sheet ? 'meter-readings' : 'equipment'} id={search.import === 'start' ? undefined : search.import} onId={(next) => patch({ import: next }, { replace: true })} onClose={() => patch({ import: undefined, sheet: undefined })} />
        </Suspense>
      ) : search.types && canWrite ? <EquipmentTypes onClose={() => patch({ types: undefined })} />
        : search.edit === 'new' && canWrite ? <PieceForm piece={null} customer={search.customer} onClose={() => patch({ edit: undefined })} onSaved={(piece) => patch({ edit: undefined, piece })} />
        : search.piece ? <PieceDrawer key={search.piece} id={search.piece} editing={search.edit === '1' && canWrite} onEdit={(edit) => patch({ edit: edit ? '1' : undefined })} onPrint={(id) => setPrinting([id])} onClose={() => patch({ piece: undefined, edit: undefined })} /> : null}
      {printing ? <Labels ids={printing} onClose={() => setPrinting(null)} /> : null}
    </DataPage>
  );
}

function PieceDrawer({ id, editing, onEdit, onPrint, onClose }: { id: Id; editing: boolean; onEdit(edit: boolean): void; onPrint(id: Id): void; onClose(): void }) {
  const t = useT(ordersText);
  const query = usePiece(id);
  if (query.data) return editing ? <PieceForm piece={query.data.equipment} customer={undefined} onClose={() => onEdit(false)} onSaved={() => onEdit(false)} /> : <Piece page={query.data} onEdit={() => onEdit(true)} onPrint={() => onPrint(id)} onClose={onClose} />;
  return (
    <EntityDrawer title={t('equipTitle')} onClose={onClose}>
      {query.error ? <div className="drawer-pad">{toProblem(query.error).status === 404 ? <b>{t('notFound')}</b> : <ProblemView error={query.error} onRetry={query.refetch} />}</div> : <SkeletonRows rows={6} />}
    </EntityDrawer>
  );
}

/** One piece with what belongs to it and everything that was ever wrong with it. */
function Piece({ page: { equipment, children, orders, manuals }, onEdit, onPrint, onClose }: { page: EquipmentPage; onEdit(): void; onPrint(): void; onClose(): void }) {
  const t = useT(ordersText);
  const format = useFormat();
  const canWrite = useCan('order.write');
  const own = useCustomFields('equipment');
  const facts: [string, ReactNode][] = [
    ...(equipment.kind ? [[t('equipKind'), equipment.kind.name] as [string, ReactNode]] : []), [t('customer'), equipment.customer.name], [t('model'), equipment.model ?? '—'], [t('serial'), equipment.serial ?? '—'], [t('place'), equipment.place ?? '—'],
    [t('installed'), format.day(equipment.installed_on)], [t('warranty'), equipment.warranty_until ? `${format.day(equipment.warranty_until)}${equipment.warranty_until < format.today() ? ` ${t('expired')}` : ''}` : '—'],
    [t('statusOf'), t(`equip.${equipment.status}`)],
    ...(equipment.parent ? [[t('parent'), <Link key="p" to="/orders/equipment" search={{ piece: equipment.parent.id }}>{equipment.parent.name}</Link>] as [string, ReactNode]] : []),
    ...(equipment.note ? [[t('note'), equipment.note] as [string, ReactNode]] : []),
  ];
  return (
    <EntityDrawer
      title={equipment.name} subtitle={equipment.code} link={`/orders/equipment?piece=${equipment.id}`} onClose={onClose}
      foot={<><button type="button" className="btn" onClick={onPrint}><Icon name="printer" size={15} />{t('labels')}</button>{canWrite ? <><button type="button" className="btn" onClick={onEdit}>{t('equipEdit')}</button><Link to="/orders" search={{ create: '1', customer: equipment.customer.id, equipment: equipment.id }} className="btn pri">{t('takeOrder')}</Link></> : null}</>}
    >
      <div className="drawer-pad order-card">
        <dl className="facts order-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        <CustomFacts spec={own} answers={equipment.custom} />
        {manuals.length ? <section><h3>{t('manuals')}</h3><ul className="order-line">{manuals.map((one) => <li key={one.id}><Icon name="book" size={14} className="m3" /><Link to="/knowledge/$id" params={{ id: one.id }}>{one.name}</Link></li>)}</ul></section> : null}
        {children.length ? <section><h3>{t('children')}</h3><ul className="order-line">{children.map((one) => <li key={one.id}><span className="m3 tabular">{one.code}</span><Link to="/orders/equipment" search={{ piece: one.id }}>{one.name}</Link></li>)}</ul></section> : null}
        <EquipmentMeters piece={equipment.id} />
        <section>
          <h3>{t('history')}</h3>
          {orders.length === 0 ? <p className="m3">{t('noHistory')}</p> : null}
          <ul className="order-line">
            {orders.map((one) => (
              <li key={one.id}><time dateTime={one.created_at}>{format.dateTime(one.created_at)}</time>
                <span><Link to="/orders" search={{ order: one.id }}>{one.title}</Link> <StateText tone={ORDER_LOOK[one.status].tone} icon={ORDER_LOOK[one.status].icon}>{t(`status.${one.status}`)}</StateText><span className="s12 m2" style={{ display: 'block' }}>{format.dots([one.kind, one.employee, one.result])}</span></span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </EntityDrawer>
  );
}

function PieceForm({ piece, customer, onClose, onSaved }: { piece: Equipment | null; customer: Id | undefined; onClose(): void; onSaved(id: Id): void }) {
  const t = useT(ordersText);
  const client = useQueryClient();
  const [id] = useState(piece?.id ?? newId());
  const [draft, setDraft] = useState({
    name: piece?.name ?? '', code: piece?.code ?? '', model: piece?.model ?? '', serial: piece?.serial ?? '', place: piece?.place ?? '', note: piece?.note ?? '',
    type_id: piece?.kind?.id ?? '', customer_id: piece?.customer.id ?? customer, parent_id: piece?.parent?.id ?? '', installed_on: piece?.installed_on ?? undefined as string | undefined, warranty_until: piece?.warranty_until ?? undefined as string | undefined, status: piece?.status ?? 'in_use' as Equipment['status'],
  });
  const set = (change: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...change }));
  const kinds = (useEquipmentTypes().data ?? []).filter((one) => one.active || one.id === draft.type_id);
  const own = useCustomAnswers(useCustomFields('equipment'), piece?.custom ?? null);
  const siblings = useEquipmentOf(draft.customer_id);
  const some = (value: string | undefined) => value?.trim() || null;
  const save = useMutation({
    mutationFn: () => {
      const body = { name: draft.name.trim(), code: some(draft.code), model: some(draft.model), serial: some(draft.serial), place: some(draft.place), note: some(draft.note), customer_id: draft.customer_id, parent_id: draft.parent_id || null, installed_on: draft.installed_on ?? null, warranty_until: draft.warranty_until ?? null, status: draft.status, type_id: draft.type_id || null, custom: own.changed };
      return piece ? api.put<Equipment>('/equipment/{id}', body, { params: { id }, version: piece.version }) : api.post<Equipment>('/equipment', { id, ...body });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['equipment'] });
      toast(t('saved'));
      onSaved(saved.id);
    },
  });
  const field = (label: string, value: string, change: (next: string) => void, max: number, hint?: string) => <label className="plan-field"><span>{label}</span><Input value={value} maxLength={max} placeholder={hint} onChange={(event) => change(event.target.value)} /></label>;
  return (
    <EntityDrawer
      title={piece ? t('equipEdit') : t('equipNew')} subtitle={piece?.name} width={480} onClose={onClose}
      foot={<button type="button" className="btn pri sp" disabled={!draft.name.trim() || !draft.customer_id || save.isPending} onClick={() => { if (own.check()) save.mutate(); }}>{t('saveVerb')}</button>}
    >
      <div className="drawer-pad order-form">
        <div className="plan-field"><span>{t('customer')}</span><CustomerSelect label={t('customer')} value={draft.customer_id} chosen={piece ? { id: piece.customer.id, name: piece.customer.name } as never : undefined} onChange={(customer_id) => set({ customer_id, parent_id: '' })} /></div>
        {field(t('name'), draft.name, (name) => set({ name }), 80)}
        {kinds.length ? <div className="plan-field"><span>{t('equipKind')}</span><Select aria-label={t('equipKind')} value={draft.type_id} showSearch optionFilterProp="label" options={[{ value: '', label: t('equipKindNone') }, ...kinds.map((one) => ({ value: one.id, label: one.name }))]} onChange={(type_id) => set({ type_id })} /></div> : null}
        <div className="order-two">{field(t('code2'), draft.code, (code) => set({ code }), 40, t('autoCode'))}{field(t('model'), draft.model, (model) => set({ model }), 80)}</div>
        <div className="order-two">{field(t('serial'), draft.serial, (serial) => set({ serial }), 80)}{field(t('place'), draft.place, (place) => set({ place }), 120)}</div>
        <div className="order-two">
          <label className="plan-field"><span>{t('installed')}</span><Input type="date" value={draft.installed_on ?? ''} onChange={(event) => set({ installed_on: event.target.value || undefined })} /></label>
          <label className="plan-field"><span>{t('warranty')}</span><Input type="date" value={draft.warranty_until ?? ''} onChange={(event) => set({ warranty_until: event.target.value || undefined })} /></label>
        </div>
        <div className="plan-field"><span>{t('parent')}</span><Select aria-label={t('parent')} value={draft.parent_id} disabled={!draft.customer_id} options={[{ value: '', label: t('parentNone') }, ...(siblings.data ?? []).filter((one) => one.id !== id).map((one) => ({ value: one.id, label: `${one.name} ${one.code}` }))]} onChange={(parent_id) => set({ parent_id })} /></div>
        {piece ? <div className="plan-field"><span>{t('statusOf')}</span><Select aria-label={t('statusOf')} value={draft.status} options={STATUSES.map((value) => ({ value, label: t(`equip.${value}`) }))} onChange={(status) => set({ status })} /></div> : null}
        <label className="plan-field"><span>{t('note')}</span><textarea className="plain-input plan-note" rows={2} maxLength={500} value={draft.note} onChange={(event) => set({ note: event.target.value })} /></label>
        <CustomInputs own={own} onTouched={() => undefined} />
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
    </EntityDrawer>
  );
}
