import { useQuery } from '@tanstack/react-query';
import { api, newId, type Customer, type Id, type Point } from '@tashi/shared/api';
import { serverNow, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { PointField } from '../../kit/PointField';
import { ProblemView } from '../../kit/ProblemView';
import { SkillsField } from '../../kit/Skills';
import { useTemplates } from '../planning/usePlanning';
import { CustomerSelect } from '../tasks/CustomerSelect';
import { dispatchText } from './text';
import { useTake } from './useDispatch';

const WITHIN = [30, 60, 120, 240];

/** Desk staff take down what a caller wants: where, what, how urgent. */
export function Intake({ customer: first, onClose, onTaken }: { customer: Id | undefined; onClose(): void; onTaken(id: Id): void }) {
  const t = useT(dispatchText);
  const [id] = useState(newId);
  const [where, setWhere] = useState<'customer' | 'place'>('customer');
  const [customer, setCustomer] = useState(first);
  const [place, setPlace] = useState({ name: '', address: '' });
  const [at, setAt] = useState<Point | null>(null);
  const [title, setTitle] = useState('');
  const [note, setNote] = useState('');
  const [priority, setPriority] = useState(2);
  const [within, setWithin] = useState<number | null>(null);
  const [skills, setSkills] = useState<string[]>([]);
  const [minutes, setMinutes] = useState(45);
  const [template, setTemplate] = useState('');
  const templates = useTemplates();
  const take = useTake();
  const shop = useQuery({
    queryKey: ['customers', customer],
    queryFn: () => api.get<Customer>('/customers/{id}', { params: { id: customer ?? '' } }),
    enabled: !!customer,
    staleTime: 60_000,
  });
  const gaps = [
    (where === 'customer' ? customer : place.name.trim() && at) ? null : t('need.where'),
    title.trim() ? null : t('need.what'),
  ].filter((one) => one !== null);
  const save = () => take.mutate({
    id,
    ...(where === 'customer' ? { customer_id: customer } : at ? { place: { name: place.name.trim(), at, ...(place.address.trim() ? { address: place.address.trim() } : {}) } } : {}),
    title: title.trim(), priority, skills, service_minutes: minutes,
    ...(note.trim() ? { note: note.trim() } : {}),
    ...(within ? { latest_at: new Date(serverNow() + within * 60_000).toISOString() } : {}),
    ...(template ? { template_id: template } : {}),
  }, {
    onSuccess: (request) => toast(t('taken', { name: request.customer.name })),
  });
  // Only once the form counts as saved: leaving it would ask about unsaved input otherwise.
  const taken = take.data?.id;
  useEffect(() => {
    if (taken) onTaken(taken);
  }, [taken]);
  const seg = <V extends string | number>(label: string, value: V, options: readonly (readonly [V, string])[], set: (next: V) => void) => (
    <span className="seg" role="radiogroup" aria-label={label}>
      {options.map(([one, words]) => <button key={one} type="button" role="radio" aria-checked={value === one} className={value === one ? 'on' : ''} onClick={() => set(one)}>{words}</button>)}
    </span>
  );
  return (
    <EntityDrawer
      title={t('takeTitle')}
      subtitle={t('takeSub')}
      width={480}
      onClose={onClose}
      dirty={!take.isSuccess && (title !== '' || note !== '' || place.name !== '')}
      foot={<button type="button" className="btn pri sp" disabled={gaps.length > 0 || take.isPending} onClick={save}>{take.isPending ? t('saving') : gaps.length ? t('cannotSave', { what: gaps.join(t('joiner')) }) : t('save')}</button>}
    >
      <div className="drawer-pad dispatch-form">
        <div className="plan-field">
          <span>{t('where')}</span>
          {seg(t('where'), where, [['customer', t('where.customer')], ['place', t('where.place')]], setWhere)}
          {where === 'customer' ? <CustomerSelect label={t('where.customer')} value={customer} chosen={shop.data} onChange={setCustomer} /> : (
            <>
              <Input aria-label={t('placeName')} placeholder={t('placeName')} maxLength={80} value={place.name} onChange={(event) => setPlace({ ...place, name: event.target.value })} />
              <Input aria-label={t('placeAddress')} placeholder={t('placeAddress')} maxLength={200} value={place.address} onChange={(event) => setPlace({ ...place, address: event.target.value })} />
              <PointField value={at} onChange={setAt} />
              <span className="s12 m3">{t('placeNote')}</span>
            </>
          )}
        </div>
        <label className="plan-field"><span>{t('what')}</span><Input value={title} maxLength={80} placeholder={t('whatPlaceholder')} onChange={(event) => setTitle(event.target.value)} /></label>
        <div className="plan-field"><span>{t('priority')}</span>{seg(t('priority'), priority, [[1, t('priority.1')], [2, t('priority.2')], [3, t('priority.3')]], setPriority)}</div>
        <div className="plan-field"><span>{t('latestAt')}</span>{seg(t('latestAt'), within ?? 0, [[0, t('latestNone')], ...WITHIN.map((one) => [one, t('latestIn', { minutes: one })] as const)], (next) => setWithin(next || null))}</div>
        <label className="plan-field"><span>{t('wanted')}</span>
          <SkillsField label={t('wanted')} value={skills} onChange={setSkills} />
          <span className="s12 m3">{t('wantedHint')}</span>
        </label>
        <label className="plan-field"><span>{t('service')}</span><span className="row g6"><InputNumber aria-label={t('service')} min={5} max={480} step={5} precision={0} value={minutes} onChange={(next) => setMinutes(next ?? 45)} style={{ width: 96 }} />{t('minutes')}</span></label>
        <label className="plan-field"><span>{t('template')}</span><Select aria-label={t('template')} value={template} options={[{ value: '', label: t('templateNone') }, ...(templates.data ?? []).map((one) => ({ value: one.id, label: one.name }))]} onChange={setTemplate} /></label>
        <label className="plan-field"><span>{t('note')}</span><textarea className="plain-input plan-note" rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} /></label>
        {take.error ? <ProblemView error={take.error} compact /> : null}
      </div>
    </EntityDrawer>
  );
}
