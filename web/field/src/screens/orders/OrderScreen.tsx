import { Suspense, lazy, useState } from 'react';
import type { Equipment, Ref } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, toast } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type LocalOrder, pauseOrder, resumeOrder, useOrders } from '../../work/orders.ts';
import { setOut } from '../../work/record.ts';
import { Answer } from './OrderCards.tsx';
import { Meters } from './Meters.tsx';
import { Parts } from './Parts.tsx';
import { FinishSheet, SignSheet } from './sheets.tsx';
import { OwnFields, hasOwn } from '../customers/OwnFields.tsx';
import { History, StatusTag, Targets, nearTime } from './facts.tsx';
import { OrderPhotos } from './OrderPhotos.tsx';
import { ordersText } from './text.ts';
import './orders.css';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));

export function OrderScreen({ orderId }: { orderId: string }) {
  const t = useT(ordersText);
  const orders = useOrders();
  if (!orders) return <div className="phone" />;
  const one = orders.find((found) => found.order.order.id === orderId);
  if (!one) return <Page title={t('title')} backTo="/orders"><Empty title={t('gone')} text={t('goneText')} action={<Link className="textlink" to="/orders">{t('toOrders')}</Link>} /></Page>;
  return <Order one={one} />;
}

/** One order: what is wrong, what is known of the equipment, what was used, and the one thing to do next. */
function Order({ one }: { one: LocalOrder }) {
  const t = useT(ordersText);
  const f = useFormat();
  const [open, setOpen] = useState<'pause' | 'finish' | 'sign' | null>(null);
  const { owner, snapshot } = useField();
  const { order } = one.order;
  const { status } = one;
  const close = () => setOpen(null);
  const onSite = status === 'on_site' || status === 'paused';
  return (
    <Page title={order.customer.name} sub={f.dots([order.number, order.kind.name])} backTo="/orders" foot={<Foot one={one} onOpen={setOpen} />}>
      {one.refused[0] ? <p className="say late mx" role="alert"><Icon name="warn" size={20} /><span>{t('syncProblem', { title: one.refused[0].refusal?.title ?? '' })} <Link to="/me/sync">{t('toSync')}</Link></span></p> : null}
      <section className="card mx order-head">
        <div className="row g6"><StatusTag status={status} />{order.customer.grade ? <GradeTag grade={order.customer.grade} /> : null}<span className="sp" /><Targets order={order} status={status} /></div>
        <h2>{order.title}</h2>
        {order.detail ? <p className="d">{order.detail}</p> : null}
        {one.order.photos?.length ? <OrderPhotos order={order.id} photos={one.order.photos} /> : null}
        <p className="d">{f.dots([order.customer.address, order.from ? t('from', { number: order.from.name }) : null])}</p>
        {order.contact_phone ? <a className="textlink row g6" style={{ justifyContent: 'flex-start', padding: 0, minHeight: 48 }} href={`tel:${order.contact_phone}`}><Icon name="phone" size={18} />{t('call', { name: order.contact_name ?? order.contact_phone })}</a> : null}
        {status === 'paused' && order.pause_reason ? <p className="d fg-late">{t('paused', { reason: order.pause_reason })}</p> : null}
        {one.waiting > 0 ? <p className="d row g4" role="status"><Icon name="sync" size={15} />{t('waits')}</p> : null}
      </section>
      <h2 className="h3">{t('equipment')}</h2>
      {one.order.equipment_card ? <EquipmentFacts equipment={one.order.equipment_card} manuals={snapshot?.equipment?.find((card) => card.equipment.id === one.order.equipment_card?.id)?.manuals} /> : <p className="m3 mx" style={{ padding: '0 2px 8px' }}>{t('noEquipment')}</p>}
      {one.visit ? (
        <div className="card list mx" style={{ marginTop: 10 }}>
          <Link className="li" to={`/visit/${one.visit.id}`}><span className="ico"><Icon name="list" size={22} /></span><span><b>{t('steps')}</b><span className="d" style={{ display: 'block' }}>{t('stepsText')}</span></span><Icon name="right" size={20} className="m3" /></Link>
        </div>
      ) : null}
      <Meters one={one} may={onSite} />
      <Parts one={one} may={onSite} />
      {one.order.equipment_card ? <><h2 className="h3">{t('history')}</h2><History orders={one.order.history} /></> : null}
      <h2 className="h3">{t('timeline')}</h2>
      <ol className="card mx" style={{ marginBottom: 20 }}>
        {one.order.events.map((event) => (
          <li key={event.seq} className="order-line"><time dateTime={event.at}>{nearTime(f, event.at)}</time><b>{t(`move.${event.move}`)}</b><span>{f.dots([event.by?.name, event.note])}</span></li>
        ))}
      </ol>
      {open === 'pause' ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('pauseTitle')} reasons={order.pauses.map((pause) => pause.reason)} ownWords={t('pauseWhy')} confirmText={t('pauseDo')} onClose={close}
            onReason={async (reason) => {
              close();
              if (await saving(pauseOrder(owner, order, reason, one.visit?.id ?? null))) toast(t('saved'));
            }}
          />
        </Suspense>
      ) : null}
      {open === 'finish' ? <FinishSheet one={one} onClose={close} onDone={() => setOpen(order.signature ? 'sign' : null)} /> : null}
      {open === 'sign' ? <SignSheet one={one} onClose={close} /> : null}
    </Page>
  );
}

