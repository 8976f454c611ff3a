import { useQuery } from '@tanstack/react-query';
import { api, newId, type ShiftPair, type WorkShift } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { TimeInput } from '../../kit/TimeInput';
import { FormDialog, Panel } from './Panel';
import { attendanceText } from './text';
import { useSave } from './useSave';
import { hoursText } from './words';

type Draft = Omit<WorkShift, 'version'> & { version: number | null };

const blank = (name: string): Draft => ({
  id: newId(), name, short: '', pairs: [{ from_minute: 540, to_minute: 720 }, { from_minute: 780, to_minute: 1020 }], grace_minutes: 0, flex_minutes: 0, each_pair: false, retired: false, version: null,
});

export function ShiftsPanel() {
  const t = useT(attendanceText);
  const format = useFormat();
  const mayWrite = useCan('org.write');
  const [draft, setDraft] = useState<Draft | null>(null);
  const found = useQuery({ queryKey: ['attendance', 'shifts'], queryFn: () => api.get<{ items: WorkShift[] }>('/shifts') });
  return (
    <Panel title={t('shifts')} intro={t('shiftsIntro')} action={t('shiftAdd')} onAction={mayWrite ? () => setDraft(blank('')) : undefined} pending={found.isPending} error={found.error} onRetry={() => void found.refetch()} empty={found.data?.items.length === 0 ? t('noShifts') : null}>
      {found.data?.items.map((one) => (
        <li key={one.id}>
          <span className="tag">{one.short}</span>
          <span className="sp"><b>{one.name}</b> <span className="m2 s12">{format.dots([one.pairs.map((pair) => hoursText(format, pair)).join(' '), one.grace_minutes ? `${t('grace')} ${one.grace_minutes}` : null, one.flex_minutes ? `${t('flex')} ${one.flex_minutes}` : null, one.each_pair ? t('eachPair') : null, one.retired ? t('retired') : null])}</span></span>
          {mayWrite ? <button type="button" className="btn sm" aria-label={`${t('edit')} ${one.name}`} onClick={() => setDraft(one)}>{t('edit')}</button> : null}
        </li>
      ))}
      {draft ? <Form draft={draft} onClose={() => setDraft(null)} /> : null}
    </Panel>
  );
}

function Form({ draft, onClose }: { draft: Draft; onClose(): void }) {
  const t = useT(attendanceText);
  const [shift, setShift] = useState(draft);
  const change = (more: Partial<Draft>) => setShift((old) => ({ ...old, ...more }));
  const setPair = (at: number, more: Partial<ShiftPair>) => change({ pairs: shift.pairs.map((one, i) => (i === at ? { ...one, ...more } : one)) });
  /** A clock time as minutes of the shift: at or before what comes earlier it is the next day. */
  const after = (minute: number, earlier: number) => (minute <= earlier ? minute + 1440 : minute);
  const save = useSave<Draft>((one) => {
    const { id, name, short, pairs, grace_minutes, flex_minutes, each_pair, retired, version } = one;
    const body = { id, name: name.trim(), short: short.trim() || name.trim().slice(0, 2), pairs, grace_minutes, flex_minutes, each_pair, retired };
    return version === null ? api.post('/shifts', body) : api.patch('/shifts/{id}', body, { params: { id }, version });
  }, onClose);
  const lastEnd = shift.pairs[shift.pairs.length - 1]?.to_minute ?? 540;
  return (
    <FormDialog title={draft.version === null ? t('shiftAdd') : draft.name} ready={!!shift.name.trim() && shift.pairs.length > 0} busy={save.isPending} error={save.error} onSave={() => save.mutate(shift)} onClose={onClose}>
      <div className="two">
        <label className="col">{t('shiftName')}<input type="text" maxLength={40} value={shift.name} onChange={(event) => change({ name: event.target.value })} /></label>
        <label className="col">{t('shiftShort')}<input type="text" maxLength={4} value={shift.short} onChange={(event) => change({ short: event.target.value })} /></label>
      </div>
      <div>
        <p className="s12 m2">{t('shiftPairs')}</p>
        {shift.pairs.map((pair, i) => (
          <div key={i} className="pair">
            <TimeInput label={t('pairOf', { count: i + 1, what: t('from') })} value={pair.from_minute % 1440} onChange={(minute) => setPair(i, { from_minute: i === 0 ? minute % 1440 : after(minute, shift.pairs[i - 1]!.to_minute - 1), to_minute: Math.max(pair.to_minute, minute + 30) })} />
            <span aria-hidden="true">–</span>
            <TimeInput label={t('pairOf', { count: i + 1, what: t('to') })} value={pair.to_minute === 1440 ? 1440 : pair.to_minute % 1440} onChange={(minute) => setPair(i, { to_minute: after(minute, pair.from_minute) })} />
            {pair.to_minute > 1440 ? <span className="m2 s12">{t('nextDay')}</span> : null}
            {shift.pairs.length > 1 ? <button type="button" className="icb small" aria-label={t('pairRemove')} title={t('pairRemove')} onClick={() => change({ pairs: shift.pairs.filter((_, at) => at !== i) })}><Icon name="close" size={14} /></button> : null}
          </div>
        ))}
        {shift.pairs.length < 4 && lastEnd + 60 <= 2880 ? <button type="button" className="btn sm" onClick={() => change({ pairs: [...shift.pairs, { from_minute: lastEnd + 30, to_minute: lastEnd + 150 }] })}><Icon name="plus" size={14} />{t('pairAdd')}</button> : null}
      </div>
      <div className="two">
        <label className="col">{t('grace')}<input type="number" min={0} max={120} value={shift.grace_minutes} onChange={(event) => change({ grace_minutes: Number(event.target.value) })} /><span className="hint">{t('graceHint')}</span></label>
        <label className="col">{t('flex')}<input type="number" min={0} max={240} value={shift.flex_minutes} onChange={(event) => change({ flex_minutes: Number(event.target.value) })} /><span className="hint">{t('flexHint')}</span></label>
      </div>
      <label className="check-line"><input type="checkbox" checked={shift.each_pair} onChange={(event) => change({ each_pair: event.target.checked })} />{t('eachPair')}</label>
      {draft.version !== null ? <label className="check-line"><input type="checkbox" checked={shift.retired} onChange={(event) => change({ retired: event.target.checked })} />{t('retire')}</label> : null}
    </FormDialog>
  );
}
