import Popup from 'antd-mobile/es/components/popup';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { saving } from '../../shell/saving.ts';
import '../../shell/mobile.tsx';
import { type LocalOrder, askForPart, charges, finishOrder, resultOf, signOrder, usePart } from '../../work/orders.ts';
import { ordersText } from './text.ts';

function Sheet({ title, onClose, children }: { title: string; onClose(): void; children: React.ReactNode }) {
  return (
    <Popup visible onMaskClick={onClose} bodyStyle={{ borderRadius: '16px 16px 0 0', maxHeight: '92vh', overflow: 'auto' }}>
      <div className="order-sheet" role="dialog" aria-modal="true" aria-label={title}><h2>{title}</h2>{children}</div>
    </Popup>
  );
}

/** A part that is not one tap away: used although the van does not hold it, or asked for. */
export function PartSheet({ kind, one, van, onClose }: { kind: 'use' | 'ask'; one: LocalOrder; van: readonly { part: { id: string }; left: number }[]; onClose(): void }) {
  const t = useT(ordersText);
  const { owner, snapshot } = useField();
  const parts = snapshot?.van?.parts ?? [];
  const [part, setPart] = useState(parts[0]?.id ?? '');
  const [quantity, setQuantity] = useState(1);
  const [note, setNote] = useState('');
  const visit = one.visit?.id ?? null;
  const left = van.find((line) => line.part.id === part)?.left ?? 0;
  const save = async () => {
    const ok = await saving(kind === 'use' ? usePart(owner, one.order.order, part, quantity, visit, parts.find((one) => one.id === part)?.price_minor) : askForPart(owner, one.order.order, part, quantity, note.trim(), visit));
    if (!ok) return;
    toast(t(kind === 'use' ? 'partSaved' : 'requestSaved'));
    onClose();
  };
  return (
    <Sheet title={t(kind === 'use' ? 'useOther' : 'ask')} onClose={onClose}>
      <label className="fld"><span>{t('choose')}</span><select value={part} onChange={(event) => setPart(event.target.value)}>{parts.map((one) => <option key={one.id} value={one.id}>{`${one.name} ${one.code}`}</option>)}</select></label>
      <div className="fld"><span>{t('quantity')}</span>
        <div className="order-count">
          <button type="button" className="ib" aria-label={t('lessOne')} disabled={quantity <= 1} onClick={() => setQuantity(quantity - 1)}><Icon name="minus" size={24} /></button>
          <output>{quantity}</output>
          <button type="button" className="ib" aria-label={t('oneMore')} onClick={() => setQuantity(quantity + 1)}><Icon name="plus" size={24} /></button>
        </div>
      </div>
      {kind === 'ask' ? <label className="fld"><span>{t('note')}</span><input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} /></label> : null}
      {kind === 'use' && left < quantity ? <p className="say late"><Icon name="info" size={20} />{t('notInVan')}</p> : null}
      <button type="button" className="cta" style={{ marginTop: 12 }} disabled={!part} onClick={() => void save()}><Icon name="check" size={22} weight={2} />{t(kind === 'use' ? 'useDo' : 'askDo')}</button>
    </Sheet>
  );
}

/** What was done and how long it took. */
export function FinishSheet({ one, onClose, onDone }: { one: LocalOrder; onClose(): void; onDone(): void }) {
  const t = useT(ordersText);
  const { owner } = useField();
  const [result, setResult] = useState('');
  const [labour, setLabour] = useState('30');
  const [complained, setComplained] = useState(false);
  const { order, parts } = one.order;
  const needs = order.needs_parts && parts.length + one.used.length === 0;
  const save = async () => {
    if (!result.trim() || needs) return setComplained(true);
    const minutes = Math.min(2880, Math.max(0, Math.round(Number(labour) || 0)));
    if (await saving(finishOrder(owner, order, result.trim(), minutes, one.visit?.id ?? null))) onDone();
  };
  return (
    <Sheet title={t('finishTitle')} onClose={onClose}>
      <label className="fld"><span>{t('result')}</span><textarea rows={4} maxLength={1000} value={result} placeholder={t('resultHint')} onChange={(event) => setResult(event.target.value)} /></label>
      <label className="fld"><span>{t('labour')}</span><input inputMode="numeric" value={labour} onChange={(event) => setLabour(event.target.value.replace(/\D/g, '').slice(0, 4))} /></label>
      {complained && needs ? <p className="say late" role="alert"><Icon name="warn" size={20} />{t('partsNeeded')}</p> : complained && !result.trim() ? <p className="say late" role="alert"><Icon name="warn" size={20} />{t('needResult')}</p> : null}
      <button type="button" className="cta" style={{ marginTop: 12 }} onClick={() => void save()}><Icon name="check" size={22} weight={2} />{t('finishDo')}</button>
    </Sheet>
  );
}

