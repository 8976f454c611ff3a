import { describe, expect, it } from 'vitest';
import type { Fix } from './here.ts';
import { type TrackingRule, isNews, mayRecord } from './tracker.ts';

const rule = (more: Partial<TrackingRule['snapshot']> = {}, consented = true): TrackingRule => ({
  owner: 'u', consented,
  snapshot: {
    day: '2026-11-20', calendar_today: [{ from_minute: 540, to_minute: 720 }, { from_minute: 780, to_minute: 1020 }],
    policy: { id: 'p', name: 'p', mode: 'balanced', interval_s: 10, distance_m: 20, heartbeat_s: 300, posts: [], version: 1 },
    me: { company: { id: 'c', name: 'c', time_zone: 'Asia/Shanghai', demo: false } } as TrackingRule['snapshot']['me'], ...more,
  },
});
const at = (time: string) => Date.parse(`2026-11-20T${time}+08:00`);

describe('tracking', () => {
  it('records in duty time only, by the company\'s clock', () => {
    expect(['08:59:59', '09:00:00', '11:59:59', '12:00:00', '13:00:00', '16:59:59', '17:00:00', '23:00:00'].map((t) => mayRecord(rule(), at(t)))).toEqual([
      'off_duty', 'yes', 'yes', 'off_duty', 'yes', 'yes', 'off_duty', 'off_duty',
    ]);
  });
  it('records nothing in a private trip', () => {
    const trips = [{ id: 'a', from: at('10:00:00'), to: at('10:30:00') }, { id: 'b', from: at('16:00:00'), to: null }];
    expect(['09:59:59', '10:00:00', '10:29:59', '10:30:00', '16:00:00', '17:30:00'].map((t) => mayRecord({ ...rule(), private: trips }, at(t)))).toEqual([
      'yes', 'private', 'private', 'yes', 'private', 'off_duty',
    ]);
  });
  it('records nothing without consent, without a policy, or on a day whose calendar it does not know', () => {
    expect(mayRecord(rule({}, false), at('10:00:00'))).toBe('no_consent');
    expect(mayRecord(rule({ policy: null }), at('10:00:00'))).toBe('policy_off');
    expect(mayRecord(rule({ policy: { ...rule().snapshot.policy!, mode: 'off' } }), at('10:00:00'))).toBe('policy_off');
    expect(mayRecord(rule({ day: '2026-11-19' }), at('10:00:00'))).toBe('calendar_unknown');
    expect(mayRecord(rule({ calendar_today: [] }), at('10:00:00'))).toBe('off_duty');
  });
  it('keeps a fix for time and way, and a heartbeat when nothing moves', () => {
    const policy = rule().snapshot.policy!;
    const fix = (s: number, east: number): Fix => ({ t: new Date(1e12 + s * 1000).toISOString(), at: [118.78 + east / 94_400, 32.04], accuracy_m: 9 });
    expect(isNews(policy, null, fix(0, 0))).toBe(true);
    expect(isNews(policy, fix(0, 0), fix(5, 100))).toBe(false);
    expect(isNews(policy, fix(0, 0), fix(10, 100))).toBe(true);
    expect(isNews(policy, fix(0, 0), fix(60, 5))).toBe(false);
    expect(isNews(policy, fix(0, 0), fix(300, 5))).toBe(true);
  });
  it('keeps half as many on a low battery, and the heartbeat all the same', () => {
    const policy = rule().snapshot.policy!;
    const fix = (s: number, east: number): Fix => ({ t: new Date(1e12 + s * 1000).toISOString(), at: [118.78 + east / 94_400, 32.04], accuracy_m: 9 });
    expect([10, 19, 20].map((s) => isNews(policy, fix(0, 0), fix(s, 100), true))).toEqual([false, false, true]);
    expect(isNews(policy, fix(0, 0), fix(300, 5), true)).toBe(true);
    expect([10, 14, 15].map((s) => isNews({ ...policy, heartbeat_s: 15 }, fix(0, 0), fix(s, 5), true))).toEqual([false, false, true]);
  });
});
