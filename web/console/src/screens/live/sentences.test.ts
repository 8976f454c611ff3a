import type { LivePerson } from '@tashi/shared/api';
import { makeFormat, translate } from '@tashi/shared/i18n';
import { describe, expect, it } from 'vitest';
import { listLine, nowSentence } from './sentences';
import { liveText } from './text';

const NOW = Date.parse('2026-11-20T02:45:00Z');
const format = makeFormat('zh', 'Asia/Shanghai');
const t = translate(liveText, 'zh');
const next = (eta: string | null, meters: number | null = 3_200) =>
  ({ customer: { id: 'c', name: '金桥副食' }, seq: 2, eta, window: { from_minute: 0, to_minute: 1440 }, meters });
const person = (more: Partial<LivePerson>) => ({ state: 'moving', since: null, visit: null, next: null, fix_at: null, late_minutes: null, ...more }) as LivePerson;

describe('what a person does', () => {
  it('announces an arrival only while it lies ahead', () => {
    expect(listLine(person({ next: next('2026-11-20T02:56:00Z') }), t, format, NOW)).toBe('去 金桥副食·3.2 km·10:56 到');
    expect(listLine(person({ next: next('2026-11-20T02:30:00Z') }), t, format, NOW)).toBe('去 金桥副食·3.2 km');
    expect(listLine(person({ next: next(null, null) }), t, format, NOW)).toBe('去 金桥副食');
  });

  it('says how late, and whether it is or will be', () => {
    const late = { state: 'late' as const, late_minutes: 83 };
    expect(listLine(person({ ...late, next: next('2026-11-20T01:22:00Z') }), t, format, NOW)).toBe('第 2 站应 09:22 到，已晚 1 时 23 分');
    expect(listLine(person({ ...late, late_minutes: 12, next: next('2026-11-20T03:00:00Z') }), t, format, NOW)).toBe('第 2 站会晚 12 分·预计 11:00 到');
    expect(nowSentence(person({ ...late, late_minutes: 5 }), t, format, NOW)).toBe('已晚 5 分');
  });

  it('never claims a position it does not have', () => {
    expect(listLine(person({ state: 'silent' }), t, format, NOW)).toBe('失联·今天还没有定位');
    expect(listLine(person({ state: 'off_duty' }), t, format, NOW)).toBe('班外，不采集位置');
  });
});
