import type { EquipmentOrder, OrderStatus, WorkOrder } from '@tashi/shared/api';
import { type Format, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { ordersText } from './text.ts';

/** A moment of today by its time, another one with its day. */
export const nearTime = (f: Format, at: string): string => (f.dayOf(at) === f.today() ? f.time(at) : f.dateTime(at));

const TONE: Partial<Record<OrderStatus, string>> = { assigned: 'fg-late', on_site: 'fg-visit', on_the_way: 'fg-moving', closed: 'fg-visit' };

export function StatusTag({ status }: { status: OrderStatus }) {
  const t = useT(ordersText);
  return <span className={`tag ${TONE[status] ?? ''}`}>{t(`status.${status}`)}</span>;
}

/** The target that counts now, amber once it is missed. */
export function Targets({ order, status }: { order: WorkOrder; status: OrderStatus }) {
  const t = useT(ordersText);
  const f = useFormat();
  const now = useNow(30_000);
  const here = status === 'on_site' || status === 'paused';
  const target = here || !order.response ? order.finish : order.response;
  if (!target || status === 'finished' || status === 'closed' || status === 'cancelled') return null;
  const late = !target.stopped && now > Date.parse(target.due);
  const time = nearTime(f, target.due);
  return (
    <span className={`d row g4 ${late ? 'fg-late' : ''}`}>
      <Icon name="clock" size={15} />{late ? `${t('late')} · ` : ''}{target.stopped ? t('stopped') : t(target === order.finish ? 'finishBy' : 'respondBy', { time })}
    </span>
  );
}

/** Earlier orders of a piece of equipment. */
export function History({ orders }: { orders: readonly EquipmentOrder[] }) {
  const t = useT(ordersText);
  const f = useFormat();
  if (orders.length === 0) return <p className="m3 mx" style={{ padding: '4px 2px 10px' }}>{t('noHistory')}</p>;
  return (
    <ul className="card mx">
      {orders.map((one) => (
        <li key={one.id} className="order-line" style={{ display: 'block' }}>
          <b className="row g6"><span className="clip">{one.title}</span><StatusTag status={one.status} /></b>
          <span style={{ display: 'block' }}>{f.dots([f.day(one.created_at.slice(0, 10)), one.kind, one.employee])}</span>
          {one.result ? <span style={{ display: 'block' }}>{one.result}</span> : null}
        </li>
      ))}
    </ul>
  );
}
