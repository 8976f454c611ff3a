import type { OrderTarget, WorkOrder } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { ordersText } from './text';

/** The target that counts now: to be on site, then to be finished. */
export function TargetText({ order }: { order: WorkOrder }) {
  const t = useT(ordersText);
  const here = !!order.response?.met_at || !order.response;
  const target = here ? order.finish : order.response;
  if (!target || order.status === 'cancelled') return <span className="m3">{t('none')}</span>;
  return <OneTarget target={target} words={here ? 'doneBy' : 'onSiteBy'} />;
}

export function OneTarget({ target, words }: { target: OrderTarget; words: 'doneBy' | 'onSiteBy' }) {
  const t = useT(ordersText);
  const format = useFormat();
  const near = (at: string) => (format.dayOf(at) === format.today() ? format.time(at) : format.dateTime(at));
  const said = target.met_at ? t('met', { time: near(target.met_at) }) : target.stopped ? t('stopped') : t(words, { time: near(target.due) });
  return <span className={`row g4 nw tabular ${target.late ? 'fg-late' : target.met_at ? 'fg-visit' : 'm2'}`}><Icon name={target.met_at && !target.late ? 'okCircle' : 'clock'} size={14} />{target.late ? `${t('late')} · ${said}` : said}</span>;
}
