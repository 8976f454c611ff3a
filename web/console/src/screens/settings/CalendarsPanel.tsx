import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newId, type Calendar } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useCalendars } from '../../kit/refs';
import { toastChange } from '../../kit/undo';
import { firstUnsound, weekMinutes } from './calendarRules';
import { HolidayEditor } from './HolidayEditor';
import { PanelHead } from './PanelHead';
import { settingsText } from './text';
import { WeekEditor } from './WeekEditor';

type Draft = Omit<Calendar, 'version'> & { version: number | null };

function blank(name: string): Draft {
  const workdays = [1, 2, 3, 4, 5];
  return {
    id: newId(),
    name,
    version: null,
    exceptions: [],
    is_default: false,
    shifts: workdays.flatMap((weekday) => [
      { weekday, from_minute: 540, to_minute: 720 },
      { weekday, from_minute: 780, to_minute: 1020 },
    ]),
  };
}

/** Work calendars: when people are on duty, week by week, with holidays and shifted days. */
export function CalendarsPanel() {
  const t = useT(settingsText);
  const format = useFormat();
  const canWrite = useCan('org.write');
  const calendars = useCalendars();
  const [draft, setDraft] = useState<Draft | null>(null);
  useEffect(() => {
    if (!draft && calendars.data?.[0]) setDraft(calendars.data[0]);
  }, [calendars.data, draft]);
  // What was taken back from the toast stands in the form again.
  useEffect(() => {
    const kept = calendars.data?.find((one) => one.id === draft?.id);
    if (kept && draft?.version && kept.version > draft.version) setDraft(kept);
  }, [calendars.data, draft]);

  return (
    <div className="panel-page wide">
      <PanelHead
        title={t('calendars')}
        intro={t('calendar.intro')}
        action={
          canWrite ? (
            <button type="button" className="btn" onClick={() => setDraft(blank(t('calendar.newName')))}>
              <Icon name="plus" size={15} />{t('new')}
            </button>
          ) : undefined
        }
      />
      {calendars.error ? <ProblemView error={calendars.error} onRetry={() => calendars.refetch()} /> : null}
      {calendars.isPending ? <SkeletonRows rows={6} /> : null}
      {calendars.data ? (
        <div className="split">
          <div>
            <ul className="pick-list">
              {calendars.data.map((one) => (
                <li key={one.id}>
                  <button type="button" className={one.id === draft?.id ? 'on' : ''} aria-current={one.id === draft?.id || undefined} onClick={() => setDraft(one)}>
                    <span className="cell2">
                      <b>{one.name}</b>
                      <span className="sub">{format.dots([one.is_default && t('calendar.default'), t('calendar.total', { hours: format.number(weekMinutes(one.shifts) / 60, 1) })])}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            <p className="m3 s12" style={{ padding: '8px 4px' }}>{t('calendar.usedBy')}</p>
          </div>
          {draft ? <CalendarForm key={`${draft.id}-${draft.version}`} start={draft} canWrite={canWrite} onSaved={setDraft} /> : null}
        </div>
      ) : null}
    </div>
  );
}

function CalendarForm({ start, canWrite, onSaved }: { start: Draft; canWrite: boolean; onSaved(next: Calendar): void }) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const [name, setName] = useState(start.name);
  const [shifts, setShifts] = useState(start.shifts);
  const [exceptions, setExceptions] = useState(start.exceptions);
  const unsound = firstUnsound({ shifts, exceptions });
  const changed = start.version === null || name !== start.name || shifts !== start.shifts || exceptions !== start.exceptions;

  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), shifts, exceptions };
      return start.version === null
        ? api.post<Calendar>('/calendars', { id: start.id, ...body })
        : api.patch<Calendar>('/calendars/{id}', body, { params: { id: start.id }, version: start.version });
    },
    onSuccess: async (next) => {
      await client.invalidateQueries({ queryKey: ['calendars'] });
      toastChange(t('savedName', { name: next.name }), start.version === null ? null : {
        method: 'patch', path: '/calendars/{id}', params: { id: start.id }, body: { name: start.name, shifts: start.shifts, exceptions: start.exceptions }, version: next.version, lists: ['calendars'],
      });
      onSaved(next);
    },
  });

  return (
    <div className="col" style={{ gap: 16, minWidth: 0 }}>
      <section className="panel-card">
        <label className="stack" style={{ maxWidth: 320 }}>
          <span className="m2">{t('name')}</span>
          <Input value={name} maxLength={40} disabled={!canWrite} onChange={(event) => setName(event.target.value)} />
        </label>
        <h3>{t('calendar.week')}</h3>
        <p className="m3 s12">{t('calendar.weekHint')}</p>
        <WeekEditor shifts={shifts} disabled={!canWrite} onChange={setShifts} />
        <p className="m2">{t('calendar.total', { hours: format.number(weekMinutes(shifts) / 60, 1) })}</p>
      </section>
      <section className="panel-card">
        <h3>{t('calendar.exceptions')}</h3>
        <p className="m3 s12">{t('calendar.exceptionsHint')}</p>
        <HolidayEditor exceptions={exceptions} disabled={!canWrite} onChange={setExceptions} />
      </section>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      {unsound !== null ? (
        <p className="fg-problem" role="alert">
          {t('calendar.overlap', { day: typeof unsound === 'number' ? format.weekday(unsound) : format.day(unsound) })}
        </p>
      ) : null}
      {canWrite ? (
        <div>
          <Button type="primary" loading={save.isPending} disabled={!changed || unsound !== null || !name.trim()} onClick={() => save.mutate()}>
            {common('save')}
          </Button>
        </div>
      ) : (
        <p className="note"><Icon name="lock" size={13} />{t('readOnly')}</p>
      )}
    </div>
  );
}
