import { useQuery } from '@tanstack/react-query';
import { api, type PunchOutside, type PunchRule, type PunchWithin } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { useDepartmentOptions } from '../../kit/refs';
import { FormDialog, Panel } from './Panel';
import { attendanceText } from './text';
import { useSave } from './useSave';

const WITHIN: PunchWithin[] = ['anywhere', 'places', 'customers'];
const OUTSIDE: PunchOutside[] = ['record', 'reason', 'refuse'];
type Draft = Pick<PunchRule, 'within' | 'outside' | 'visit_counts' | 'photo' | 'window_minutes' | 'must_from'> & { department: string | null; name: string | null };

export function RulesPanel() {
  const t = useT(attendanceText);
  const format = useFormat();
  const mayWrite = useCan('org.write');
  const [draft, setDraft] = useState<Draft | null>(null);
  const found = useQuery({ queryKey: ['attendance', 'rules'], queryFn: () => api.get<{ items: PunchRule[] }>('/punch-rules') });
  const remove = useSave<string>((id) => api.delete('/punch-rules/{id}', { params: { id } }), () => undefined);
  const items = found.data?.items ?? [];
  const own = items.find((one) => one.department === null);
  const blank: Draft = { department: null, name: null, within: 'anywhere', outside: 'record', visit_counts: false, photo: false, window_minutes: 60, must_from: null };
  const said = (one: Omit<Draft, 'department' | 'name'>) => format.dots([t(`within.${one.within}`), one.within === 'anywhere' ? null : `${t('outsideRule')}: ${t(`outside.${one.outside}`)}`, one.visit_counts ? t('visitCounts') : null, one.photo ? t('punchPhoto') : null, one.must_from ? t('mustSince', { day: format.day(one.must_from) }) : t('mustNot')]);
  return (
    <Panel title={t('rules')} intro={t('rulesIntro')} action={own ? t('ruleAdd') : t('company')} onAction={mayWrite ? () => setDraft(own ? { ...blank, department: '' } : { ...blank, name: t('company') }) : undefined} pending={found.isPending} error={found.error ?? remove.error} onRetry={() => void found.refetch()} empty={found.data && items.length === 0 ? t('noRules') : null}>
      {items.map((one) => {
        const name = one.department?.name ?? t('company');
        return (
          <li key={one.id}>
            <span className="sp"><b>{name}</b> <span className="m2 s12">{said(one)}</span></span>
            {mayWrite ? <button type="button" className="btn sm" aria-label={`${t('edit')} ${name}`} onClick={() => setDraft({ ...one, department: one.department?.id ?? null, name })}>{t('edit')}</button> : null}
            {mayWrite ? <button type="button" className="icb small" aria-label={`${t('remove')} ${name}`} title={t('remove')} onClick={() => remove.mutate(one.id)}><Icon name="trash" size={15} /></button> : null}
          </li>
        );
      })}
      {draft ? <Form draft={draft} onClose={() => setDraft(null)} /> : null}
    </Panel>
  );
}

function Form({ draft, onClose }: { draft: Draft; onClose(): void }) {
  const t = useT(attendanceText);
  const departments = useDepartmentOptions();
  const [rule, setRule] = useState(draft);
  const change = (more: Partial<Draft>) => setRule((old) => ({ ...old, ...more }));
  const save = useSave<Draft>(({ department, within, outside, visit_counts, photo, window_minutes, must_from }) => api.put('/punch-rules', { department_id: department || null, within, outside, visit_counts, photo, window_minutes, must_from }), onClose);
  return (
    <FormDialog title={draft.name ?? t('ruleAdd')} ready={rule.department !== ''} busy={save.isPending} error={save.error} onSave={() => save.mutate(rule)} onClose={onClose}>
      {draft.department === '' ? <label className="col">{t('department')}<select value={rule.department ?? ''} onChange={(event) => change({ department: event.target.value })}><option value="">–</option>{departments.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</select></label> : null}
      <label className="col">{t('within')}<select value={rule.within} onChange={(event) => change({ within: event.target.value as PunchWithin })}>{WITHIN.map((one) => <option key={one} value={one}>{t(`within.${one}`)}</option>)}</select></label>
      {rule.within === 'anywhere' ? null : <label className="col">{t('outsideRule')}<select value={rule.outside} onChange={(event) => change({ outside: event.target.value as PunchOutside })}>{OUTSIDE.map((one) => <option key={one} value={one}>{t(`outside.${one}`)}</option>)}</select></label>}
      <label className="check-line"><input type="checkbox" checked={rule.visit_counts} onChange={(event) => change({ visit_counts: event.target.checked })} />{t('visitCounts')}</label>
      <label className="check-line"><input type="checkbox" checked={rule.photo} onChange={(event) => change({ photo: event.target.checked })} />{t('punchPhoto')}</label>
      <label className="col">{t('window')}<input type="number" min={0} max={180} value={rule.window_minutes} onChange={(event) => change({ window_minutes: Number(event.target.value) })} /><span className="hint">{t('windowHint')}</span></label>
      <label className="col">{t('mustFrom')}<input type="date" value={rule.must_from ?? ''} onChange={(event) => change({ must_from: event.target.value || null })} /><span className="hint">{t('mustHint')}</span></label>
    </FormDialog>
  );
}
