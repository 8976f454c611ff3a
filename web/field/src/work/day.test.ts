import { describe, expect, it } from 'vitest';
import type { Task, TaskStatus } from '@tashi/shared/api';
import { type Here, minuteOf, nextAction, onDuty, stopsOf } from './day.ts';
import type { LocalVisit } from './visit.ts';

const task = (id: string, seq: number, status: TaskStatus = 'new'): Task => ({
  id, plan_id: 'p', employee: { id: 'u', name: 'U' }, day: '2026-11-20', seq, window: { from_minute: 540, to_minute: 1020 }, title: id, note: null, skills: [], crew: [], custom: {}, locked: false,
  customer: { id: `c${id}`, name: id, grade: 'A', at: [118.78 + seq * 0.01, 32.04], address: null, radius_m: 150, hours: { weekly: [], closed: [] } },
  steps: [], min_stay_s: 300, service_s: null, status, eta: null, visit_id: null, reason: null, reason_code: null, version: 1,
});
const visit = (task_id: string, status: 'open' | 'done') => ({ id: `v${task_id}`, task_id, status }) as LocalVisit;
const tasks = [task('b', 2), task('a', 1), task('x', 1)].map((t) => (t.id === 'x' ? { ...t, day: '2026-11-21' } : t));
const at = (seq: number): Here => ({ at: [118.78 + seq * 0.01, 32.04], accuracy_m: 9 });
const stops = (news: Parameters<typeof stopsOf>[2] = [], visits: LocalVisit[] = [], here: Here | null = null) => stopsOf(tasks, '2026-11-20', news, visits, here);
const act = (s: ReturnType<typeof stops>, more: Partial<Parameters<typeof nextAction>[0]> = {}) =>
  nextAction({ stops: s, openVisit: null, started: true, locationDenied: false, ...more });

describe('the day', () => {
  it('lists the stops of the day in order, with what the phone knows better', () => {
    expect(stops().map((s) => s.task.id)).toEqual(['a', 'b']);
    expect(stops([{ kind: 'task.accept', task_id: 'a' }, { kind: 'task.on_the_way', task_id: 'a' }])[0]?.status).toBe('on_the_way');
    expect(stops([{ kind: 'task.skip', task_id: 'a' }])[0]?.status).toBe('skipped');
    expect(stops([{ kind: 'task.skip', task_id: 'a' }], [visit('a', 'done')])[0]?.status).toBe('done');
  });
  it('a task the manager cancelled stays cancelled', () => {
    expect(stopsOf([task('a', 1, 'cancelled')], '2026-11-20', [], [visit('a', 'open')], null)[0]?.status).toBe('cancelled');
  });
  it('walks through the day: start, navigate, check in, resume, my day', () => {
    expect(act(stops(), { started: false }).is).toBe('start');
    expect(act(stops())).toMatchObject({ is: 'navigate', stop: { task: { id: 'a' } } });
    expect(act(stops([], [], at(1)))).toMatchObject({ is: 'check_in', stop: { task: { id: 'a' } } });
    // Standing at the second shop first: the plan does not argue.
    expect(act(stops([], [], at(2)))).toMatchObject({ is: 'check_in', stop: { task: { id: 'b' } } });
    expect(act(stops([], [visit('a', 'open')]), { openVisit: visit('a', 'open') }).is).toBe('resume');
    expect(act(stops([], [visit('a', 'done')], at(1)))).toMatchObject({ is: 'navigate', stop: { task: { id: 'b' } } });
    expect(act(stops([], [visit('a', 'done'), visit('b', 'done')])).is).toBe('my_day');
    expect(act([]).is).toBe('ad_hoc');
    expect(act(stops(), { locationDenied: true }).is).toBe('repair_location');
  });
  it('does not call driving through a shop\'s circle an arrival', () => {
    expect(stops([], [], { ...at(1), speed_mps: 12 })[0]?.arrived).toBe(false);
    expect(stops([], [], { ...at(1), speed_mps: 1.2 })[0]?.arrived).toBe(true);
    expect(stops([], [], at(1))[0]?.arrived).toBe(true);
    expect(stops([], [visit('a', 'done')], at(1))[0]?.arrived).toBe(false);
  });
  it('asks the company\'s clock, not the phone\'s, whether it is duty time', () => {
    const noon = Date.parse('2026-11-20T04:00:00Z');
    expect(minuteOf(noon, 'Asia/Shanghai')).toBe(720);
    const duty = [{ from_minute: 540, to_minute: 720 }, { from_minute: 780, to_minute: 1020 }];
    expect([539, 540, 719, 720, 779, 1019, 1020].map((m) => onDuty(duty, m))).toEqual([false, true, true, false, false, true, false]);
  });
});
