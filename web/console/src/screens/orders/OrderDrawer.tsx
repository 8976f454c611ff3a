import { Link } from '@tanstack/react-router';
import { api, toProblem, type Id, type OrderDetail } from '@tashi/shared/api';
import { useFormat, useT, type Format } from '@tashi/shared/i18n';
import { Badge, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState, type ReactNode } from 'react';
import { useCan } from '../../app/session';
import { AskReason } from '../../kit/AskReason';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { SkillChips } from '../../kit/Skills';
import { Assign } from './Assign';
import { OneTarget } from './TargetText';
import { OrderStock } from './OrderStock';
import { ordersText } from './text';
import { ORDER_LOOK, useDeed, useOrder, type Deed } from './useOrders';

/** One order from the call to the signature. */
export function OrderDrawer({ id, onClose }: { id: Id; onClose(): void }) {
  const t = useT(ordersText);
  const query = useOrder(id);
  if (query.data) return <OrderCard detail={query.data} onClose={onClose} />;
  return (
    <EntityDrawer title={t('detailTitle')} onClose={onClose}>
      {query.error ? <div className="drawer-pad">{toProblem(query.error).status === 404 ? <b>{t('notFound')}</b> : <ProblemView error={query.error} onRetry={query.refetch} />}</div> : <SkeletonRows rows={6} />}
    </EntityDrawer>
  );
}

const near = (format: Format, at: string) => (format.dayOf(at) === format.today() ? format.time(at) : format.dateTime(at));

function OrderCard({ detail, onClose }: { detail: OrderDetail; onClose(): void }) {
  const t = useT(ordersText);
  const format = useFormat();
  const canWrite = useCan('order.write');
  const [asking, setAsking] = useState<Deed | null>(null);
  const { order } = detail;
  const look = ORDER_LOOK[order.status];
  const returnable = ['assigned', 'accepted', 'on_the_way', 'paused'].includes(order.status);
  const open = !['finished', 'closed', 'cancelled'].includes(order.status);
  const facts: [string, ReactNode][] = [
    [t('kind'), order.kind.name],
    ...(order.equipment ? [[t('device'), <Link key="e" to="/orders/equipment" search={{ piece: order.equipment.id }}>{format.dots([order.equipment.name, order.equipment.code])}</Link>] as [string, ReactNode]] : []),
    ...(order.response ? [[t('response'), <OneTarget key="r" target={order.response} words="onSiteBy" />] as [string, ReactNode]] : []),
    ...(order.finish ? [[t('finish'), <OneTarget key="f" target={order.finish} words="doneBy" />] as [string, ReactNode]] : []),
    [t('person'), order.employee?.name ?? t('nobody')],
    ...(order.contact_name || order.contact_phone ? [[t('contactLine'), format.dots([order.contact_name, order.contact_phone])] as [string, ReactNode]] : []),
    [t('address'), order.customer.address ?? '—'],
    [t('source'), format.dots([t(`source.${order.source}`), order.created_by?.name, format.dateTime(order.created_at)])],
    ...(order.from ? [[t('from'), <Link key="o" to="/orders" search={{ order: order.from.id }}>{order.from.name}</Link>] as [string, ReactNode]] : []),
    ...(order.skills.length ? [[t('skills'), <SkillChips key="s" skills={order.skills} />] as [string, ReactNode]] : []),
    ...(order.result ? [[t('result'), order.result] as [string, ReactNode]] : []),
    ...(order.labour_minutes !== null ? [[t('labour'), t('minutes', { minutes: order.labour_minutes })] as [string, ReactNode]] : []),
  ];
  return (
    <EntityDrawer
      title={order.customer.name} subtitle={format.dots([order.number, order.title])} link={`/orders?order=${order.id}`} onClose={onClose}
      foot={canWrite ? (
        <>
          {returnable ? <button type="button" className="btn" onClick={() => setAsking('return')}>{t('takeBack')}</button> : null}
          {open ? <button type="button" className="btn danger" onClick={() => setAsking('cancel')}>{t('cancel')}</button> : null}
          {order.status === 'finished' ? <button type="button" className="btn" onClick={() => setAsking('close')}>{t('close')}</button> : null}
          {open ? null : <Link to="/orders" search={{ create: '1', from: order.id }} className="btn">{t('followUp')}</Link>}
        </>
      ) : undefined}
    >
      <div className="drawer-pad order-card">
        <div className="row g6 order-wrap" role="status">
          <Badge tone={look.tone} icon={look.icon}>{t(`status.${order.status}`)}</Badge>
          {order.priority > 1 ? <span className={order.priority === 3 ? 'tag fg-problem' : 'tag fg-late'}>{t(order.priority === 3 ? 'priority.3' : 'priority.2')}</span> : null}
          {order.status === 'assigned' && order.expires_at && order.employee ? <span className="s12 m2">{t('expires', { name: order.employee.name, time: format.time(order.expires_at) })}</span> : null}
          {order.pause_reason ? <span className="s12 fg-late">{order.pause_reason}</span> : null}
        </div>
        {order.detail && order.detail !== order.title ? <p className="quote">{order.detail}</p> : null}
        {detail.photos.length ? <p className="order-photos" aria-label={t('photosOf')}>{detail.photos.map((photo, n) => { const url = api.url('/orders/{id}/photos/{photo_id}', { params: { id: order.id, photo_id: photo.id } }); return <a key={photo.id} href={url} target="_blank" rel="noreferrer"><img src={url} alt={t('photoN', { n: n + 1 })} loading="lazy" width={photo.width} height={photo.height} /></a>; })}</p> : null}
        {order.status === 'new' && canWrite ? <Assign order={order} /> : null}
        <dl className="facts order-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        <p className="row g6 order-wrap">
          {order.task_id ? <Link to="/tasks" search={{ task: order.task_id }} className="btn sm">{t('openTask')}</Link> : null}
          {order.visit_id ? <Link to="/visits/$id" params={{ id: order.visit_id }} className="btn sm">{t('openVisit')}</Link> : null}
          <CustomerLink token={detail.token} />
        </p>
        {detail.report ? <Report detail={detail} /> : null}
        <PartsTable detail={detail} />
        {detail.follow_ups.length ? (
          <section><h3>{t('followUps')}</h3><p className="row g6 order-wrap">{detail.follow_ups.map((one) => <Link key={one.id} to="/orders" search={{ order: one.id }}>{one.name}</Link>)}</p></section>
        ) : null}
        <section>
          <h3>{t('timeline')}</h3>
          <ol className="order-line">
            {detail.events.map((event) => (
              <li key={event.seq}>
                <time dateTime={event.at}>{near(format, event.at)}</time>
                <span><b>{t(`move.${event.move}`)}</b> {format.dots([event.by?.name, event.note])}
                  {event.claimed_at ? <small className="m3"> {format.dots([event.claimed_at === event.at ? null : t('claimed', { time: near(format, event.claimed_at) }), event.received_at === event.at ? null : t('received', { time: near(format, event.received_at) })])}</small> : null}
                </span>
              </li>
            ))}
          </ol>
        </section>
      </div>
      {asking ? <Ask detail={detail} deed={asking} onClose={() => setAsking(null)} /> : null}
    </EntityDrawer>
  );
}

