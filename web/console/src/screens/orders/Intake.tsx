import { useQuery } from '@tanstack/react-query';
import { api, newId, type Customer, type Id, type OrderDetail } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { SkillsField } from '../../kit/Skills';
import { CustomerSelect } from '../tasks/CustomerSelect';
import { ordersText } from './text';
import { useEquipmentOf, useOrderTypes, useTakeOrder } from './useOrders';

/** The desk takes an order in: whose, about what, how urgent. */
export function Intake({ customer: first, equipment: piece, from, onClose, onTaken }: { customer: Id | undefined; equipment: Id | undefined; from: Id | undefined; onClose(): void; onTaken(id: Id): void }) {
  const t = useT(ordersText);
  const [id] = useState(newId);
  const followed = useQuery({ queryKey: ['orders', 'one', from], queryFn: () => api.get<OrderDetail>('/orders/{id}', { params: { id: from ?? '' } }), enabled: !!from });
  const [customer, setCustomer] = useState(first);
  const [equipment, setEquipment] = useState(piece ?? '');
  const [type, setType] = useState('');
  const [title, setTitle] = useState('');
  const [detail, setDetail] = useState('');
  const [priority, setPriority] = useState(1);
  const [contact, setContact] = useState('');
  const [phone, setPhone] = useState('');
  const [skills, setSkills] = useState<string[]>([]);
  const types = useOrderTypes();
  const usable = (types.data ?? []).filter((one) => one.active);
  const kind = type || usable[0]?.id || '';
  const devices = useEquipmentOf(customer);
  const shop = useQuery({ queryKey: ['customers', customer], queryFn: () => api.get<Customer>('/customers/{id}', { params: { id: customer ?? '' } }), enabled: !!customer, staleTime: 60_000 });
  const take = useTakeOrder();
  const before = followed.data?.order;
  useEffect(() => {
    if (!before) return;
    setCustomer(before.customer.id);
    setEquipment(before.equipment?.id ?? '');
    setContact(before.contact_name ?? '');
    setPhone(before.contact_phone ?? '');
  }, [before?.id]);
  const gaps = [kind ? null : t('type'), customer ? null : t('customer'), title.trim() ? null : t('fault')].filter((one) => one !== null);
  const some = (key: string, value: string) => (value.trim() ? { [key]: value.trim() } : {});
  const save = () => customer && take.mutate({
    id, type_id: kind, customer_id: customer, title: title.trim(), priority, skills,
    ...some('equipment_id', equipment), ...some('detail', detail), ...some('contact_name', contact), ...some('contact_phone', phone), ...(from ? { from_id: from } : {}),
  }, { onSuccess: ({ order }) => toast(t('taken', { number: order.number })) });
  // Only once the form counts as saved: leaving it would ask about unsaved input otherwise.
  const taken = take.data?.order.id;
  useEffect(() => {
    if (taken) onTaken(taken);
  }, [taken]);
  return (
    <EntityDrawer
      title={t('takeTitle')} subtitle={before ? t('followOf', { number: before.number }) : t('takeSub')} width={480} onClose={onClose} dirty={!take.isSuccess && (title !== '' || detail !== '')}
      foot={<button type="button" className="btn pri sp" disabled={gaps.length > 0 || take.isPending} onClick={save}>{take.isPending ? t('saving') : gaps.length ? t('cannotSave', { what: gaps.join(t('joiner')) }) : t('save')}</button>}
    >
      <div className="drawer-pad order-form">
        <div className="plan-field"><span>{t('customer')}</span><CustomerSelect label={t('customer')} value={customer} chosen={shop.data} onChange={(next) => { setCustomer(next); setEquipment(''); }} /></div>
        <div className="plan-field"><span>{t('device')}</span>
          <Select
            aria-label={t('device')} value={equipment} disabled={!customer} onChange={setEquipment} showSearch={{ optionFilterProp: 'label' }}
            options={[{ value: '', label: t('deviceNone') }, ...(devices.data ?? []).filter((one) => one.status !== 'scrapped').map((one) => ({ value: one.id, label: [one.name, one.model, one.code].filter(Boolean).join(' ') }))]}
          />
        </div>
        <div className="plan-field"><span>{t('type')}</span><Select aria-label={t('type')} value={kind || undefined} options={usable.map((one) => ({ value: one.id, label: one.name }))} onChange={setType} />{types.isSuccess && usable.length === 0 ? <span className="s12 fg-problem">{t('typeNone')}</span> : null}</div>
        <label className="plan-field"><span>{t('fault')}</span><Input value={title} maxLength={80} placeholder={t('faultHint')} onChange={(event) => setTitle(event.target.value)} /></label>
        <label className="plan-field"><span>{t('detail')}</span><textarea className="plain-input plan-note" rows={3} maxLength={1000} value={detail} onChange={(event) => setDetail(event.target.value)} /></label>
        <div className="plan-field"><span>{t('priority')}</span>
          <span className="seg" role="radiogroup" aria-label={t('priority')}>
            {([1, 2, 3] as const).map((one) => <button key={one} type="button" role="radio" aria-checked={priority === one} className={priority === one ? 'on' : ''} onClick={() => setPriority(one)}>{t(`priority.${one}`)}</button>)}
          </span>
        </div>
        <div className="order-two">
          <label className="plan-field"><span>{t('contact')}</span><Input value={contact} maxLength={40} onChange={(event) => setContact(event.target.value)} /></label>
          <label className="plan-field"><span>{t('phone')}</span><Input value={phone} maxLength={30} inputMode="tel" onChange={(event) => setPhone(event.target.value)} /></label>
        </div>
        <div className="plan-field"><span>{t('skills')}</span><SkillsField label={t('skills')} value={skills} onChange={setSkills} /></div>
        {take.error ? <ProblemView error={take.error} compact /> : null}
      </div>
    </EntityDrawer>
  );
}
