import { useMemo } from 'react';
import { currentTimeZone, serverNow, useTimeZone } from './clock';
import { currentLanguage, LANGUAGE_TAG, useLanguage, type Language } from './language';
import { defineMessages, translate } from './messages';

const text = defineMessages(
  'format',
  {
    justNow: '刚刚',
    secondsAgo: '{{count}} 秒前',
    minutesAgo: '{{count}} 分钟前',
    hoursAgo: '{{count}} 小时前',
    daysAgo: '{{count}} 天前',
    inMinutes: '{{count}} 分钟后',
    inHours: '{{count}} 小时后',
    inDays: '{{count}} 天后',
    today: '今天',
    yesterday: '昨天',
    tomorrow: '明天',
    minutes: '{{count}} 分',
    seconds: '{{count}} 秒',
    hours: '{{count}} 时',
    hoursMinutes: '{{hours}} 时 {{minutes}} 分',
  },
  {
    justNow: 'just now',
    secondsAgo: '{{count}} s ago',
    minutesAgo: '{{count}} min ago',
    hoursAgo: '{{count}} h ago',
    daysAgo: { one: '{{count}} day ago', other: '{{count}} days ago' },
    inMinutes: 'in {{count}} min',
    inHours: 'in {{count}} h',
    inDays: { one: 'in {{count}} day', other: 'in {{count}} days' },
    today: 'today',
    yesterday: 'yesterday',
    tomorrow: 'tomorrow',
    minutes: '{{count}} min',
    seconds: '{{count}} s',
    hours: '{{count}} h',
    hoursMinutes: '{{hours}} h {{minutes}} min',
  },
);

type When = string | number | null | undefined;

/** Numbers, times and distances as people read them, in one language and one zone. Missing values read `—`. */
export interface Format {
  /** 10:45 */
  time(at: When): string;
  /** 10:45:07 */
  timeSeconds(at: When): string;
  /** 11-20 10:45, with the year when it is not this year. */
  dateTime(at: When): string;
  /** 11-20; English 20 Nov. With the year when it is not this year. */
  day(day: string | null | undefined): string;
  /** 11-20 周五; English Fri 20 Nov. */
  dayWeek(day: string | null | undefined): string;
  /** 今天 / 昨天 / 明天, otherwise `day`. */
  dayNear(day: string | null | undefined): string;
  /** 周五; English Fri. 1 = Monday. */
  weekday(weekday: number): string;
  /** 3 分钟前; later times read 3 分钟后. */
  age(at: When, now?: number): string;
  /** Days since a local day: 今天, 昨天, 4 天前. */
  dayAge(day: string | null | undefined): string;
  /** 09:00 from minutes of the day (540); 24:00 is possible as an end. */
  minuteOfDay(minute: number | null | undefined): string;
  /** 09:00–17:00 */
  window(window: { from_minute: number; to_minute: number }): string;
  /** 38.0 from metres; the unit km is the screen's. */
  km(meters: number | null | undefined, digits?: number): string;
  /** 367 m below one kilometre, 2.4 km from there. */
  distance(meters: number | null | undefined): string;
  /** Whole minutes from seconds, no unit. */
  minutes(seconds: number | null | undefined): string;
  /** 2.5 from seconds, no unit. */
  hours(seconds: number | null | undefined, digits?: number): string;
  /** 48 秒, 31 分, 1 时 12 分 from seconds. */
  duration(seconds: number | null | undefined): string;
  /** 1,287 */
  number(value: number | null | undefined, digits?: number): string;
  /** 93 % from 0.93. */
  percent(share: number | null | undefined, digits?: number): string;
  /** Facts side by side: 中山路·便利店; English with spaces round the dot. Absent ones are left out. */
  dots(facts: readonly (string | null | undefined | false)[]): string;
  /** Names one after the other: 张伟、李娜; English with commas. */
  names(names: readonly string[]): string;
  /** A heading and what it says: 标题：详情; English Title: detail. Absent parts are left out. */
  saying(parts: readonly (string | null | undefined | false)[]): string;
  /** A name and what it is, in brackets: 王芳（店长）; English Wang Fang (manager). */
  aside(name: string, more: string | null | undefined): string;
  /** The local day of a moment, `yyyy-mm-dd`. */
  dayOf(at: string | number): string;
  /** Today in the company's zone, `yyyy-mm-dd`. */
  today(): string;
}

const NONE = '—';

/** Adds whole days to a local day; pure calendar arithmetic, no zone involved. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** Whole days from `a` to `b`; negative when `b` is earlier. */
export function daysBetween(a: string, b: string): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / 86_400_000);
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

function moment(at: When): number | null {
  if (at === null || at === undefined || at === '') return null;
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return Number.isFinite(ms) ? ms : null;
}