function CustomerLink({ token }: { token: string }) {
  const t = useT(ordersText);
  const address = new URL(`/service/${token}`, window.location.origin).href;
  return <button type="button" className="btn sm" onClick={() => void navigator.clipboard?.writeText(address).then(() => toast(t('linkCopied')))}><Icon name="link" size={14} />{t('customerLink')}</button>;
}

function Report({ detail: { report, order } }: { detail: OrderDetail }) {
  const t = useT(ordersText);
  const format = useFormat();
  if (!report) return null;
  return (
    <section>
      <h3>{t('report')}</h3>
      <p>{report.signer ? t('signedBy', { name: report.signer }) : t('unsigned')} · {format.dateTime(report.signed_at)}</p>
      <p className="s12 m2">{t('code')} <span className="tabular">{report.code}</span></p>
      <p className="row g6 order-wrap">
        <a className="btn sm" href={`/api/v1/orders/${order.id}/report.pdf`} target="_blank" rel="noreferrer"><Icon name="file" size={14} />{t('pdf')}</a>
        <a className="btn sm" href={`/api/v1/ledger/bundles/visits/${order.id}`} download><Icon name="shield" size={14} />{t('bundle')}</a>
      </p>
      <p className="s12 m2">{report.stars ? format.dots([t('stars', { stars: report.stars }), report.words]) : t('notRated')}</p>
    </section>
  );
}

function PartsTable({ detail }: { detail: OrderDetail }) {
  const { order, parts, requests, parts_minor } = detail;
  const t = useT(ordersText);
  const format = useFormat();
  const may = useCan('stock.write') && !['finished', 'closed', 'cancelled'].includes(order.status);
  const [moving, setMoving] = useState(false);
  const money = (minor: number) => format.number(minor / 100, 2);
  return (
    <section>
      <h3 className="row g6"><span className="sp">{t('partsUsed')}</span>{may ? <button type="button" className="btn sm" onClick={() => setMoving(true)}>{t('stockDo')}</button> : null}</h3>
      {parts.length === 0 ? <p className="m3">{t('noParts')}</p> : (
        <table className="order-parts">
          <thead><tr><th>{t('part')}</th><th>{t('quantity')}</th><th>{t('price')}</th><th>{t('amount')}</th></tr></thead>
          <tbody>
            {parts.map((one) => (
              <tr key={`${one.part.id}/${one.price_minor}`}>
                <td>{one.part.name} <span className="m3">{one.code}</span>{one.short > 0 ? <div className="s12 fg-late">{t('short', { count: one.short })}</div> : null}</td>
                <td>{format.number(one.quantity)} {one.unit}</td><td>{money(one.price_minor)}</td><td>{money(one.minor)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot><tr><td colSpan={3}>{t('total')}</td><td>{money(parts_minor)}</td></tr></tfoot>
        </table>
      )}
      {requests.length ? <p className="s12 m2">{t('requestsAre', { list: requests.map((one) => `${one.part.name} ${format.number(one.quantity)} ${one.unit}`).join(t('joiner')) })}</p> : null}
      {moving ? <OrderStock detail={detail} onClose={() => setMoving(false)} /> : null}
    </section>
  );
}

function Ask({ detail: { order }, deed, onClose }: { detail: OrderDetail; deed: Deed; onClose(): void }) {
  const t = useT(ordersText);
  const run = useDeed(order.id, deed);
  const words = {
    return: { title: t('takeBackTitle', { number: order.number }), detail: t('takeBackDetail', { name: order.employee?.name ?? '' }), verb: t('takeBackVerb'), done: t('takenBack') },
    cancel: { title: t('cancelTitle', { number: order.number }), detail: t('cancelDetail'), verb: t('cancelVerb'), done: t('cancelled') },
    close: { title: t('closeTitle', { number: order.number }), detail: t('closeDetail'), verb: t('closeVerb'), done: t('closed') },
  }[deed];
  return (
    <AskReason
      title={words.title} detail={words.detail} label={t('reason')} verb={words.verb} danger={deed === 'cancel'} busy={run.isPending} error={run.error} onClose={onClose}
      onRun={(reason) => run.mutate(reason, { onSuccess: () => { toast(words.done); onClose(); } })}
    />
  );
}
