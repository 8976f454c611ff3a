import { useFormat } from '@tashi/shared/i18n';
import { useEffect, useState } from 'react';

/** `9`, `930`, `9:30`, `0930`, `24:00` as minutes of the day. */
export function parseMinute(text: string): number | null {
  const match = /^\s*(\d{1,2})(?:\s*[:：.]?\s*(\d{2}))?\s*$/.exec(text);
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2] ?? 0);
  return Number(match[2] ?? 0) < 60 && minute <= 1440 ? minute : null;
}

/** A time of the day as text; always 24 hours, whatever the browser's habit, and 24:00 as an end. */
export function TimeInput({ value, label, disabled, onChange }: {
  value: number;
  label: string;
  disabled?: boolean;
  onChange(minute: number): void;
}) {
  const format = useFormat();
  const shown = format.minuteOfDay(value);
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const parsed = parseMinute(draft);
  return (
    <input
      className="time-input"
      inputMode="numeric"
      aria-label={label}
      aria-invalid={parsed === null}
      disabled={disabled}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => {
        if (parsed === null) setDraft(shown);
        else if (parsed !== value) onChange(parsed);
        else setDraft(shown);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          event.currentTarget.blur();
        }
      }}
    />
  );
}
