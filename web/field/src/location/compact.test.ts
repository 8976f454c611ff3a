import type { TrackFix } from '@tashi/shared/api';
import { describe, expect, it } from 'vitest';
import { encodeFixes } from './compact.ts';

const hex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

describe('the compact batch', () => {
  it('makes the bytes the server reads', () => {
    // As in docs/compact-batch.md, but for the charging, which a browser does not tell.
    const bytes = encodeFixes('phone', [
      { t: '2025-11-24T16:00:00Z', at: [118.78, 32.04], accuracy_m: 9, speed_mps: 13.5, bearing_deg: 90, altitude_m: 12.3, battery: 78 },
      { t: '2025-11-24T16:00:10Z', at: [118.7809, 32.039995], accuracy_m: 4.5 },
    ]);
    expect(hex(bytes)).toBe('545346010570686f6e65023f80a0bfe9d666808fe3ec0880aac7b1025ac60a8407f6014e03a09c01d08c01632d');
  });
  it('leaves out what is unknown or cannot be true', () => {
    const one = (more: Partial<TrackFix>) => hex(encodeFixes('', [{ t: '1970-01-01T00:00:00Z', at: [0, 0], ...more }]));
    const bare = one({});
    expect(bare).toBe('54534601000101000000');
    for (const more of [{ accuracy_m: 0 }, { speed_mps: -1 }, { bearing_deg: Number.NaN }, { battery: 101 }, { altitude_m: 1e9 }]) expect(one(more)).toBe(bare);
  });
  it('is a fraction of the JSON', () => {
    const fixes = Array.from({ length: 200 }, (_, i) => ({
      t: new Date(1.764e12 + i * 10_000).toISOString(), at: [118.78 + i * 1e-4, 32.04 + i * 3e-5] as [number, number], accuracy_m: 8 + (i % 5), speed_mps: 9.4 + (i % 7) / 10, bearing_deg: 70 + i, battery: 78,
    }));
    expect(encodeFixes('d', fixes).length).toBeLessThan(JSON.stringify({ device_id: 'd', fixes }).length / 7);
  });
});
