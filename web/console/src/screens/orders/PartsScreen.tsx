import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, newId, type Page, type PartRequest, type SparePart, type Stock, type StockMove, type StockMoveKind } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Input, InputNumber, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { OrderSections } from './OrderSections';
import type { PartsSearch } from './search';
import { ordersText } from './text';
import { useFresh, useOrderNews, usePartRequests, useParts, useStocks } from './useOrders';
import './orders.css';

type Tab = 'stocks' | 'requests' | 'parts' | 'moves';

/** Where parts lie, who lacks some, what there is, and what happened. */
export function PartsScreen() {
  const t = useT(ordersText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/orders/parts' });
  const patch = useSearchPatch<PartsSearch>();
  const canWrite = useCan('stock.write');
  const [open, setOpen] = useState<'part' | 'stock' | 'move' | SparePart | null>(null);
  useOrderNews();
  const requests = usePartRequests();
  const tab: Tab = search.tab ?? 'stocks';
  const waiting = requests.data?.length ?? 0;
  const names: [Tab, string][] = [['stocks', t('stocks')], ['requests', waiting ? `${t('requests')} ${format.number(waiting)}` : t('requests')], ['parts', t('partList')], ['moves', t('moves')]];
  return (
    <div className="stock-page">
      <div className="bar">
        <OrderSections />
        <span className="seg" role="radiogroup" aria-label={t('parts')}>
          {names.map(([one, words]) => <button key={one} type="button" role="radio" aria-checked={tab === one} className={tab === one ? 'on' : ''} onClick={() => patch({ tab: one === 'stocks' ? undefined : one })}>{words}</button>)}
        </span>
        <span className="sp" />
        {canWrite ? (
          <>
            <button type="button" className="btn" onClick={() => setOpen('stock')}>{t('storeNew')}</button>
            <button type="button" className="btn" onClick={() => setOpen('part')}>{t('partNew')}</button>
            <button type="button" className="btn pri" onClick={() => setOpen('move')}><Icon name="plus" />{t('moveNew')}</button>
          </>
        ) : null}
      </div>
      <main className="stock-body">
        {tab === 'stocks' ? <Stocks /> : tab === 'requests' ? <Requests canWrite={canWrite} /> : tab === 'parts' ? <Catalogue onEdit={canWrite ? setOpen : undefined} /> : <Moves />}
      </main>
      {open === 'part' ? <PartForm part={null} onClose={() => setOpen(null)} /> : open === 'stock' ? <StockForm onClose={() => setOpen(null)} /> : open === 'move' ? <MoveForm onClose={() => setOpen(null)} /> : open ? <PartForm part={open} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}

function Nothing({ title, text }: { title: string; text?: string }) {
  return <div className="empty"><Icon name="box" size={28} /><b>{title}</b>{text ? <p>{text}</p> : null}</div>;
}

function Stocks() {
  const t = useT(ordersText);
  const format = useFormat();
  const stocks = useStocks();
  if (stocks.error) return <ProblemView error={stocks.error} onRetry={() => void stocks.refetch()} />;
  if (!stocks.data) return <SkeletonRows rows={4} />;
  if (stocks.data.length === 0) return <Nothing title={t('stocksEmpty')} text={t('stocksEmptyDetail')} />;
  return (
    <ul className="stock-cards">
      {stocks.data.map((stock) => (
        <li key={stock.id} aria-label={stock.name}>
          <h3 className="row g6"><Icon name={stock.kind === 'van' ? 'car' : 'building'} size={16} /><span className="sp">{stock.name}</span><span className="tag">{t(stock.kind === 'van' ? 'van' : 'store')}</span></h3>
          {stock.lines.length === 0 ? <p className="m3">{t('nothing')}</p> : (
            <table className="stock-table"><tbody>
              {stock.lines.map((line) => <tr key={line.part.id}><td>{line.part.name} <span className="m3">{line.code}</span></td><td className="num"><b>{format.number(line.quantity)}</b> {line.unit}{line.reserved ? <div className="s12 m3">{t('reserved', { count: line.reserved })}</div> : null}</td></tr>)}
            </tbody></table>
          )}
        </li>
      ))}
    </ul>
  );
}

function Requests({ canWrite }: { canWrite: boolean }) {
  const t = useT(ordersText);
  const requests = usePartRequests();
  if (requests.error) return <ProblemView error={requests.error} onRetry={() => void requests.refetch()} />;
  if (!requests.data) return <SkeletonRows rows={4} />;
  if (requests.data.length === 0) return <Nothing title={t('requestsEmpty')} text={t('requestsEmptyDetail')} />;
  return <ul className="stock-cards">{requests.data.map((one) => <RequestCard key={one.id} one={one} canWrite={canWrite} />)}</ul>;
}

function RequestCard({ one, canWrite }: { one: PartRequest; canWrite: boolean }) {
  const t = useT(ordersText);
  const format = useFormat();
  const stocks = useStocks();
  const fresh = useFresh();
  const holding = (stocks.data ?? []).filter((stock) => stock.id !== one.employee.id).map((stock) => ({ stock, left: stock.lines.filter((line) => line.part.id === one.part.id).reduce((sum, line) => sum + line.quantity - line.reserved, 0) }));
  const [from, setFrom] = useState<string | undefined>();
  const chosen = from ?? holding.find((hold) => hold.left >= one.quantity)?.stock.id;
  const [transfer] = useState(newId);
  const fulfil = useMutation({ mutationFn: () => api.post('/part-requests/{id}/fulfil', { id: transfer, from_id: chosen }, { params: { id: one.id } }), onSuccess: () => { toast(t('fulfilled', { name: one.employee.name })); return fresh(); } });
  const dismiss = useMutation({ mutationFn: () => api.post('/part-requests/{id}/cancel', {}, { params: { id: one.id } }), onSuccess: () => { toast(t('dismissed')); return fresh(); } });
  return (
    <li aria-label={one.part.name}>
      <h3>{one.part.name} <span className="m3">{one.code}</span></h3>
      <p>{t('need', { name: one.employee.name, quantity: one.quantity, unit: one.unit })}</p>
      <p className="s12 m2">{format.dots([format.dateTime(one.created_at), one.note])}{one.order ? <> · <Link to="/orders" search={{ order: one.order.id }}>{one.order.name}</Link></> : null}</p>
      {canWrite ? (
        <p className="row g6 order-wrap">
          <Select aria-label={t('fulfilFrom')} placeholder={t('fulfilFrom')} value={chosen} onChange={setFrom} options={holding.map(({ stock, left }) => ({ value: stock.id, label: `${stock.name} ${format.number(left)}` }))} style={{ minWidth: 150 }} />
          <button type="button" className="btn sm pri" disabled={!chosen || fulfil.isPending} onClick={() => fulfil.mutate()}>{t('fulfil')}</button>
          <button type="button" className="btn sm" disabled={dismiss.isPending} onClick={() => dismiss.mutate()}>{t('dismiss')}</button>
        </p>
      ) : null}
      {fulfil.error ? <ProblemView error={fulfil.error} compact /> : null}
    </li>
  );
}

function Catalogue({ onEdit }: { onEdit: ((part: SparePart) => void) | undefined }) {
  const t = useT(ordersText);
  const format = useFormat();
  const parts = useParts();
  const stocks = useStocks();
  if (parts.error) return <ProblemView error={parts.error} onRetry={() => void parts.refetch()} />;
  if (!parts.data) return <SkeletonRows rows={6} />;
  if (parts.data.length === 0) return <Nothing title={t('partsEmpty')} text={t('partsEmptyDetail')} />;
  const total = (id: string) => (stocks.data ?? []).flatMap((stock) => stock.lines).filter((line) => line.part.id === id).reduce((sum, line) => sum + line.quantity, 0);
  return (
    <section className="stock-card">
      <table className="stock-table">
        <thead><tr><th>{t('sku')}</th><th>{t('name')}</th><th className="num">{t('price')}</th><th className="num">{t('stocks')}</th><th>{t('statusOf')}</th>{onEdit ? <th aria-label={t('equipEdit')} /> : null}</tr></thead>
        <tbody>
          {parts.data.map((part) => (
            <tr key={part.id}>
              <td>{part.code}</td><td><b>{part.name}</b></td><td className="num">{format.number(part.price_minor / 100, 2)} / {part.unit}</td><td className="num">{format.number(total(part.id))}</td><td className="m2">{t(part.active ? 'active' : 'retired')}</td>
              {onEdit ? <td className="num"><button type="button" className="icb small" aria-label={t('edit', { name: part.name })} onClick={() => onEdit(part)}><Icon name="edit" size={15} /></button></td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Moves() {
  const t = useT(ordersText);
  const format = useFormat();
  const moves = useInfiniteQuery({
    queryKey: ['stock-moves'], initialPageParam: null as string | null, getNextPageParam: (page: Page<StockMove>) => page.next_cursor ?? null,
    queryFn: ({ pageParam }) => api.get<Page<StockMove>>('/stock-moves', { query: { limit: 100, cursor: pageParam } }),
  });
  if (moves.error) return <ProblemView error={moves.error} onRetry={() => void moves.refetch()} />;
  if (!moves.data) return <SkeletonRows rows={8} />;
  const rows = moves.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Nothing title={t('movesEmpty')} />;
  return (
    <section className="stock-card">
      <table className="stock-table">
        <thead><tr><th>{t('when')}</th><th>{t('moves')}</th><th>{t('part')}</th><th className="num">{t('quantity')}</th><th>{t('fromStock')} → {t('toStock')}</th><th>{t('who')}</th></tr></thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <td className="nw">{format.dateTime(one.at)}</td><td>{t(`kind.${one.kind}`)}{one.reason ? <div className="s12 m2">{one.reason}</div> : null}</td><td>{one.part.name}</td>
              <td className="num">{format.number(one.quantity)} {one.unit}{one.short ? <div className="s12 fg-late">{t('short', { count: one.short })}</div> : null}</td>
              <td>{one.from?.name ?? '—'} → {one.order ? <Link to="/orders" search={{ order: one.order.id }}>{one.order.name}</Link> : one.to?.name ?? '—'}</td><td className="m2">{one.by?.name ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moves.hasNextPage ? <button type="button" className="btn" disabled={moves.isFetchingNextPage} onClick={() => void moves.fetchNextPage()}><Icon name="down" size={15} />{t('moves')}</button> : null}
    </section>
  );
}

function Dialog({ title, verb, ready, busy, error, onRun, onClose, children }: { title: string; verb: string; ready: boolean; busy: boolean; error: unknown; onRun(): void; onClose(): void; children: ReactNode }) {
  return (
    <Modal title={title} width={520} onClose={onClose} foot={<button type="button" className="btn pri" disabled={!ready || busy} onClick={onRun}>{verb}</button>}>
      <div className="stock-form">{children}</div>
      {error ? <ProblemView error={error} compact /> : null}
    </Modal>
  );
}

function PartForm({ part, onClose }: { part: SparePart | null; onClose(): void }) {
  const t = useT(ordersText);
  const client = useQueryClient();
  const [id] = useState(part?.id ?? newId());
  const [draft, setDraft] = useState({ code: part?.code ?? '', name: part?.name ?? '', unit: part?.unit ?? t('piece'), price: (part?.price_minor ?? 0) / 100, active: part?.active ?? true });
  const save = useMutation({
    mutationFn: () => {
      const body = { code: draft.code.trim(), name: draft.name.trim(), unit: draft.unit.trim(), price_minor: Math.round(draft.price * 100), active: draft.active };
      return part ? api.put<SparePart>('/parts/{id}', body, { params: { id }, version: part.version }) : api.post<SparePart>('/parts', { id, ...body });
    },
    onSuccess: async () => { await client.invalidateQueries({ queryKey: ['parts'] }); toast(t('saved')); onClose(); },
  });
  return (
    <Dialog title={part ? t('partTitle') : t('partNew')} verb={t('saveVerb')} ready={!!draft.code.trim() && !!draft.name.trim() && !!draft.unit.trim()} busy={save.isPending} error={save.error} onRun={() => save.mutate()} onClose={onClose}>
      <label className="plan-field"><span>{t('sku')}</span><Input value={draft.code} maxLength={40} onChange={(event) => setDraft({ ...draft, code: event.target.value })} /></label>
      <label className="plan-field"><span>{t('name')}</span><Input value={draft.name} maxLength={80} onChange={(event) => setDraft({ ...draft, name: event.target.value })} /></label>
      <label className="plan-field"><span>{t('unit')}</span><Input value={draft.unit} maxLength={10} onChange={(event) => setDraft({ ...draft, unit: event.target.value })} /></label>
      <label className="plan-field"><span>{t('priceYuan')}</span><InputNumber aria-label={t('priceYuan')} min={0} max={10_000_000} precision={2} value={draft.price} onChange={(price) => setDraft({ ...draft, price: price ?? 0 })} /></label>
      {part ? <label className="row g6"><input type="checkbox" checked={draft.active} onChange={(event) => setDraft({ ...draft, active: event.target.checked })} />{t('active')}</label> : null}
    </Dialog>
  );
}

function StockForm({ onClose }: { onClose(): void }) {
  const t = useT(ordersText);
  const fresh = useFresh();
  const [id] = useState(newId);
  const [name, setName] = useState('');
  const [van, setVan] = useState<string | undefined>();
  const people = useOptions(useActiveEmployees().data);
  const save = useMutation({ mutationFn: () => api.post<Stock>('/stocks', van ? { van_of: van } : { id, name: name.trim() }), onSuccess: async () => { await fresh(); toast(t('saved')); onClose(); } });
  return (
    <Dialog title={t('storeNew')} verb={t('open')} ready={!!van || !!name.trim()} busy={save.isPending} error={save.error} onRun={() => save.mutate()} onClose={onClose}>
      <label className="plan-field"><span>{t('storeName')}</span><Input value={name} maxLength={40} disabled={!!van} onChange={(event) => setName(event.target.value)} /></label>
      <div className="plan-field"><span>{t('vanOf')}</span><Select aria-label={t('vanOf')} allowClear value={van} options={people} showSearch={{ optionFilterProp: 'label' }} onChange={setVan} style={{ minWidth: 180 }} /></div>
    </Dialog>
  );
}

const KINDS = ['receive', 'transfer', 'adjust'] as const satisfies readonly StockMoveKind[];

function MoveForm({ onClose }: { onClose(): void }) {
  const t = useT(ordersText);
  const fresh = useFresh();
  const [id] = useState(newId);
  const parts = useParts();
  const stocks = useStocks();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('receive');
  const [part, setPart] = useState<string | undefined>();
  const [from, setFrom] = useState<string | undefined>();
  const [to, setTo] = useState<string | undefined>();
  const [more, setMore] = useState(true);
  const [quantity, setQuantity] = useState(1);
  const [reason, setReason] = useState('');
  const needsFrom = kind === 'transfer' || (kind === 'adjust' && !more);
  const needsTo = kind !== 'adjust' || more;
  const choices = (stocks.data ?? []).map((stock) => ({ value: stock.id, label: stock.name }));
  const save = useMutation({
    mutationFn: () => api.post('/stock-moves', { id, kind, part_id: part, quantity, ...(needsFrom ? { from_id: from } : {}), ...(needsTo ? { to_id: to } : {}), ...(kind === 'adjust' ? { reason: reason.trim() } : {}) }),
    onSuccess: async () => { await fresh(); toast(t('moveSaved')); onClose(); },
  });
  return (
    <Dialog title={t('moveNew')} verb={t('saveVerb')} ready={!!part && quantity > 0 && (!needsFrom || !!from) && (!needsTo || !!to) && (kind !== 'adjust' || !!reason.trim())} busy={save.isPending} error={save.error} onRun={() => save.mutate()} onClose={onClose}>
      <span className="seg" role="radiogroup" aria-label={t('moveNew')}>{KINDS.map((one) => <button key={one} type="button" role="radio" aria-checked={kind === one} className={kind === one ? 'on' : ''} onClick={() => setKind(one)}>{t(`kind.${one}`)}</button>)}</span>
      {kind === 'adjust' ? <span className="seg" role="radiogroup" aria-label={t('kind.adjust')}>{[true, false].map((one) => <button key={String(one)} type="button" role="radio" aria-checked={more === one} className={more === one ? 'on' : ''} onClick={() => setMore(one)}>{t(one ? 'adjustUp' : 'adjustDown')}</button>)}</span> : null}
      <div className="plan-field"><span>{t('part')}</span><Select aria-label={t('part')} value={part} showSearch={{ optionFilterProp: 'label' }} options={(parts.data ?? []).filter((one) => one.active).map((one) => ({ value: one.id, label: `${one.name} ${one.code}` }))} onChange={setPart} style={{ minWidth: 180 }} /></div>
      {needsFrom ? <div className="plan-field"><span>{t('fromStock')}</span><Select aria-label={t('fromStock')} value={from} options={choices} onChange={setFrom} style={{ minWidth: 150 }} /></div> : null}
      {needsTo ? <div className="plan-field"><span>{t('toStock')}</span><Select aria-label={t('toStock')} value={to} options={choices} onChange={setTo} style={{ minWidth: 150 }} /></div> : null}
      <label className="plan-field"><span>{t('quantity')}</span><InputNumber aria-label={t('quantity')} min={1} max={1_000_000} precision={0} value={quantity} onChange={(next) => setQuantity(next ?? 0)} /></label>
      {kind === 'adjust' ? <label className="plan-field"><span>{t('reason')}</span><Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} /></label> : null}
    </Dialog>
  );
}
