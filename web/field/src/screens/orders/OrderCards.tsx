import { Suspense, lazy, useState } from 'react';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, toast } from '@tashi/shared/ui';
import { useField, useOnline } from '../../app/context.tsx';
import { Link } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type LocalOrder, acceptOrder, refuseOrder, useOrders } from '../../work/orders.ts';
import { nearTime } from './facts.tsx';
import { ordersText } from './text.ts';
import './orders.css';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));

/** Orders that wait for an answer, first on the screen; and the way to all others. */
export default function OrderCards() {
  const t = useT(ordersText);
  const orders = useOrders();
  const open = (orders ?? []).filter((one) => one.status !== 'closed' && one.status !== 'cancelled');
  if (open.length === 0) return null;
  return (
    <>
      {open.filter((one) => one.status === 'assigned').map((one) => <OrderCard key={one.order.order.id} one={one} />)}
      <Link className="card mx li" to="/orders" style={{ marginBottom: 10 }}>
        <span className="ico"><Icon name="wrench" size={22} /></span>
        <span><b>{t('more', { count: open.length })}</b><span className="d" style={{ display: 'block' }}>{t('moreText')}</span></span>
        <Icon name="right" size={20} className="m3" />
      </Link>
    </>
  );
}

function OrderCard({ one }: { one: LocalOrder }) {
  const t = useT(ordersText);
  const f = useFormat();
  const online = useOnline();
  const { order } = one.order;
  const { owner } = useField();
  const now = useNow(1000);
  const left = order.expires_at ? Math.max(0, Math.round((Date.parse(order.expires_at) - now) / 1000)) : null;
  return (
    <section className={left === 0 ? 'card mx urgent order-new over' : 'card mx urgent order-new'} aria-label={t('label', { name: order.customer.name })}>
      <div className="row urgent-head">
        <Icon name="wrench" size={20} weight={2} /><b>{order.kind.name}</b><span className="sp" />
        {left ? <span className="urgent-left" role="timer" aria-label={t('left', { clock: clock(left) })}>{clock(left)}</span> : null}
      </div>
      <h2 className="row g6">{order.customer.grade ? <GradeTag grade={order.customer.grade} /> : null}<span>{order.customer.name}</span></h2>
      <p className="urgent-what">{order.title}{order.equipment ? <span className="m2"> · {order.equipment.name}</span> : null}</p>
      <p className="d">{f.dots([order.customer.address, order.response ? t('respondBy', { time: nearTime(f, order.response.due) }) : null, order.number])}</p>
      {left === 0 ? <p className="say late"><Icon name="info" size={20} />{t('over1')}</p> : (
        <>
          {online || !order.expires_at ? null : <p className="say late"><Icon name="info" size={20} />{t('waitsAccept', { time: f.time(order.expires_at) })}</p>}
          <Answer one={one} owner={owner} />
        </>
      )}
      <Link className="textlink" to={`/orders/${order.id}`}>{order.number}</Link>
    </section>
  );
}

const clock = (left: number): string => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;

/** Yes or no, with a reason. */
export function Answer({ one, owner }: { one: LocalOrder; owner: string }) {
  const t = useT(ordersText);
  const [refusing, setRefusing] = useState(false);
  const { order } = one.order;
  return (
    <>
      <div className="row urgent-do">
        <button type="button" className="cta" onClick={() => void saving(acceptOrder(owner, order)).then((ok) => { if (ok) toast(t('accepted')); })}><Icon name="check" size={22} weight={2} />{t('accept')}</button>
        <button type="button" className="cta sec" onClick={() => setRefusing(true)}>{t('refuse')}</button>
      </div>
      {refusing ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('refuseTitle', { name: order.customer.name })} reasons={[t('refuseBusy'), t('refuseFar'), t('refuseCar'), t('refuseSkill'), t('refuseOther')]}
            ownWords={t('refuseWhy')} confirmText={t('refuseDo')} onClose={() => setRefusing(false)}
            onReason={async (reason) => {
              setRefusing(false);
              if (await saving(refuseOrder(owner, order, reason))) toast(t('refused'));
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
