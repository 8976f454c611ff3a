import { useState } from 'react';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { saving } from '../../shell/saving.ts';
import { type LocalOrder, useOrders, usePart, vanLines } from '../../work/orders.ts';
import { PartSheet } from './sheets.tsx';
import { ordersText } from './text.ts';

/** What was built in, what is in the van, and what is missing. */
export function Parts({ one, may }: { one: LocalOrder; may: boolean }) {
  const t = useT(ordersText);
  const f = useFormat();
  const { owner, snapshot } = useField();
  const orders = useOrders() ?? [];
  const [sheet, setSheet] = useState<'use' | 'ask' | null>(null);
  const { order, parts, requests } = one.order;
  const van = vanLines(snapshot?.van?.lines ?? [], orders);
  const known = snapshot?.van?.parts ?? [];
  const visit = one.visit?.id ?? null;
  // The server's sum, and what was used here since.
  const ids = [...new Set([...parts.map((part) => part.part.id), ...one.used.map((use) => use.part)])];
  const rows = ids.map((id) => {
    const kept = parts.filter((part) => part.part.id === id);
    const facts = kept[0] ?? known.find((part) => part.id === id);
    const line = van.find((part) => part.part.id === id);
    return {
      id, name: kept[0]?.part.name ?? known.find((part) => part.id === id)?.name ?? '', unit: facts?.unit ?? line?.unit ?? '',
      quantity: kept.reduce((sum, part) => sum + part.quantity, 0) + one.used.filter((use) => use.part === id).reduce((sum, use) => sum + use.quantity, 0),
      short: kept.reduce((sum, part) => sum + part.short, 0),
    };
  });
  const use = (id: string, back: boolean) => void saving(usePart(owner, order, id, 1, visit, known.find((part) => part.id === id)?.price_minor, back)).then((ok) => { if (ok) toast(t('partSaved')); });
  const asked = [...requests.filter((one) => one.status === 'open').map((one) => ({ name: one.part.name, quantity: one.quantity })), ...one.asked.map((one) => ({ name: known.find((part) => part.id === one.part)?.name ?? '', quantity: one.quantity }))];
  return (
    <>
      <h2 className="h3">{t('parts')}</h2>
      <section className="card mx" aria-label={t('parts')}>
        {rows.length === 0 ? <p className="m3" style={{ padding: '12px 14px' }}>{t('noParts')}</p> : null}
        {rows.map((row) => (
          <div key={row.id} className="order-part">
            <b className="clip">{row.name}</b>
            <span className="d">{t('used', { quantity: row.quantity, unit: row.unit })}{row.short > 0 ? <b className="fg-late"> · {t('short', { short: row.short })}</b> : null}</span>
            {may && row.quantity > 0 ? <span className="row"><button type="button" className="ib" aria-label={t('backOne', { name: row.name })} onClick={() => use(row.id, true)}><Icon name="minus" size={20} /></button></span> : null}
          </div>
        ))}
        {asked.map((one, k) => <p key={k} className="m2" style={{ padding: '8px 14px' }}>{f.dots([one.name, t('asked', { quantity: one.quantity })])}</p>)}
      </section>
      {may ? (
        <>
          <h2 className="h3">{t('van')}</h2>
          <section className="card mx" aria-label={t('van')}>
            {van.length === 0 ? <p className="m3" style={{ padding: '12px 14px' }}>{t('vanEmpty')}</p> : null}
            {van.map((line) => (
              <div key={line.part.id} className="order-part">
                <b className="clip">{line.part.name}</b><span className="d">{t('inVan', { left: line.left, unit: line.unit })}</span>
                <span className="row"><button type="button" className="chipbtn" aria-label={t('useOne', { name: line.part.name })} disabled={line.left === 0} onClick={() => use(line.part.id, false)}>{t('use')}</button></span>
              </div>
            ))}
          </section>
          <div className="order-actions mx" style={{ marginTop: 8 }}>
            <button type="button" className="cta sec" onClick={() => setSheet('use')}><Icon name="box" size={20} />{t('useOther')}</button>
            <button type="button" className="cta sec" onClick={() => setSheet('ask')}><Icon name="plus" size={20} />{t('ask')}</button>
          </div>
        </>
      ) : null}
      {sheet ? <PartSheet kind={sheet} one={one} van={van} onClose={() => setSheet(null)} /> : null}
    </>
  );
}
