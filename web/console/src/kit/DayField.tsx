import { addDays, useFormat } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useRef } from 'react';
import { useFilterWord } from './filterWords';
import './day.css';

/**
 * One day of the company's calendar with steps before and after. The words are ours, the calendar that opens is the
 * browser's own, so the keyboard and screen readers get what they know.
 */
export function DayField({ label, before, after, value, onChange, min, max }: {
  label: string;
  /** Names of the two step buttons; without them there are none. */
  before?: string;
  after?: string;
  value: string;
  onChange(day: string): void;
  min?: string;
  max?: string;
}) {
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  useFilterWord(label, format.dayWeek(value));
  return (
    <span className="day-field">
      {before ? (
        <button type="button" className="icb" aria-label={before} title={before} disabled={!!min && value <= min} onClick={() => onChange(addDays(value, -1))}>
          <Icon name="left" />
        </button>
      ) : null}
      <label className="sel">
        <Icon name="plan" size={15} />
        <span aria-hidden="true">{format.dayWeek(value)}</span>
        <input
          ref={input}
          type="date"
          aria-label={label}
          required
          value={value}
          min={min}
          max={max}
          onClick={() => input.current?.showPicker?.()}
          onChange={(event) => event.target.value && onChange(event.target.value)}
        />
      </label>
      {after ? (
        <button type="button" className="icb" aria-label={after} title={after} disabled={!!max && value >= max} onClick={() => onChange(addDays(value, 1))}>
          <Icon name="right" />
        </button>
      ) : null}
    </span>
  );
}