export function EquipmentFacts({ equipment, manuals = [] }: { equipment: Equipment; manuals?: readonly Ref[] }) {
  const t = useT(ordersText);
  const f = useFormat();
  const { snapshot } = useField();
  const spec = snapshot?.equipment_fields;
  const over = equipment.warranty_until !== null && equipment.warranty_until < f.today();
  return (
    <section className="card mx order-head">
      <b className="row g6"><span>{equipment.name}</span><span className="tag">{equipment.code}</span></b>
      <p className="d">{f.dots([equipment.kind?.name, equipment.model, equipment.serial ? t('serial', { serial: equipment.serial }) : null, equipment.place ? t('place', { place: equipment.place }) : null])}</p>
      {equipment.warranty_until ? <p className={over ? 'd fg-late' : 'd fg-visit'}>{t(over ? 'expired' : 'warranty', { day: f.day(equipment.warranty_until) })}</p> : null}
      {equipment.note ? <p className="d">{equipment.note}</p> : null}
      {hasOwn(equipment.custom, spec) ? <dl className="dl" style={{ font: '14px/22px var(--font)', marginTop: 6 }}><OwnFields answers={equipment.custom} spec={spec} /></dl> : null}
      {manuals.map((one) => <Link key={one.id} className="textlink row g6" to={`/knowledge/${one.id}`}><Icon name="book" size={18} />{t('manual', { name: one.name })}</Link>)}
    </section>
  );
}

/** The one thing to do next. */
function Foot({ one, onOpen }: { one: LocalOrder; onOpen(what: 'pause' | 'finish' | 'sign'): void }) {
  const t = useT(ordersText);
  const { owner, snapshot } = useField();
  const { order } = one.order;
  const task = snapshot?.tasks.find((found) => found.id === order.task_id);
  switch (one.status) {
    case 'assigned': return <Answer one={one} owner={owner} />;
    case 'accepted':
    case 'on_the_way':
      return task ? (
        <div className="order-actions">
          {one.status === 'accepted' ? <button type="button" className="cta sec" onClick={() => void saving(setOut(owner, task))}><Icon name="navigate" size={22} />{t('setOut')}</button> : null}
          <button type="button" className="cta" onClick={() => go(`/check-in/${task.id}`)}><Icon name="visit" size={22} weight={2} />{t('checkIn')}</button>
        </div>
      ) : null;
    case 'on_site':
      return (
        <div className="order-actions">
          {order.pauses.length ? <button type="button" className="cta sec" onClick={() => onOpen('pause')}><Icon name="clock" size={22} />{t('pause')}</button> : null}
          <button type="button" className="cta" onClick={() => onOpen('finish')}><Icon name="check" size={22} weight={2} />{t('finish')}</button>
        </div>
      );
    case 'paused': return <button type="button" className="cta" onClick={() => void saving(resumeOrder(owner, order))}><Icon name="wrench" size={22} weight={2} />{t('resume')}</button>;
    case 'finished': return <button type="button" className="cta" onClick={() => onOpen('sign')}><Icon name="signature" size={22} weight={2} />{t('sign')}</button>;
    default: return null;
  }
}
