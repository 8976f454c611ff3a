import type { FenceListener, FenceTell } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Input, InputNumber, Slider } from 'antd';
import { Corners, MapForm } from '../../kit/MapForm';
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
  const format = useFormat();
  const set = (patch: Partial<FenceDraft>) => onChange({ ...draft, ...patch });
  return (
    <MapForm
      title={draft.name || t('draw')}
      back={t('back')}
      canWrite={canWrite}
      ready={!!draft.name.trim() && !!shapeOf(draft)}
      saving={saving}
      error={error}
      removal={draft.version === null ? null : { verb: t('end'), detail: t('endDetail'), run: onEnd }}
      onSave={onSave}
      onClose={onClose}
    >
      <div className="map-field">
        <span>{t('forCustomer')}</span>
        <CustomerPick label={t('forCustomer')} value={draft.customer?.id} name={draft.customer?.name} placeholder={t('forCustomerNone')} clear onChange={(customer) => onChange(withCustomer(draft, customer))} />
      </div>
      <div className="map-field">
        <span>{t('name')}</span>
        <Input aria-label={t('name')} value={draft.name} maxLength={60} disabled={!canWrite} onChange={(event) => set({ name: event.target.value })} />
      </div>
      <div className="seg" role="group" style={{ alignSelf: 'flex-start' }}>
        {(['circle', 'polygon'] as const).map((kind) => (
          <button key={kind} type="button" className={draft.kind === kind ? 'on' : ''} aria-pressed={draft.kind === kind} disabled={!canWrite} onClick={() => set({ kind })}>{t(kind)}</button>
        ))}
      </div>
      {draft.kind === 'circle' ? (
        <div className="map-field">
          <span>{t('radius')}</span>
          <div className="fences-slide">
            <Slider ariaLabelForHandle={t('radius')} min={20} max={1000} step={10} value={draft.radiusM} disabled={!canWrite} tooltip={{ formatter: (value) => `${value} m` }} onChange={(radiusM) => set({ radiusM })} />
            <InputNumber aria-label={t('radius')} min={20} max={5000} precision={0} suffix="m" value={draft.radiusM} disabled={!canWrite} onChange={(value) => set({ radiusM: value ?? 20 })} />
          </div>
        </div>
      ) : (
        <Corners
          words={format.dots([t('corners', { count: draft.corners.length }), draft.corners.length > 2 && `≈ ${format.distance(effectiveRadius(draft))}`])}
          undo={t('undoCorner')}
          corners={draft.corners}
          disabled={!canWrite}
          onChange={(corners) => set({ corners })}
        />
      )}
      {draft.kind === 'circle' || draft.corners.length > 2 ? <Expectation radiusM={effectiveRadius(draft)} /> : null}
      <div className="map-field">
        <span>{t('dwell')}</span>
        <span className="row">
          <InputNumber aria-label={t('dwell')} min={0} max={1440} precision={0} value={draft.dwellMin} disabled={!canWrite} style={{ width: 84 }} onChange={(value) => set({ dwellMin: value ?? 0 })} />
          <span className="m3 s12">{t('dwellHint')}</span>
        </span>
      </div>
      <div className="map-field">
        <span>{t('tell')}</span>
        <TellTable value={draft.tell} disabled={!canWrite} onChange={(tell) => set({ tell })} />
      </div>
    </MapForm>
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
