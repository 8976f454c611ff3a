import type { CalendarException, Window } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { withDays } from './calendarRules';
import { ShiftList } from './ShiftList';
import { settingsText } from './text';

const USUAL_DAY: Window[] = [{ from_minute: 540, to_minute: 1020 }];

/** Days that differ from the week: holidays without shifts, shifted working days with their own. */
export function HolidayEditor({ exceptions, disabled, onChange }: {
  exceptions: CalendarException[];
  disabled: boolean;
  onChange(next: CalendarException[]): void;
}) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const format = useFormat();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [name, setName] = useState('');
  const [work, setWork] = useState(false);

  return (
    <>
      {exceptions.length === 0 ? <p className="m2">{t('calendar.noExceptions')}</p> : null}
      <div>
        {exceptions.map((one) => (
          <div key={one.day} className="holiday">
            <b className="nw">{format.dayWeek(one.day)}</b>
            <span className="clip">{one.name}</span>
            <span className="m2">{one.shifts.length ? t('calendar.work') : t('calendar.dayOff')}</span>
            <span>
              {one.shifts.length ? (
                <ShiftList
                  windows={one.shifts}
                  day={format.day(one.day)}
                  disabled={disabled}
                  onChange={(shifts) => onChange(exceptions.map((other) => (other === one ? { ...one, shifts } : other)))}
                />
              ) : null}
            </span>
            {disabled ? null : (
              <button
                type="button"
                className="icb small"
                aria-label={`${common('remove')} ${format.day(one.day)} ${one.name}`}
                onClick={() => onChange(exceptions.filter((other) => other !== one))}
              >
                <Icon name="close" size={14} />
              </button>
            )}
          </div>
        ))}
      </div>
      {disabled ? null : (
        <div className="holiday-add">
          <label>
            {t('calendar.day')}
            <input className="plain-input" type="date" value={first} onChange={(event) => setFirst(event.target.value)} />
          </label>
          <label>
            {t('calendar.lastDay')}
            <input className="plain-input" type="date" min={first} value={last} onChange={(event) => setLast(event.target.value)} />
          </label>
          <label>
            {t('calendar.dayName')}
            <input className="plain-input" value={name} maxLength={20} onChange={(event) => setName(event.target.value)} style={{ width: 140 }} />
          </label>
          <div className="seg" role="group" aria-label={t('calendar.kind')}>
            {[false, true].map((one) => (
              <button key={String(one)} type="button" className={one === work ? 'on' : ''} aria-pressed={one === work} onClick={() => setWork(one)}>
                {one ? t('calendar.work') : t('calendar.dayOff')}
              </button>
            ))}
          </div>
          <button
            type="button"
            className="btn"
            disabled={!first || !name.trim()}
            onClick={() => {
              onChange(withDays(exceptions, first, last || first, name.trim(), work ? USUAL_DAY : []));
              setFirst('');
              setLast('');
              setName('');
            }}
          >
            <Icon name="plus" size={14} />{t('calendar.addHoliday')}
          </button>
        </div>
      )}
    </>
  );
}
