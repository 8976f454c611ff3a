import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { type LocalOrder, useOrders } from '../../work/orders.ts';
import { StatusTag, Targets } from './facts.tsx';
import { ordersText } from './text.ts';
import './orders.css';

/** My orders, those under way first. */
export function OrdersScreen() {
  const t = useT(ordersText);
  const { snapshot } = useField();
  const orders = useOrders();
  const open = (orders ?? []).filter((one) => one.status !== 'closed' && one.status !== 'cancelled');
  const over = (orders ?? []).filter((one) => !open.includes(one));
  return (
    <Page title={t('mine')} backTo="/">
      {orders && snapshot && open.length === 0 ? <Empty title={t('none')} text={t('noneText')} /> : null}
      {open.length ? <List orders={open} /> : null}
      {over.length ? <><h2 className="h3">{t('over')}</h2><List orders={over} /></> : null}
    </Page>
  );
}

function List({ orders }: { orders: readonly LocalOrder[] }) {
  const f = useFormat();
  return (
    <ul className="card list mx" style={{ marginTop: 4 }}>
      {orders.map(({ order: { order }, status }) => (
        <li key={order.id}>
          <Link className="li" to={`/orders/${order.id}`}>
            <span className="ico"><Icon name="wrench" size={22} /></span>
            <span style={{ minWidth: 0 }}>
              <b className="clip">{order.customer.name}</b>
              <span className="d clip" style={{ display: 'block' }}>{f.dots([order.equipment?.name, order.title])}</span>
              <Targets order={order} status={status} />
            </span>
            <StatusTag status={status} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
