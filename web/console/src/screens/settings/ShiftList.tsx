import type { Window } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { TimeInput } from '../../kit/TimeInput';
import { nextWindow } from './calendarRules';
import { settingsText } from './text';

/** The parts of one day, each editable, with one more to add. `day` names them for screen readers. */
export function ShiftList({ windows, day, disabled, onChange }: {
  windows: readonly Window[];
  day: string;
  disabled: boolean;
  onChange(next: Window[]): void;
}) {
  const t = useT(settingsText);
  const format = useFormat();
  const extra = nextWindow(windows);
  const set = (index: number, change: Partial<Window>) =>
    onChange(windows.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <span className="shift-list">
      {windows.length === 0 ? <span className="m3">{t('calendar.off')}</span> : null}
      {windows.map((one, index) => (
        <span key={index} className="shift">
          <TimeInput label={`${day} ${t('calendar.from')}`} value={one.from_minute} disabled={disabled} onChange={(from_minute) => set(index, { from_minute })} />
          <span className="m3" aria-hidden="true">–</span>
          <TimeInput label={`${day} ${t('calendar.to')}`} value={one.to_minute} disabled={disabled} onChange={(to_minute) => set(index, { to_minute })} />
          {disabled ? null : (
            <button
              type="button"
              className="icb tiny"
              aria-label={t('calendar.removeShift', { shift: `${day} ${format.window(one)}` })}
              onClick={() => onChange(windows.filter((_, at) => at !== index))}
            >
              <Icon name="close" size={12} />
            </button>
          )}
        </span>
      ))}
      {disabled || !extra ? null : (
        <button type="button" className="icb tiny" aria-label={`${day} ${t('calendar.addShift')}`} title={t('calendar.addShift')} onClick={() => onChange([...windows, extra])}>
          <Icon name="plus" size={14} />
        </button>
      )}
    </span>
  );
}
