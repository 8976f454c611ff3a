import Popup from 'antd-mobile/es/components/popup';
import { useState } from 'react';
import type { Meter } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { saving } from '../../shell/saving.ts';
import '../../shell/mobile.tsx';
import { type LocalOrder, readMeter } from '../../work/orders.ts';
import { nearTime } from './facts.tsx';
import { ordersText } from './text.ts';

/** What counts on the equipment, to be read on site; also without a network. */
export function Meters({ one, may }: { one: LocalOrder; may: boolean }) {
  const t = useT(ordersText);
  const f = useFormat();
  const [reading, setReading] = useState<Meter | null>(null);
  const meters = one.order.meters ?? [];
  if (meters.length === 0) return null;
  return (
    <>
      <h2 className="h3">{t('meters')}</h2>
      <section className="card mx" aria-label={t('meters')}>
        {meters.map((meter) => {
          const own = one.read.findLast((row) => row.meter === meter.id);
          const value = own?.value ?? meter.value;
          const at = own?.at ?? meter.read_at;
          return (
            <div key={meter.id} className="order-part">
              <b className="clip">{meter.name}</b>
              <span className="d">{value === null ? t('meterNever') : f.dots([`${f.number(value)} ${meter.unit}`, at ? nearTime(f, at) : null])}</span>
              {may ? <span className="row"><button type="button" className="chipbtn" aria-label={t('meterRead', { name: meter.name })} onClick={() => setReading({ ...meter, value })}>{t('meterReadShort')}</button></span> : null}
            </div>
          );
        })}
      </section>
      {reading ? <ReadSheet one={one} meter={reading} onClose={() => setReading(null)} /> : null}
    </>
  );
}

/** A reading below the last is asked about: misread, or another meter. */
function ReadSheet({ one, meter, onClose }: { one: LocalOrder; meter: Meter; onClose(): void }) {
  const t = useT(ordersText);
  const f = useFormat();
  const { owner } = useField();
  const [typed, setTyped] = useState('');
  const [replaced, setReplaced] = useState(false);
  const [complained, setComplained] = useState(false);
  const value = /^\d{1,12}$/.test(typed) ? Number(typed) : null;
  const lower = value !== null && meter.value !== null && value < meter.value;
  const save = async () => {
    if (value === null || (lower && !replaced)) return setComplained(true);
    if (!(await saving(readMeter(owner, one.order.order, meter.id, value, lower && replaced, one.visit?.id ?? null)))) return;
    toast(t('meterSaved'));
    onClose();
  };
  return (
    <Popup visible onMaskClick={onClose} bodyStyle={{ borderRadius: '16px 16px 0 0', maxHeight: '92vh', overflow: 'auto' }}>
      <div className="order-sheet" role="dialog" aria-modal="true" aria-label={t('meterRead', { name: meter.name })}>
        <h2>{t('meterRead', { name: meter.name })}</h2>
        <p className="m2">{meter.value === null ? t('meterNever') : t('meterLast', { value: f.number(meter.value), unit: meter.unit })}</p>
        <label className="fld"><span>{t('meterValue', { unit: meter.unit })}</span><input inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value.replace(/\D/g, '').slice(0, 12))} /></label>
        {lower ? (
          <>
            <p className="say late" role="alert"><Icon name="warn" size={20} />{t('meterLower')}</p>
            <label className="row g6" style={{ minHeight: 48 }}><input type="checkbox" checked={replaced} onChange={(event) => setReplaced(event.target.checked)} />{t('meterReplaced')}</label>
          </>
        ) : null}
        {complained && value === null ? <p className="say late" role="alert"><Icon name="warn" size={20} />{t('meterNeeded')}</p> : null}
        <button type="button" className="cta" style={{ marginTop: 12 }} disabled={lower && !replaced} onClick={() => void save()}><Icon name="check" size={22} weight={2} />{t('meterDo')}</button>
      </div>
    </Popup>
  );
}
