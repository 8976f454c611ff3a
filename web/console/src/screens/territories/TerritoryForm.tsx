import { useT } from '@tashi/shared/i18n';
import { AREA_COLORS, useTheme } from '@tashi/shared/theme';
import { Icon } from '@tashi/shared/ui';
import { Input, Select } from 'antd';
import { Corners, MapForm } from '../../kit/MapForm';
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
  const { mode } = useTheme();
  const people = useOptions(useActiveEmployees().data);
  const set = (patch: Partial<TerritoryDraft>) => onChange({ ...draft, ...patch });
  return (
    <MapForm
      title={draft.name || t('draw')}
      back={t('back')}
      canWrite={canWrite}
      ready={isReady(draft)}
      saving={saving}
      error={error}
      removal={draft.version === null ? null : { verb: t('remove'), detail: t('removeDetail'), run: onRemove }}
      onSave={onSave}
      onClose={onClose}
    >
      <div className="map-field"><span>{t('name')}</span><Input aria-label={t('name')} value={draft.name} maxLength={40} disabled={!canWrite} onChange={(event) => set({ name: event.target.value })} /></div>
      <div className="map-field">
        <span>{t('responsible')}</span>
        <Select aria-label={t('responsible')} value={draft.responsibleId ?? ''} disabled={!canWrite} showSearch={{ optionFilterProp: 'label' }} options={[{ value: '', label: t('responsibleNone') }, ...people]} onChange={(id: string) => set({ responsibleId: id || null })} />
      </div>
      <div className="map-field">
        <span>{t('colour')}</span>
        <span className="terr-colours" role="radiogroup" aria-label={t('colour')}>
          {AREA_COLORS[mode].map((colour, place) => (
            <button key={colour} type="button" role="radio" aria-checked={draft.colour === place} aria-label={t('colourOf', { number: place + 1 })} title={t('colourOf', { number: place + 1 })} className={draft.colour === place ? 'on' : ''} style={{ background: colour }} disabled={!canWrite} onClick={() => set({ colour: place })} />
          ))}
        </span>
      </div>
      {draft.drawn ? (
        <Corners
          words={t('corners', { count: draft.corners.length })}
          undo={t('undoCorner')}
          clear={draft.version === null ? undefined : t('clearCorners')}
          corners={draft.corners}
          disabled={!canWrite}
          onChange={(corners) => set({ corners })}
        />
      ) : (
        <div className="terr-note">
          <p>{t('byDivision')}</p>
          <p className="m2 s12">{t('byDivisionDetail')}</p>
          {canWrite ? <button type="button" className="btn sm" onClick={() => set({ drawn: true })}><Icon name="edit" size={14} />{t('drawSwitch')}</button> : null}
        </div>
      )}
      <p className="m2 s12">{t('ownersStay')}</p>
    </MapForm>
  );
}