/** Points of a stroke on a sheet of 1000 by 400. */
type Stroke = [number, number][];
/** Points nearer to each other say nothing more. */
const NEAR = 5;
const MOST = 3_500;

/** The customer sees what was done and what it costs, writes his name and signs with the finger. */
export function SignSheet({ one, onClose }: { one: LocalOrder; onClose(): void }) {
  const t = useT(ordersText);
  const f = useFormat();
  const { owner, session, snapshot } = useField();
  const { order } = one.order;
  const charged = charges(one, snapshot?.van?.parts ?? []);
  const money = (minor: number) => f.number(minor / 100, 2);
  const [signer, setSigner] = useState(order.contact_name ?? '');
  const [strokes, setStrokes] = useState<Stroke[]>([]);
  const [complained, setComplained] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef<Stroke | null>(null);
  const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  useEffect(() => {
    const pad = canvas.current;
    if (!pad) return;
    [pad.width, pad.height] = [1000, 400];
    const ink = pad.getContext('2d');
    if (!ink) return;
    Object.assign(ink, { lineWidth: 6, lineCap: 'round', lineJoin: 'round', strokeStyle: '#111827' });
    for (const stroke of strokes) {
      ink.beginPath();
      stroke.forEach(([x, y], k) => (k === 0 ? ink.moveTo(x, y) : ink.lineTo(x, y)));
      ink.stroke();
    }
  }, [strokes]);
  const at = (event: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const within = (v: number, most: number) => Math.round(Math.min(most, Math.max(0, v)));
    return [within(((event.clientX - box.left) / box.width) * 1000, 1000), within(((event.clientY - box.top) / box.height) * 400, 400)];
  };
  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!pen.current || points > MOST) return;
    const [x, y] = at(event);
    const last = pen.current.at(-1);
    if (last && Math.hypot(x - last[0], y - last[1]) < NEAR) return;
    pen.current.push([x, y]);
    setStrokes((all) => [...all.slice(0, -1), [...(pen.current ?? [])]]);
  };
  const drawn = points >= 8;
  const save = async () => {
    if (!signer.trim() || !drawn) return setComplained(true);
    if (!(await saving(signOrder(owner, order, signer.trim(), strokes)))) return;
    toast(t('signed'));
    onClose();
  };
  return (
    <Sheet title={t('signTitle')} onClose={onClose}>
      <p className="m2">{f.dots([order.number, order.equipment?.name, order.title])}</p>
      <p className="m2">{f.dots([session.me.employee.name, resultOf(one)])}</p>
      {charged.length ? (
        <ul className="order-charges">
          {charged.map((row) => <li key={`${row.id} ${row.price_minor}`} className="row"><span className="sp">{row.name}</span><span className="m2">{t('charge', { quantity: row.quantity, unit: row.unit, price: money(row.price_minor) })}</span><b>{money(row.minor)}</b></li>)}
          <li className="row"><b className="sp">{t('total', { amount: money(charged.reduce((sum, row) => sum + row.minor, 0)) })}</b></li>
        </ul>
      ) : null}
      <label className="fld"><span>{t('signer')}</span><input value={signer} maxLength={40} onChange={(event) => setSigner(event.target.value)} /></label>
      <canvas
        ref={canvas} className="order-pad" role="img" aria-label={t('signHere')}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); pen.current = [at(event)]; setStrokes((all) => [...all, [...(pen.current ?? [])]]); }}
        onPointerMove={draw} onPointerUp={() => { pen.current = null; }} onPointerCancel={() => { pen.current = null; }}
      />
      <div className="row" style={{ marginTop: 6 }}><span className="m3 sp">{t('confirmText')}</span><button type="button" className="chipbtn" disabled={points === 0} onClick={() => setStrokes([])}>{t('clear')}</button></div>
      {complained && !signer.trim() ? <p className="say late" role="alert"><Icon name="warn" size={20} />{t('needName')}</p> : complained && !drawn ? <p className="say late" role="alert"><Icon name="warn" size={20} />{t('needSign')}</p> : null}
      <button type="button" className="cta" style={{ marginTop: 12 }} onClick={() => void save()}><Icon name="signature" size={22} weight={2} />{t('signDo')}</button>
    </Sheet>
  );
}
