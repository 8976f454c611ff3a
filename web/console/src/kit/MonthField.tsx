import { useFormat, useLanguage } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useRef } from 'react';
import './day.css';

/** The month `count` months after `month` (`yyyy-mm`). */
export function addMonths(month: string, count: number): string {
  const [year = 1970, one = 1] = month.split('-').map(Number);
  const all = year * 12 + one - 1 + count;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`;
}

/** 2026年11月; English November 2026. */
export function monthName(month: string, language: 'zh' | 'en'): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(`${month}-01T00:00:00Z`));
}

/** One month with steps before and after, no later than this month. */
export function MonthField({ label, before, after, value, onChange }: {
  label: string;
  /** Names of the two step buttons. */
  before: string;
  after: string;
  value: string;
  onChange(month: string): void;
}) {
  const language = useLanguage();
  const max = useFormat().today().slice(0, 7);
  const input = useRef<HTMLInputElement>(null);
  return (
    <span className="day-field">
      <button type="button" className="icb" aria-label={before} title={before} onClick={() => onChange(addMonths(value, -1))}>
        <Icon name="left" />
      </button>
      <label className="sel">
        <Icon name="plan" size={15} />
        <span aria-hidden="true">{monthName(value, language)}</span>
        <input
          ref={input}
          type="month"
          aria-label={label}
          required
          value={value}
          max={max}
          onClick={() => input.current?.showPicker?.()}
          onChange={(event) => /^\d{4}-\d{2}$/.test(event.target.value) && onChange(event.target.value)}
        />
      </label>
      <button type="button" className="icb" aria-label={after} title={after} disabled={value >= max} onClick={() => onChange(addMonths(value, 1))}>
        <Icon name="right" />
      </button>
    </span>
  );
}
