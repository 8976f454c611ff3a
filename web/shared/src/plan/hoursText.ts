import type { OpeningHours } from '../api/schema';
import { defineMessages, type Format, type Translate } from '../i18n';
import { hoursLines, isAlways, openState } from './hours';

/** Words of opening hours, for both apps. */
export const hoursText = defineMessages('hours', {
  title: '营业时间', always: '不限', until: '营业到 {{time}}', opens: '现在不营业，{{when}} 开门', closed: '现在不营业', range: '{{first}}至{{last}}', closedOn: '休息：{{days}}',
}, {
  title: 'Opening hours', always: 'at any time', until: 'open until {{time}}', opens: 'closed now, opens {{when}}', closed: 'closed now', range: '{{first}}–{{last}}', closedOn: 'Closed: {{days}}',
});

type T = Translate<keyof (typeof hoursText)['zh'] & string>;

/** `周一至周五 09:00–12:00、13:30–18:00`, a line for each; closed days last. */
export function hoursWords(t: T, f: Format, hours: OpeningHours): string[] {
  const lines = hoursLines(hours).map(({ first, last, windows }) => {
    const days = first === last ? f.weekday(first) : t('range', { first: f.weekday(first), last: f.weekday(last) });
    return `${days} ${f.names(windows.map((one) => f.window(one)))}`;
  });
  return hours.closed.length ? [...lines, t('closedOn', { days: f.names(hours.closed.map((day) => f.day(day))) })] : lines;
}

/** Whether a customer is open now, in words; `null` for who is open always. */
export function openNowText(t: T, f: Format, hours: OpeningHours | undefined, day: string, minute: number): { text: string; open: boolean } | null {
  if (isAlways(hours)) return null;
  const state = openState(hours, day, minute);
  if (state.open) return state.until === null ? null : { open: true, text: t('until', { time: f.minuteOfDay(state.until) }) };
  if (state.day === null) return { open: false, text: t('closed') };
  const time = f.minuteOfDay(state.from);
  return { open: false, text: t('opens', { when: state.day === day ? time : `${f.dayWeek(state.day)} ${time}` }) };
}
