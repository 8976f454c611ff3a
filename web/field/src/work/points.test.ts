import { expect, it } from 'vitest';
import type { Step } from '@tashi/shared/api';
import { NO_ANSWER, labelOf, lackOf, scanLocks } from './steps.ts';

const pump: Step = {
  id: 's', title: '水泵 1', title_en: null, kind: 'yes_no', mandatory: true, min: null, max: null, options: null, hint: null, form_id: null, form_version: null, guide_id: null, guide_required: false, guide_version: null,
  point: { code: 'abcdefghjkmnpqrstuvw', number: 'SB-000001', from_minute: 540, to_minute: 550 },
};

it('a label is known by its word, by the address it holds, and by its number', () => {
  expect(labelOf(pump, 'abcdefghjkmnpqrstuvw')).toBe('abcdefghjkmnpqrstuvw');
  expect(labelOf(pump, ' https://tashi.example/m/equipment/abcdefghjkmnpqrstuvw/ ')).toBe('abcdefghjkmnpqrstuvw');
  expect(labelOf(pump, 'sb-000001')).toBe('SB-000001');
  for (const other of ['', 'SB-000002', 'https://tashi.example/m/equipment/', 'abcdefghjkmnpqrstuv']) expect(labelOf(pump, other)).toBeNull();
});

it('nothing of a point can be done before its label was read', () => {
  expect(scanLocks(pump, NO_ANSWER)).toBe(true);
  expect(lackOf(pump, { ...NO_ANSWER, value: true })?.code).toBe('scan');
  expect(lackOf(pump, { ...NO_ANSWER, value: true, scan: { code: 'SB-000001', typed: true } })).toBeNull();
  expect(scanLocks({ ...pump, point: { ...pump.point!, code: null } }, NO_ANSWER)).toBe(false);
});
