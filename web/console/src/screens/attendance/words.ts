import type { AttendanceRequest, ShiftPair } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { attendanceText } from './text';

/** Thousandths of a day as people write them: 0.5, 2. */
export function days(milli: number): string {
  return String(Math.round(milli) / 1000);
}

/** 09:00–17:00, 22:00–06:00. */
export function hoursText(format: ReturnType<typeof useFormat>, one: ShiftPair): string {
  return `${format.minuteOfDay(one.from_minute % 1440)}–${one.to_minute === 1440 ? '24:00' : format.minuteOfDay(one.to_minute % 1440)}`;
}

/** 一, or Mo: the day of the week in a narrow column. */
export function weekdayLetters(format: ReturnType<typeof useFormat>, day: string): string {
  const word = format.weekday(((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1);
  return word.length > 2 ? word.slice(0, 2) : word.slice(-1);
}

const TONES: Record<AttendanceRequest['status'], string> = { running: 'fg-late', returned: 'fg-problem', approved: 'fg-visit', rejected: 'fg-problem', withdrawn: 'm3', cancelled: 'm3' };

/** A request in words. */
export function useWords() {
  const t = useT(attendanceText);
  const format = useFormat();
  return {
    tone: (status: AttendanceRequest['status']) => TONES[status],
    what: (one: AttendanceRequest) => format.dots([t(`kind.${one.kind}`), one.leave_type?.name, one.place, one.punch_kind ? t(one.punch_kind) : null]),
    when: (one: AttendanceRequest) => {
      const span = one.from_day === one.to_day ? format.dayWeek(one.from_day) : `${format.dayWeek(one.from_day)} – ${format.dayWeek(one.to_day)}`;
      if (one.kind === 'correction') return format.dots([span, format.time(one.from)]);
      if (one.part === 'hours') return format.dots([span, `${format.time(one.from)}–${format.time(one.to)}`]);
      return one.part === 'day' ? span : format.dots([span, t(`part.${one.part}`)]);
    },
    amount: (one: AttendanceRequest) => {
      if (one.kind === 'correction') return '';
      return one.kind === 'overtime' ? t('hoursOf', { hours: format.number(one.amount / 60, 1) }) : t('days', { days: days(one.amount) });
    },
  };
}
