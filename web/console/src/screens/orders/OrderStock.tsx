import { useMutation } from '@tanstack/react-query';
import { api, newId, type OrderDetail } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { InputNumber, Select } from 'antd';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { ordersText } from './text';
import { useFresh, useParts, useStocks } from './useOrders';

const KINDS = ['reserve', 'release', 'return'] as const;

/** Parts promised to an order, let go again, or taken back from it. */
export function OrderStock({ detail: { order, parts: used }, onClose }: { detail: OrderDetail; onClose(): void }) {
  const t = useT(ordersText);
  const fresh = useFresh();
  const [id] = useState(newId);
  const parts = useParts();
  const stocks = useStocks();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('reserve');
  const [part, setPart] = useState<string | undefined>();
  const [stock, setStock] = useState<string | undefined>();
  const [quantity, setQuantity] = useState(1);
  const built = new Set(used.filter((one) => one.quantity > 0).map((one) => one.part.id));
  const choices = (parts.data ?? []).filter((one) => (kind === 'return' ? built.has(one.id) : one.active));
  const save = useMutation({
    mutationFn: () => api.post('/stock-moves', { id, kind, part_id: part, quantity, order_id: order.id, ...(kind === 'return' ? { to_id: stock } : { from_id: stock }) }),
    onSuccess: async () => { await fresh(); toast(t('moveSaved')); onClose(); },
  });
  return (
    <Modal title={t('orderStock', { number: order.number })} onClose={onClose} foot={<button type="button" className="btn pri" disabled={!part || !stock || quantity < 1 || save.isPending} onClick={() => save.mutate()}>{t('saveVerb')}</button>}>
      <div className="order-form">
        <span className="seg" role="radiogroup" aria-label={t('moveNew')}>{KINDS.map((one) => <button key={one} type="button" role="radio" aria-checked={kind === one} className={kind === one ? 'on' : ''} onClick={() => { setKind(one); setPart(undefined); }}>{t(`kind.${one}`)}</button>)}</span>
        <p className="s12 m2">{t(`stockHint.${kind}`)}</p>
        <div className="plan-field"><span>{t('part')}</span><Select aria-label={t('part')} value={part} showSearch={{ optionFilterProp: 'label' }} options={choices.map((one) => ({ value: one.id, label: `${one.name} ${one.code}` }))} onChange={setPart} /></div>
        <div className="plan-field"><span>{t(kind === 'return' ? 'toStock' : 'fromStock')}</span><Select aria-label={t(kind === 'return' ? 'toStock' : 'fromStock')} value={stock} options={(stocks.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={setStock} /></div>
        <label className="plan-field"><span>{t('quantity')}</span><InputNumber aria-label={t('quantity')} min={1} max={1_000_000} precision={0} value={quantity} onChange={(next) => setQuantity(next ?? 0)} /></label>
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
    </Modal>
  );
}
