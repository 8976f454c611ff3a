import { useQuery } from '@tanstack/react-query';
import { api, newId, type LeaveType, type LeaveUnit } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { FormDialog, Panel } from './Panel';
import { attendanceText } from './text';
import { useSave } from './useSave';

type Draft = Omit<LeaveType, 'version'> & { version: number | null };
const UNITS: LeaveUnit[] = ['day', 'half', 'hour'];

export function LeaveTypesPanel() {
  const t = useT(attendanceText);
  const format = useFormat();
  const language = useLanguage();
  const mayWrite = useCan('org.write');
  const [draft, setDraft] = useState<Draft | null>(null);
  const found = useQuery({ queryKey: ['attendance', 'leave-types'], queryFn: () => api.get<{ items: LeaveType[] }>('/leave-types') });
  const blank: Draft = { id: '', name: '', name_en: '', balanced: true, paid: true, unit: 'half', retired: false, version: null };
  return (
    <Panel title={t('types')} intro={t('typesIntro')} action={t('typeAdd')} onAction={mayWrite ? () => setDraft({ ...blank, id: newId() }) : undefined} pending={found.isPending} error={found.error} onRetry={() => void found.refetch()} empty={found.data?.items.length === 0 ? t('noTypes') : null}>
      {found.data?.items.map((one) => (
        <li key={one.id}>
          <span className="sp"><b>{language === 'zh' ? one.name : one.name_en}</b> <span className="m2 s12">{format.dots([one.balanced ? t('balanced') : null, one.paid ? t('paid') : null, t(`unit.${one.unit}`), one.retired ? t('retired') : null])}</span></span>
          {mayWrite ? <button type="button" className="btn sm" aria-label={`${t('edit')} ${one.name}`} onClick={() => setDraft(one)}>{t('edit')}</button> : null}
        </li>
      ))}
      {draft ? <Form draft={draft} onClose={() => setDraft(null)} /> : null}
    </Panel>
  );
}

function Form({ draft, onClose }: { draft: Draft; onClose(): void }) {
  const t = useT(attendanceText);
  const [kind, setKind] = useState(draft);
  const change = (more: Partial<Draft>) => setKind((old) => ({ ...old, ...more }));
  const save = useSave<Draft>(({ id, name, name_en, balanced, paid, unit, retired, version }) => {
    const body = { id, name: name.trim(), name_en: name_en.trim() || name.trim(), balanced, paid, unit, retired };
    return version === null ? api.post('/leave-types', body) : api.patch('/leave-types/{id}', body, { params: { id }, version });
  }, onClose);
  return (
    <FormDialog title={draft.version === null ? t('typeAdd') : draft.name} ready={!!kind.name.trim()} busy={save.isPending} error={save.error} onSave={() => save.mutate(kind)} onClose={onClose}>
      <div className="two">
        <label className="col">{t('typeName')}<input type="text" maxLength={20} value={kind.name} onChange={(event) => change({ name: event.target.value })} /></label>
        <label className="col">{t('typeNameEn')}<input type="text" maxLength={40} value={kind.name_en} onChange={(event) => change({ name_en: event.target.value })} /></label>
      </div>
      <label className="col">{t('unit')}<select value={kind.unit} onChange={(event) => change({ unit: event.target.value as LeaveUnit })}>{UNITS.map((one) => <option key={one} value={one}>{t(`unit.${one}`)}</option>)}</select></label>
      <label className="check-line"><input type="checkbox" checked={kind.balanced} onChange={(event) => change({ balanced: event.target.checked })} />{t('balanced')}</label>
      <label className="check-line"><input type="checkbox" checked={kind.paid} onChange={(event) => change({ paid: event.target.checked })} />{t('paid')}</label>
      {draft.version !== null ? <label className="check-line"><input type="checkbox" checked={kind.retired} onChange={(event) => change({ retired: event.target.checked })} />{t('retire')}</label> : null}
    </FormDialog>
  );
}
