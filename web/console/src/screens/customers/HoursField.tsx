import type { OpeningHours, OpenSpan } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { shiftsOf, WEEKDAYS, withShifts } from '../settings/calendarRules';
import { ShiftList } from '../settings/ShiftList';
import { customersText } from './text';
import './hours.css';

const MOST_SPANS = 3;
const MOST_CLOSED = 60;
const USUAL: OpenSpan[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from_minute: 540, to_minute: 1080 }));

/** When a customer can be visited: at any time, or by weekday; and days on which he is closed all the same. */
export function HoursField({ value, onChange }: { value?: OpeningHours; onChange?(next: OpeningHours): void }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  const [day, setDay] = useState('');
  const hours = value ?? { weekly: [], closed: [] };
  const set = (change: Partial<OpeningHours>) => onChange?.({ ...hours, ...change });
  return (
    <div className="hours-field">
      <label className="row g6">
        <input type="checkbox" checked={hours.weekly.length > 0} onChange={(event) => set({ weekly: event.target.checked ? USUAL : [] })} />
        {t('hours.byWeek')}
      </label>
      {hours.weekly.length > 0 ? (
        <div className="hours-week">
          {WEEKDAYS.map((weekday) => {
            const windows = shiftsOf(hours.weekly, weekday);
            return (
              <div key={weekday} className="hours-day">
                <b>{format.weekday(weekday)}</b>
                <ShiftList
                  windows={windows}
                  day={format.weekday(weekday)}
                  disabled={false}
                  onChange={(next) => set({ weekly: withShifts(hours.weekly, weekday, next.slice(0, MOST_SPANS)) })}
                />
              </div>
            );
          })}
          <div>
            <button
              type="button"
              className="btn sm"
              onClick={() => set({ weekly: [2, 3, 4, 5].reduce((all, weekday) => withShifts(all, weekday, shiftsOf(hours.weekly, 1)), hours.weekly as OpenSpan[]) })}
            >
              {t('hours.copyDown')}
            </button>
          </div>
        </div>
      ) : null}
      <div className="row g6 hours-closed">
        {hours.closed.map((one) => (
          <span key={one} className="tag">
            {format.dayWeek(one)}
            <button type="button" className="icb tiny" aria-label={`${common('remove')} ${format.day(one)}`} onClick={() => set({ closed: hours.closed.filter((other) => other !== one) })}>
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <input type="date" className="hours-date" aria-label={t('hours.closedDay')} value={day} onChange={(event) => setDay(event.target.value)} />
        <button
          type="button"
          className="btn sm"
          disabled={!day || hours.closed.includes(day) || hours.closed.length >= MOST_CLOSED}
          onClick={() => {
            set({ closed: [...hours.closed, day].sort() });
            setDay('');
          }}
        >
          {t('hours.addClosed')}
        </button>
      </div>
    </div>
  );
}