/** Builds the formatter of one language and zone. */
export function makeFormat(language: Language, timeZone: string): Format {
  const tag = LANGUAGE_TAG[language];
  const t = translate(text, language);
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  const dayShort = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
  const weekShort = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', weekday: 'short' });
  const numbers = new Map<number, Intl.NumberFormat>();

  const split = (ms: number): Record<string, string> =>
    Object.fromEntries(parts.formatToParts(ms).map((part) => [part.type, part.value]));
  const dayOf = (at: string | number): string => {
    const ms = moment(at);
    if (ms === null) return '';
    const p = split(ms);
    return `${p.year}-${p.month}-${p.day}`;
  };
  const today = () => dayOf(serverNow());
  const number = (value: number | null | undefined, digits = 0): string => {
    if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
    let found = numbers.get(digits);
    if (!found) {
      found = new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      numbers.set(digits, found);
    }
    return found.format(value).replace('-', '−');
  };
  const day = (value: string | null | undefined): string => {
    if (!value) return NONE;
    const sameYear = value.slice(0, 4) === today().slice(0, 4);
    if (language === 'zh') return sameYear ? value.slice(5) : value;
    return dayShort.format(new Date(`${value}T00:00:00Z`)) + (sameYear ? '' : ` ${value.slice(0, 4)}`);
  };
  const weekday = (one: number): string => weekShort.format(new Date(Date.UTC(2024, 0, one)));
  const time = (at: When): string => {
    const ms = moment(at);
    if (ms === null) return NONE;
    const p = split(ms);
    return `${p.hour}:${p.minute}`;
  };
  const minuteOfDay = (minute: number | null | undefined): string => {
    if (minute === null || minute === undefined) return NONE;
    const two = (n: number) => String(n).padStart(2, '0');
    return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  };
  const km = (meters: number | null | undefined, digits = 1): string =>
    number(meters === null || meters === undefined ? null : meters / 1000, digits);

  return {
    time,
    timeSeconds(at) {
      const ms = moment(at);
      return ms === null ? NONE : `${time(at)}:${split(ms).second}`;
    },
    dateTime(at) {
      const ms = moment(at);
      return ms === null ? NONE : `${day(dayOf(ms))} ${time(ms)}`;
    },
    day,
    dayWeek(value) {
      if (!value) return NONE;
      const word = weekday(weekdayOf(value));
      return language === 'zh' ? `${day(value)} ${word}` : `${word} ${day(value)}`;
    },
    dayNear(value) {
      if (!value) return NONE;
      const away = daysBetween(today(), value);
      if (away === 0) return t('today');
      if (away === -1) return t('yesterday');
      if (away === 1) return t('tomorrow');
      return day(value);
    },
    weekday,
    age(at, now = serverNow()) {
      const ms = moment(at);
      if (ms === null) return NONE;
      const seconds = Math.round((now - ms) / 1000);
      if (seconds < -59) {
        const ahead = -seconds;
        if (ahead < 3600) return t('inMinutes', { count: Math.round(ahead / 60) });
        if (ahead < 86_400) return t('inHours', { count: Math.round(ahead / 3600) });
        return t('inDays', { count: Math.round(ahead / 86_400) });
      }
      if (seconds < 10) return t('justNow');
      if (seconds < 60) return t('secondsAgo', { count: seconds });
      if (seconds < 3600) return t('minutesAgo', { count: Math.floor(seconds / 60) });
      if (seconds < 86_400) return t('hoursAgo', { count: Math.floor(seconds / 3600) });
      return t('daysAgo', { count: Math.floor(seconds / 86_400) });
    },
    dayAge(value) {
      if (!value) return NONE;
      const gone = daysBetween(value, today());
      if (gone === 0) return t('today');
      if (gone === 1) return t('yesterday');
      return gone > 0 ? t('daysAgo', { count: gone }) : t('inDays', { count: -gone });
    },
    minuteOfDay,
    window: (window) => `${minuteOfDay(window.from_minute)}–${minuteOfDay(window.to_minute)}`,
    km,
    distance(meters) {
      if (meters === null || meters === undefined) return NONE;
      return Math.abs(meters) < 1000 ? `${number(Math.round(meters))} m` : `${km(meters)} km`;
    },
    minutes: (seconds) => number(seconds === null || seconds === undefined ? null : Math.round(seconds / 60)),
    hours: (seconds, digits = 1) =>
      number(seconds === null || seconds === undefined ? null : seconds / 3600, digits),
    duration(seconds) {
      if (seconds === null || seconds === undefined) return NONE;
      if (seconds < 60) return t('seconds', { count: Math.max(0, Math.round(seconds)) });
      const total = Math.round(seconds / 60);
      if (total < 60) return t('minutes', { count: total });
      const minutes = total % 60;
      const hours = Math.floor(total / 60);
      return minutes ? t('hoursMinutes', { hours, minutes }) : t('hours', { count: hours });
    },
    number,
    percent: (share, digits = 0) =>
      share === null || share === undefined ? NONE : `${number(share * 100, digits)} %`,
    dots: (facts) => facts.filter(Boolean).join(language === 'zh' ? '·' : ' · '),
    names: (names) => names.join(language === 'zh' ? '、' : ', '),
    saying: (parts) => parts.filter(Boolean).join(language === 'zh' ? '：' : ': '),
    aside: (name, more) => (!more ? name : language === 'zh' ? `${name}（${more}）` : `${name} (${more})`),
    dayOf,
    today,
  };
}

const cache = new Map<string, Format>();

/** The formatter outside React. */
export function format(language: Language = currentLanguage(), timeZone: string = currentTimeZone()): Format {
  const id = `${language}/${timeZone}`;
  let found = cache.get(id);
  if (!found) {
    found = makeFormat(language, timeZone);
    cache.set(id, found);
  }
  return found;
}

/** The formatter of the language and zone on the screen. */
export function useFormat(): Format {
  const language = useLanguage();
  const zone = useTimeZone();
  return useMemo(() => format(language, zone), [language, zone]);
}
