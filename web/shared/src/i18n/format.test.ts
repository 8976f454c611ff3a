import { describe, expect, it } from 'vitest';
import { setServerTime } from './clock';
import { addDays, daysBetween, makeFormat, weekdayOf } from './format';

const SHANGHAI = makeFormat('zh', 'Asia/Shanghai');
const URUMQI = makeFormat('zh', 'Asia/Urumqi');
const ENGLISH = makeFormat('en', 'Asia/Shanghai');
const NOON = '2026-11-20T04:00:00Z';

describe('times are in the company zone', () => {
  it('shows the same moment differently in two zones', () => {
    expect(SHANGHAI.time('2026-11-20T02:45:07Z')).toBe('10:45');
    expect(URUMQI.time('2026-11-20T02:45:07Z')).toBe('08:45');
    expect(SHANGHAI.timeSeconds('2026-11-20T02:45:07Z')).toBe('10:45:07');
  });

  it('takes the local day after the zone, not UTC', () => {
    expect(SHANGHAI.dayOf('2026-11-19T16:30:00Z')).toBe('2026-11-20');
    expect(SHANGHAI.dayOf('2026-11-19T15:59:59Z')).toBe('2026-11-19');
  });

  it('writes midnight as 00:00 and the end of the day as 24:00', () => {
    expect(SHANGHAI.time('2026-11-19T16:00:00Z')).toBe('00:00');
    expect(SHANGHAI.minuteOfDay(0)).toBe('00:00');
    expect(SHANGHAI.minuteOfDay(1440)).toBe('24:00');
    expect(SHANGHAI.window({ from_minute: 540, to_minute: 1020 })).toBe('09:00–17:00');
  });
});

describe('days', () => {
  it('leaves out the year of today only', () => {
    setServerTime(NOON);
    expect(SHANGHAI.day('2026-11-20')).toBe('11-20');
    expect(SHANGHAI.day('2025-11-20')).toBe('2025-11-20');
    expect(ENGLISH.day('2026-11-20')).toBe('20 Nov');
    expect(ENGLISH.day('2025-11-20')).toBe('20 Nov 2025');
  });

  it('names the weekday and the days nearby', () => {
    setServerTime(NOON);
    expect(SHANGHAI.dayWeek('2026-11-20')).toBe('11-20 周五');
    expect(ENGLISH.dayWeek('2026-11-20')).toBe('Fri 20 Nov');
    expect(SHANGHAI.weekday(7)).toBe('周日');
    expect([SHANGHAI.dayNear('2026-11-19'), SHANGHAI.dayNear('2026-11-20'), SHANGHAI.dayNear('2026-11-21')]).toEqual(['昨天', '今天', '明天']);
    expect(SHANGHAI.dayAge('2026-11-16')).toBe('4 天前');
    expect(ENGLISH.dayAge('2026-11-19')).toBe('yesterday');
  });

  it('calculates over month ends and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3);
    expect([weekdayOf('2026-11-16'), weekdayOf('2026-11-22')]).toEqual([1, 7]);
  });
});

describe('ages', () => {
  const now = Date.parse(NOON);
  it.each([
    [4, '刚刚', 'just now'],
    [48, '48 秒前', '48 s ago'],
    [3 * 60 + 50, '3 分钟前', '3 min ago'],
    [2 * 3600, '2 小时前', '2 h ago'],
    [86_400, '1 天前', '1 day ago'],
    [3 * 86_400, '3 天前', '3 days ago'],
    [-600, '10 分钟后', 'in 10 min'],
  ])('%i s', (seconds, zh, en) => {
    expect(SHANGHAI.age(now - seconds * 1000, now)).toBe(zh);
    expect(ENGLISH.age(now - seconds * 1000, now)).toBe(en);
  });
});

describe('figures', () => {
  it('writes distances with their unit', () => {
    expect(SHANGHAI.km(38_000)).toBe('38.0');
    expect(SHANGHAI.distance(367)).toBe('367 m');
    expect(SHANGHAI.distance(2_449)).toBe('2.4 km');
    expect(SHANGHAI.number(-6.1, 1)).toBe('−6.1');
    expect(SHANGHAI.number(12_430)).toBe('12,430');
    expect(SHANGHAI.percent(0.93)).toBe('93 %');
  });

  it('writes durations in words, rounding minutes', () => {
    expect(SHANGHAI.duration(48)).toBe('48 秒');
    expect(SHANGHAI.duration(31 * 60)).toBe('31 分');
    expect(SHANGHAI.duration(72 * 60)).toBe('1 时 12 分');
    expect(SHANGHAI.duration(7200)).toBe('2 时');
    expect(ENGLISH.duration(72 * 60)).toBe('1 h 12 min');
    expect(SHANGHAI.hours(9000)).toBe('2.5');
    expect(SHANGHAI.minutes(89)).toBe('1');
  });

  it('shows a dash for what is not known', () => {
    for (const text of [SHANGHAI.time(null), SHANGHAI.time('nonsense'), SHANGHAI.km(undefined), SHANGHAI.day(null), SHANGHAI.duration(null), SHANGHAI.percent(null)]) {
      expect(text).toBe('—');
    }
  });

  it('joins facts by the habit of the language and drops absent ones', () => {
    expect(SHANGHAI.dots(['中山路', null, '便利店'])).toBe('中山路·便利店');
    expect(ENGLISH.dots(['a', undefined, 'b'])).toBe('a · b');
    expect(SHANGHAI.names(['张伟', '李娜'])).toBe('张伟、李娜');
  });
});
