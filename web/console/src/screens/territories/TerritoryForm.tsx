import { commonText, useT } from '@tashi/shared/i18n';
import { AREA_COLORS, useTheme } from '@tashi/shared/theme';
import { Icon } from '@tashi/shared/ui';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Confirm } from '../../kit/Confirm';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { isReady, type TerritoryDraft } from './draft';
import { territoriesText } from './text';

/** What a territory is called, who is responsible, and its colour; where it lies is drawn on the map beside it. */
export function TerritoryForm({ draft, canWrite, saving, error, onChange, onSave, onRemove, onClose }: {
  draft: TerritoryDraft;
  canWrite: boolean;
  saving: boolean;
  error: unknown;
  onChange(next: TerritoryDraft): void;
  onSave(): void;
  onRemove(): Promise<unknown>;
  onClose(): void;
}) {
  const t = useT(territoriesText);
  const common = useT(commonText);
  const { mode } = useTheme();
  const people = useOptions(useActiveEmployees().data);
  const [removing, setRemoving] = useState(false);
  const set = (patch: Partial<TerritoryDraft>) => onChange({ ...draft, ...patch });
  return (
    <>
      <div className="hd">
        <button type="button" className="icb" aria-label={t('back')} title={t('back')} onClick={onClose}><Icon name="left" /></button>
        <h2 className="sp clip">{draft.name || t('draw')}</h2>
      </div>
      <div className="terr-form">
        <div className="terr-field"><span>{t('name')}</span><Input aria-label={t('name')} value={draft.name} maxLength={40} disabled={!canWrite} onChange={(event) => set({ name: event.target.value })} /></div>
        <div className="terr-field">
          <span>{t('responsible')}</span>
          <Select aria-label={t('responsible')} value={draft.responsibleId ?? ''} disabled={!canWrite} showSearch={{ optionFilterProp: 'label' }} options={[{ value: '', label: t('responsibleNone') }, ...people]} onChange={(id: string) => set({ responsibleId: id || null })} />
        </div>
        <div className="terr-field">
          <span>{t('colour')}</span>
          <span className="terr-colours" role="radiogroup" aria-label={t('colour')}>
            {AREA_COLORS[mode].map((colour, place) => (
              <button key={colour} type="button" role="radio" aria-checked={draft.colour === place} aria-label={t('colourOf', { number: place + 1 })} title={t('colourOf', { number: place + 1 })} className={draft.colour === place ? 'on' : ''} style={{ background: colour }} disabled={!canWrite} onClick={() => set({ colour: place })} />
            ))}
          </span>
        </div>
        {draft.drawn ? (
          <div className="row g6 terr-wrap">
            <span className="m2 sp">{t('corners', { count: draft.corners.length })}</span>
            <button type="button" className="btn sm" disabled={!draft.corners.length || !canWrite} onClick={() => set({ corners: draft.corners.slice(0, -1) })}><Icon name="undo" size={14} />{t('undoCorner')}</button>
            {draft.version === null ? null : <button type="button" className="btn sm" disabled={!canWrite} onClick={() => set({ corners: [] })}>{t('clearCorners')}</button>}
          </div>
        ) : (
          <div className="terr-note">
            <p>{t('byDivision')}</p>
            <p className="m2 s12">{t('byDivisionDetail')}</p>
            {canWrite ? <button type="button" className="btn sm" onClick={() => set({ drawn: true })}><Icon name="edit" size={14} />{t('drawSwitch')}</button> : null}
          </div>
        )}
        <p className="m2 s12">{t('ownersStay')}</p>
        {error ? <ProblemView error={error} compact /> : null}
      </div>
      {canWrite ? (
        <div className="terr-foot">
          <Button type="primary" loading={saving} disabled={!isReady(draft)} onClick={onSave}>{common('save')}</Button>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <span className="sp" />
          {draft.version === null ? null : <button type="button" className="btn ghost danger" onClick={() => setRemoving(true)}>{t('remove')}</button>}
        </div>
      ) : null}
      {removing ? <Confirm title={t('remove')} detail={t('removeDetail')} verb={t('remove')} run={onRemove} onClose={() => setRemoving(false)} /> : null}
    </>
  );
}
