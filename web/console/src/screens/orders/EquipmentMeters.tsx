import { Link } from '@tanstack/react-router';
import { newId, type Id, type MeterPage, type MeterReading } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { maintenanceText } from './maintenanceText';
import { DueText } from './maintenanceWords';
import { useAddMeter, useDues, useMeters, useReadMeter, useWithdrawReading } from './useMaintenance';

/** What comes round on a piece of equipment, and what it has counted. */
export function EquipmentMeters({ piece }: { piece: Id }) {
  const t = useT(maintenanceText);
  const format = useFormat();
  const canWrite = useCan('order.write');
  const dues = useDues({ equipment_id: piece });
  const meters = useMeters(piece);
  const [open, setOpen] = useState<'add' | MeterPage | null>(null);
  const [wrong, setWrong] = useState<{ reading: MeterReading; unit: string } | null>(null);
  return (
    <>
      <section>
        <h3 className="row g6"><span className="sp">{t('plansOf')}</span>{canWrite ? <Link className="btn sm" to="/orders/maintenance" search={{ plan: 'new', equipment: piece }}>{t('planFor')}</Link> : null}</h3>
        {dues.error ? <ProblemView error={dues.error} compact /> : dues.data?.length === 0 ? <p className="m3">{t('noPlans')}</p> : null}
        <ul className="order-line">{dues.data?.map((one) => <li key={one.plan.id} style={{ display: 'block' }}><Link to="/orders/maintenance" search={{ plan: one.plan.id }}>{one.plan.name}</Link>{one.paused ? <span className="tag">{t('paused')}</span> : null} <DueText due={one} /></li>)}</ul>
      </section>
      <section>
        <h3 className="row g6"><span className="sp">{t('meters')}</span>{canWrite ? <button type="button" className="btn sm" onClick={() => setOpen('add')}><Icon name="plus" size={14} />{t('addMeter')}</button> : null}</h3>
        {meters.error ? <ProblemView error={meters.error} compact /> : meters.data?.length === 0 ? <p className="m3">{t('noMeters')}</p> : null}
        <ul className="order-people">
          {meters.data?.map((meter) => (
            <li key={meter.id} className="row g6">
              <span className="sp">
                <b>{meter.name}</b>
                <span className="m2 tabular">{meter.value === null ? t('neverRead') : format.dots([`${format.number(meter.value)} ${meter.unit}`, meter.total !== null && meter.total !== meter.value ? t('total', { total: format.number(meter.total) }) : null, meter.read_at ? format.dateTime(meter.read_at) : null])}</span>
                {meter.readings.length > 0 ? (
                  <details><summary className="s12 m2">{t('history')}</summary>
                    <ul className="order-line">{meter.readings.map((one) => <li key={one.id}><time dateTime={one.at}>{format.dateTime(one.at)}</time><span className="tabular">{format.dots([`${format.number(one.value)} ${meter.unit}`, one.replaced ? t('replaced') : null, one.by?.name, one.source === 'phone' ? t('source_phone') : one.source === 'import' ? t('source_import') : t('source_desk'), one.order?.name, one.withdrawn_at ? t('withdrawn', { reason: one.withdrawn_reason ?? '' }) : null])}{canWrite && !one.withdrawn_at ? <> <button type="button" className="btn sm" aria-label={t('withdrawOne', { value: format.number(one.value), unit: meter.unit })} onClick={() => setWrong({ reading: one, unit: meter.unit })}>{t('withdraw')}</button></> : null}</span></li>)}</ul>
                  </details>
                ) : null}
              </span>
              {canWrite ? <button type="button" className="btn sm" aria-label={t('readTitle', { name: meter.name })} onClick={() => setOpen(meter)}>{t('read')}</button> : null}
            </li>
          ))}
        </ul>
      </section>
      {wrong ? <WithdrawModal reading={wrong.reading} unit={wrong.unit} onClose={() => setWrong(null)} /> : null}
      {open === 'add' ? <AddModal piece={piece} onClose={() => setOpen(null)} /> : open ? <ReadModal meter={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function AddModal({ piece, onClose }: { piece: Id; onClose(): void }) {
  const t = useT(maintenanceText);
  const [id] = useState(newId);
  const [name, setName] = useState('');
  const [unit, setUnit] = useState('');
  const add = useAddMeter(piece);
  return (
    <Modal title={t('addMeter')} onClose={onClose} foot={<button type="button" className="btn pri" disabled={!name.trim() || !unit.trim() || add.isPending} onClick={() => add.mutate({ id, name: name.trim(), unit: unit.trim() }, { onSuccess: onClose })}>{t('add')}</button>}>
      <div className="order-form">
        <label className="plan-field"><span>{t('meterName')}</span><Input value={name} maxLength={40} placeholder={t('meterNameHint')} onChange={(event) => setName(event.target.value)} /></label>
        <label className="plan-field"><span>{t('meterUnit')}</span><Input value={unit} maxLength={12} placeholder={t('meterUnitHint')} onChange={(event) => setUnit(event.target.value)} /></label>
        {add.error ? <ProblemView error={add.error} compact /> : null}
      </div>
    </Modal>
  );
}

function WithdrawModal({ reading, unit, onClose }: { reading: MeterReading; unit: string; onClose(): void }) {
  const t = useT(maintenanceText);
  const format = useFormat();
  const [reason, setReason] = useState('');
  const withdraw = useWithdrawReading(reading.id);
  const send = () => withdraw.mutate(reason.trim(), { onSuccess: () => { toast(t('withdrawnToast')); onClose(); } });
  return (
    <Modal title={t('withdrawTitle', { value: format.number(reading.value), unit })} onClose={onClose} foot={<button type="button" className="btn pri" disabled={!reason.trim() || withdraw.isPending} onClick={send}>{t('withdraw')}</button>}>
      <p>{t('withdrawDetail')}</p>
      <label className="plan-field"><span>{t('reason')}</span><Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} /></label>
      {withdraw.error ? <ProblemView error={withdraw.error} compact /> : null}
    </Modal>
  );
}

/** A reading below the last is asked about before it is sent: misread, or another meter. */
function ReadModal({ meter, onClose }: { meter: MeterPage; onClose(): void }) {
  const t = useT(maintenanceText);
  const format = useFormat();
  const [id] = useState(newId);
  const [value, setValue] = useState<number | null>(null);
  const [replaced, setReplaced] = useState(false);
  const read = useReadMeter();
  const lower = value !== null && meter.value !== null && value < meter.value;
  return (
    <Modal
      title={t('readTitle', { name: meter.name })} onClose={onClose}
      foot={<button type="button" className="btn pri" disabled={value === null || (lower && !replaced) || read.isPending} onClick={() => value !== null && read.mutate({ id, meter_id: meter.id, value, replaced: lower && replaced }, { onSuccess: () => { toast(t('readSaved')); onClose(); } })}>{t('save')}</button>}
    >
      <div className="order-form">
        <p className="m2">{meter.value === null ? t('neverRead') : t('lastValue', { value: format.number(meter.value), unit: meter.unit })}</p>
        <div className="plan-field"><span>{t('value', { unit: meter.unit })}</span><InputNumber aria-label={t('value', { unit: meter.unit })} min={0} max={1_000_000_000_000} precision={0} value={value} onChange={setValue} style={{ width: '100%' }} /></div>
        {lower ? <><p className="fg-late" role="alert">{t('lower')}</p><label className="row g6"><input type="checkbox" checked={replaced} onChange={(event) => setReplaced(event.target.checked)} />{t('replaced')} <span className="m3">{t('replacedHint')}</span></label></> : null}
        {read.error ? <ProblemView error={read.error} compact /> : null}
      </div>
    </Modal>
  );
}
