import type { FenceListener, FenceTell } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Button, Input, InputNumber, Slider } from 'antd';
import { useState } from 'react';
import { Confirm } from '../../kit/Confirm';
import { ProblemView } from '../../kit/ProblemView';
import { CustomerPick } from './CustomerPick';
import { shapeOf, withCustomer, type FenceDraft } from './draft';
import { Expectation } from './Expectation';
import { effectiveRadius } from './PlacesTab';
import { fencesText } from './text';

const KINDS = ['enter', 'dwell', 'exit'] as const;
const WHO: FenceListener[] = ['person', 'leader', 'owner'];

/** What a fence is and who is told; where it lies is set on the map beside it. */
export function FenceForm({ draft, canWrite, saving, error, onChange, onSave, onEnd, onClose }: {
  draft: FenceDraft;
  canWrite: boolean;
  saving: boolean;
  error: unknown;
  onChange(next: FenceDraft): void;
  onSave(): void;
  onEnd(): Promise<unknown>;
  onClose(): void;
}) {
  const t = useT(fencesText);
  const common = useT(commonText);
  const format = useFormat();
  const [ending, setEnding] = useState(false);
  const set = (patch: Partial<FenceDraft>) => onChange({ ...draft, ...patch });
  return (
    <>
      <div className="hd">
        <button type="button" className="icb" aria-label={t('back')} title={t('back')} onClick={onClose}><Icon name="left" /></button>
        <h2 className="sp clip">{draft.name || t('draw')}</h2>
      </div>
      <div className="fences-form">
        <div className="fences-field">
          <span>{t('forCustomer')}</span>
          <CustomerPick label={t('forCustomer')} value={draft.customer?.id} name={draft.customer?.name} placeholder={t('forCustomerNone')} clear onChange={(customer) => onChange(withCustomer(draft, customer))} />
        </div>
        <div className="fences-field">
          <span>{t('name')}</span>
          <Input aria-label={t('name')} value={draft.name} maxLength={60} disabled={!canWrite} onChange={(event) => set({ name: event.target.value })} />
        </div>
        <div className="seg" role="group" style={{ alignSelf: 'flex-start' }}>
          {(['circle', 'polygon'] as const).map((kind) => (
            <button key={kind} type="button" className={draft.kind === kind ? 'on' : ''} aria-pressed={draft.kind === kind} disabled={!canWrite} onClick={() => set({ kind })}>{t(kind)}</button>
          ))}
        </div>
        {draft.kind === 'circle' ? (
          <div className="fences-field">
            <span>{t('radius')}</span>
            <div className="fences-slide">
              <Slider ariaLabelForHandle={t('radius')} min={20} max={1000} step={10} value={draft.radiusM} disabled={!canWrite} tooltip={{ formatter: (value) => `${value} m` }} onChange={(radiusM) => set({ radiusM })} />
              <InputNumber aria-label={t('radius')} min={20} max={5000} precision={0} suffix="m" value={draft.radiusM} disabled={!canWrite} onChange={(value) => set({ radiusM: value ?? 20 })} />
            </div>
          </div>
        ) : (
          <div className="row">
            <span className="m2 sp">{t('corners', { count: draft.corners.length })}{draft.corners.length > 2 ? ` · ≈ ${format.distance(effectiveRadius(draft))}` : ''}</span>
            <button type="button" className="btn sm" disabled={!draft.corners.length || !canWrite} onClick={() => set({ corners: draft.corners.slice(0, -1) })}><Icon name="undo" size={14} />{t('undoCorner')}</button>
          </div>
        )}
        {draft.kind === 'circle' || draft.corners.length > 2 ? <Expectation radiusM={effectiveRadius(draft)} /> : null}
        <div className="fences-field">
          <span>{t('dwell')}</span>
          <span className="row">
            <InputNumber aria-label={t('dwell')} min={0} max={1440} precision={0} value={draft.dwellMin} disabled={!canWrite} style={{ width: 84 }} onChange={(value) => set({ dwellMin: value ?? 0 })} />
            <span className="m3 s12">{t('dwellHint')}</span>
          </span>
        </div>
        <div className="fences-field">
          <span>{t('tell')}</span>
          <TellTable value={draft.tell} disabled={!canWrite} onChange={(tell) => set({ tell })} />
        </div>
        {error ? <ProblemView error={error} compact /> : null}
      </div>
      {canWrite ? (
        <div className="fences-foot">
          <Button type="primary" loading={saving} disabled={!draft.name.trim() || !shapeOf(draft)} onClick={onSave}>{common('save')}</Button>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <span className="sp" />
          {draft.version === null ? null : <button type="button" className="btn ghost danger" onClick={() => setEnding(true)}>{t('end')}</button>}
        </div>
      ) : null}
      {ending ? <Confirm title={t('end')} detail={t('endDetail')} verb={t('end')} run={onEnd} onClose={() => setEnding(false)} /> : null}
    </>
  );
}

/** Kinds of events against listeners. */
export function TellTable({ value, disabled, onChange }: { value: FenceTell; disabled?: boolean; onChange(next: FenceTell): void }) {
  const t = useT(fencesText);
  const toggle = (kind: (typeof KINDS)[number], who: FenceListener) =>
    onChange({ ...value, [kind]: value[kind].includes(who) ? value[kind].filter((one) => one !== who) : [...value[kind], who] });
  return (
    <table className="fences-tell">
      <thead><tr><th />{WHO.map((who) => <th key={who} scope="col">{t(`who.${who}`)}</th>)}</tr></thead>
      <tbody>
        {KINDS.map((kind) => (
          <tr key={kind}>
            <td className="m2">{t(`tell.${kind}`)}</td>
            {WHO.map((who) => (
              <td key={who}><input type="checkbox" aria-label={`${t(`tell.${kind}`)} ${t(`who.${who}`)}`} checked={value[kind].includes(who)} disabled={disabled} onChange={() => toggle(kind, who)} /></td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
