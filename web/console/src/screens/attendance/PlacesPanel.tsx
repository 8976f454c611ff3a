import { useQuery } from '@tanstack/react-query';
import { api, newId, type Point, type PunchPlace } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { PointField } from '../../kit/PointField';
import { useDepartmentOptions } from '../../kit/refs';
import { FormDialog, Panel } from './Panel';
import { attendanceText } from './text';
import { useSave } from './useSave';

interface Draft {
  id: string;
  name: string;
  at: Point | null;
  radius_m: number;
  department: string;
  retired: boolean;
  version: number | null;
}

const draftOf = (one: PunchPlace): Draft => ({ ...one, department: one.department?.id ?? '' });

export function PlacesPanel() {
  const t = useT(attendanceText);
  const format = useFormat();
  const mayWrite = useCan('org.write');
  const [draft, setDraft] = useState<Draft | null>(null);
  const found = useQuery({ queryKey: ['attendance', 'places'], queryFn: () => api.get<{ items: PunchPlace[] }>('/punch-places') });
  return (
    <Panel title={t('places')} intro={t('placesIntro')} action={t('placeAdd')} onAction={mayWrite ? () => setDraft({ id: newId(), name: '', at: null, radius_m: 200, department: '', retired: false, version: null }) : undefined} pending={found.isPending} error={found.error} onRetry={() => void found.refetch()} empty={found.data?.items.length === 0 ? t('noPlaces') : null}>
      {found.data?.items.map((one) => (
        <li key={one.id}>
          <span className="sp"><b>{one.name}</b> <span className="m2 s12">{format.dots([format.distance(one.radius_m), one.department?.name ?? t('anyDepartment'), one.retired ? t('retired') : null])}</span></span>
          {mayWrite ? <button type="button" className="btn sm" aria-label={`${t('edit')} ${one.name}`} onClick={() => setDraft(draftOf(one))}>{t('edit')}</button> : null}
        </li>
      ))}
      {draft ? <Form draft={draft} onClose={() => setDraft(null)} /> : null}
    </Panel>
  );
}

function Form({ draft, onClose }: { draft: Draft; onClose(): void }) {
  const t = useT(attendanceText);
  const departments = useDepartmentOptions();
  const [place, setPlace] = useState(draft);
  const change = (more: Partial<Draft>) => setPlace((old) => ({ ...old, ...more }));
  const save = useSave<Draft>(({ id, name, at, radius_m, department, retired, version }) => {
    const body = { id, name: name.trim(), at, radius_m, department_id: department || null, retired };
    return version === null ? api.post('/punch-places', body) : api.patch('/punch-places/{id}', body, { params: { id }, version });
  }, onClose);
  return (
    <FormDialog title={draft.version === null ? t('placeAdd') : draft.name} ready={!!place.name.trim() && place.at !== null} busy={save.isPending} error={save.error} onSave={() => save.mutate(place)} onClose={onClose}>
      <div className="two">
        <label className="col">{t('placeName')}<input type="text" maxLength={40} value={place.name} onChange={(event) => change({ name: event.target.value })} /></label>
        <label className="col">{t('radius')}<input type="number" min={20} max={5000} value={place.radius_m} onChange={(event) => change({ radius_m: Number(event.target.value) })} /></label>
      </div>
      <label className="col" htmlFor="punch-place-at">{t('placeAt')}</label>
      <PointField id="punch-place-at" value={place.at} radiusM={place.radius_m} onChange={(at) => change({ at })} />
      <label className="col">{t('onlyDepartment')}<select value={place.department} onChange={(event) => change({ department: event.target.value })}><option value="">{t('anyDepartment')}</option>{departments.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</select></label>
      {draft.version !== null ? <label className="check-line"><input type="checkbox" checked={place.retired} onChange={(event) => change({ retired: event.target.checked })} />{t('retire')}</label> : null}
    </FormDialog>
  );
}
