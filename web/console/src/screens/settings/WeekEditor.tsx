import type { Shift } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { shiftsOf, WEEKDAYS, withShifts } from './calendarRules';
import { ShiftList } from './ShiftList';
import { settingsText } from './text';

/** Seven days with their parts as a bar and as times. */
export function WeekEditor({ shifts, disabled, onChange }: { shifts: Shift[]; disabled: boolean; onChange(next: Shift[]): void }) {
  const t = useT(settingsText);
  const format = useFormat();
  return (
    <div className="week">
      {WEEKDAYS.map((weekday) => {
        const windows = shiftsOf(shifts, weekday);
        return (
          <div key={weekday} className="week-row">
            <b>{format.weekday(weekday)}</b>
            <span className="week-bar" aria-hidden="true">
              {windows.map((one) => (
                <i key={one.from_minute} style={{ left: `${one.from_minute / 14.4}%`, width: `${Math.max(0, one.to_minute - one.from_minute) / 14.4}%` }} />
              ))}
            </span>
            <ShiftList windows={windows} day={format.weekday(weekday)} disabled={disabled} onChange={(next) => onChange(withShifts(shifts, weekday, next))} />
          </div>
        );
      })}
      {disabled ? null : (
        <div>
          <button
            type="button"
            className="btn sm"
            onClick={() => {
              const monday = shiftsOf(shifts, 1);
              onChange([2, 3, 4, 5].reduce((all, weekday) => withShifts(all, weekday, monday), shifts));
            }}
          >
            {t('calendar.copyDown')}
          </button>
        </div>
      )}
    </div>
  );
}
