import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type FormLine, type Id, type InspectionPerson, type InspectionPlan, type InspectionPoint, type InspectionRound } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees } from '../../kit/refs';
import { CustomerSelect } from '../tasks/CustomerSelect';
import { inspectionsText } from './inspectionsText';
import { useEquipmentOf } from './useOrders';

const MOST = 40;
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const FRESH: Point = { key: '', customer: null, customer_id: '', equipment_id: null, form_id: null, title: null, from_minute: null, to_minute: null, label: false };

interface Point extends InspectionPoint {
  key: string;
  customer: string | null;
}

const DAY = 1440;
const clock = (minute: number | null) => (minute === null ? '' : `${String(Math.floor((minute % DAY) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
/** Is a point after the midnight that follows its round's day? Where nothing is said of its beginning, its end tells. */
const isNext = (point: { from_minute: number | null; to_minute: number | null }) => (point.from_minute ?? point.to_minute ?? 0) >= DAY;
/** Times as they are typed: an end before its beginning lies in the next day. */
const timed = (from: number | null, to: number | null, next: boolean) => {
  const begin = from === null ? null : (from % DAY) + (next ? DAY : 0);
  const end = to === null ? null : (to % DAY) + (next ? DAY : 0);
  return { from_minute: begin, to_minute: begin !== null && end !== null && end < begin && end + DAY <= 2 * DAY ? end + DAY : end };
};
const minuteOf = (text: string) => (/^\d\d:\d\d/.test(text) ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)) : null);

/** The forms points can be checked by. */
function useForms() {
  const language = useLanguage();
  return useQuery({
    queryKey: ['forms', 'for-points', language],
    queryFn: async () => (await api.get<{ items: FormLine[] }>('/forms')).items.filter((one) => one.published !== null && !one.retired).map((one) => ({ value: one.id, label: (language === 'en' ? one.title.en : one.title['zh-CN']) ?? Object.values(one.title)[0] ?? one.key })),
  });
}

/** Points in order, each with its time and what is checked there; people with their days. */
export function InspectionPlanDrawer({ plan, onClose, onSaved }: { plan: InspectionPlan | null; onClose(): void; onSaved(id: Id): void }) {
  const t = useT(inspectionsText);
  const client = useQueryClient();
  const canWrite = useCan('order.write');
  const [id] = useState(plan?.id ?? newId());
  const [name, setName] = useState(plan?.name ?? '');
  const [active, setActive] = useState(plan?.active ?? true);
  const [points, setPoints] = useState<Point[]>(() => plan?.points.map((one, k) => ({ ...one, key: newId(), customer: plan.names.customers[k] ?? null })) ?? [{ ...FRESH, key: newId() }]);
  const [people, setPeople] = useState<InspectionPerson[]>(plan?.people ?? []);
  const [sending, setSending] = useState(false);
  const forms = useForms();
  const staff = useActiveEmployees();
  const set = (k: number, change: Partial<Point>) => setPoints((all) => all.map((one, i) => (i === k ? { ...one, ...change } : one)));
  const move = (k: number, by: number) => setPoints((all) => {
    const next = [...all];
    const [one] = next.splice(k, 1);
    if (one) next.splice(k + by, 0, one);
    return next;
  });
  const save = useMutation({
    mutationFn: () => {
      const terms = { name: name.trim(), active, people, points: points.map(({ key: _key, customer: _customer, ...one }) => ({ ...one, title: one.title?.trim() || null, label: one.label && one.equipment_id !== null })) };
      return plan ? api.put<InspectionPlan>('/inspection-plans/{id}', terms, { params: { id }, version: plan.version }) : api.post<InspectionPlan>('/inspection-plans', { id, terms });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['inspections'] });
      toast(t('saved'));
      onSaved(saved.id);
    },
  });
  const ready = name.trim() && points.length > 0 && points.every((one) => one.customer_id) && people.every((one) => one.weekdays.length > 0);
  const nameOf = (person: Id) => staff.data?.find((one) => one.id === person)?.name ?? plan?.names.people[plan.people.findIndex((one) => one.employee_id === person)] ?? '';
  return (
    <EntityDrawer
      title={t('planTitle')} subtitle={t('planSub')} width={560} onClose={onClose}
      foot={canWrite ? <>{plan ? <button type="button" className="btn" onClick={() => setSending(true)}>{t('start')}</button> : null}<button type="button" className="btn pri sp" disabled={!ready || save.isPending} onClick={() => save.mutate()}>{t('save')}</button></> : undefined}
    >
      <div className="drawer-pad order-form">
        <label className="plan-field"><span>{t('name')}</span><Input value={name} maxLength={60} onChange={(event) => setName(event.target.value)} /></label>
        <label className="row g6"><input type="checkbox" checked={active} onChange={(event) => setActive(event.target.checked)} />{t('active')}</label>
        <ol className="inspection-points" aria-label={t('points')}>
          {points.map((point, k) => (
            <PointForm
              key={point.key} point={point} n={k + 1} last={k === points.length - 1} forms={forms.data ?? []}
              onChange={(change) => set(k, change)} onMove={(by) => move(k, by)} onRemove={() => setPoints((all) => all.filter((_, i) => i !== k))}
            />
          ))}
        </ol>
        {points.length < MOST ? <button type="button" className="btn" style={{ alignSelf: 'flex-start' }} onClick={() => setPoints((all) => [...all, { ...FRESH, key: newId(), customer_id: all.at(-1)?.customer_id ?? '', customer: all.at(-1)?.customer ?? null, form_id: all.at(-1)?.form_id ?? null, label: all.at(-1)?.label ?? false, from_minute: all.at(-1)?.to_minute ?? null }])}><Icon name="plus" size={15} />{t('addPoint')}</button> : null}
        <div className="plan-field"><span>{t('people')}</span>
          {people.map((one, k) => (
            <div key={one.employee_id} className="row g6 order-wrap">
              <b style={{ minWidth: 64 }}>{nameOf(one.employee_id)}</b>
              <span className="seg" role="group" aria-label={t('weekdays', { name: nameOf(one.employee_id) })}>
                {DAYS.map((day) => {
                  const on = one.weekdays.includes(day);
                  return <button key={day} type="button" aria-pressed={on} className={on ? 'on' : ''} onClick={() => setPeople((all) => all.map((p, i) => (i === k ? { ...p, weekdays: on ? p.weekdays.filter((d) => d !== day) : [...p.weekdays, day].sort((a, b) => a - b) } : p)))}>{t(`w${day}`)}</button>;
                })}
              </span>
              <button type="button" className="icb" aria-label={t('removePerson', { name: nameOf(one.employee_id) })} onClick={() => setPeople((all) => all.filter((_, i) => i !== k))}><Icon name="close" size={16} /></button>
            </div>
          ))}
          <Select
            aria-label={t('addPerson')} placeholder={t('addPerson')} value={null} showSearch={{ optionFilterProp: 'label' }} options={(staff.data ?? []).filter((one) => !people.some((p) => p.employee_id === one.id)).map((one) => ({ value: one.id, label: one.name }))}
            onChange={(employee_id: Id | null) => { if (employee_id) setPeople((all) => [...all, { employee_id, weekdays: [1, 2, 3, 4, 5] }]); }}
          />
          <span className="s12 m3">{t('everyWeek')}</span>
        </div>
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
      {sending && plan ? <StartModal plan={plan} onClose={() => setSending(false)} /> : null}
    </EntityDrawer>
  );
}

function PointForm({ point, n, last, forms, onChange, onMove, onRemove }: {
  point: Point; n: number; last: boolean; forms: { value: Id; label: string }[]; onChange(change: Partial<Point>): void; onMove(by: number): void; onRemove(): void;
}) {
  const t = useT(inspectionsText);
  const pieces = useEquipmentOf(point.customer_id || undefined);
  const next = isNext(point);
  return (
    <li aria-label={t('point', { n })}>
      <div className="row g6"><b className="sp">{t('point', { n })}</b>
        <button type="button" className="icb" aria-label={t('up', { n })} disabled={n === 1} onClick={() => onMove(-1)}><Icon name="up" size={16} /></button>
        <button type="button" className="icb" aria-label={t('down', { n })} disabled={last} onClick={() => onMove(1)}><Icon name="down" size={16} /></button>
        <button type="button" className="icb" aria-label={t('removePoint', { n })} disabled={n === 1 && last} onClick={onRemove}><Icon name="close" size={16} /></button>
      </div>
      <div className="plan-field"><span>{t('customer')}</span><CustomerSelect label={t('customer')} value={point.customer_id || undefined} chosen={point.customer ? ({ id: point.customer_id, name: point.customer } as never) : undefined} onChange={(customer_id) => onChange({ customer_id, customer: null, equipment_id: null })} /></div>
      <div className="order-two">
        <div className="plan-field"><span>{t('equipment')}</span><Select aria-label={t('equipment')} value={point.equipment_id ?? ''} disabled={!point.customer_id} options={[{ value: '', label: t('equipmentNone') }, ...(pieces.data ?? []).map((one) => ({ value: one.id, label: `${one.name} ${one.code}` }))]} onChange={(value) => onChange({ equipment_id: value || null, label: !!value })} /></div>
        <div className="plan-field"><span>{t('form')}</span><Select aria-label={t('form')} value={point.form_id ?? ''} options={[{ value: '', label: t('formNone') }, ...forms]} onChange={(value) => onChange({ form_id: value || null })} /></div>
      </div>
      <div className="order-three">
        <label className="plan-field"><span>{t('pointTitle')}</span><Input value={point.title ?? ''} maxLength={80} onChange={(event) => onChange({ title: event.target.value })} /></label>
        <label className="plan-field"><span>{t('from')}</span><Input type="time" value={clock(point.from_minute)} onChange={(event) => onChange(timed(minuteOf(event.target.value), point.to_minute, next))} /></label>
        <label className="plan-field"><span>{t('to')}</span><Input type="time" value={clock(point.to_minute)} onChange={(event) => onChange(timed(point.from_minute, minuteOf(event.target.value), next))} /></label>
      </div>
      {point.from_minute !== null ? <label className="row g6"><input type="checkbox" checked={next} onChange={(event) => onChange(timed(point.from_minute, point.to_minute, event.target.checked))} />{t('nextDay')}{!next && (point.to_minute ?? 0) > DAY ? <span className="s12 m3">{t('overMidnight')}</span> : null}</label> : null}
      {point.equipment_id ? <label className="row g6"><input type="checkbox" checked={point.label} onChange={(event) => onChange({ label: event.target.checked })} />{t('label')}</label> : null}
    </li>
  );
}

function StartModal({ plan, onClose }: { plan: InspectionPlan; onClose(): void }) {
  const t = useT(inspectionsText);
  const format = useFormat();
  const client = useQueryClient();
  const staff = useActiveEmployees();
  const [person, setPerson] = useState<Id | null>(plan.people[0]?.employee_id ?? null);
  const send = useMutation({
    mutationFn: () => api.post<InspectionRound>('/inspection-plans/{id}/start', { employee_id: person, day: format.today() }, { params: { id: plan.id } }),
    onSuccess: async (round) => {
      await client.invalidateQueries({ queryKey: ['inspections'] });
      toast(t('started', { name: round.employee.name }));
      onClose();
    },
  });
  return (
    <Modal title={t('startTitle', { name: plan.name })} onClose={onClose} foot={<button type="button" className="btn pri" disabled={!person || send.isPending} onClick={() => send.mutate()}>{t('startDo')}</button>}>
      <div className="plan-field"><span>{t('choosePerson')}</span><Select aria-label={t('choosePerson')} value={person} options={(staff.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={setPerson} /></div>
      {send.error ? <ProblemView error={send.error} compact /> : null}
    </Modal>
  );
}
