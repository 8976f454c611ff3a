/** Positions as the compact batch of `docs/compact-batch.md`: a tenth of the JSON, for phones that pay by the byte. */
import type { TrackFix } from '@tashi/shared/api';

export const COMPACT_TYPE = 'application/vnd.tashi.fixes';

const PLACE = 1;
const ACCURACY = 2;
const SPEED = 4;
const BEARING = 8;
const ALTITUDE = 16;
const BATTERY = 32;

/** Encodes fixes in the given order; what is unknown, or cannot be true, is left out as the server would. */
export function encodeFixes(device: string, fixes: readonly TrackFix[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [0x54, 0x53, 0x46, 1];
  const name = new TextEncoder().encode(device);
  number(out, name.length);
  out.push(...name);
  number(out, fixes.length);
  let [t, lng, lat] = [0, 0, 0];
  for (const fix of fixes) {
    const accuracy = units(fix.accuracy_m, 10, 1, 1e6);
    const speed = units(fix.speed_mps, 100, 0, 1e5);
    const bearing = units(fix.bearing_deg, 10, 0, 3600);
    const altitude = units(fix.altitude_m, 10, -1e5, 1e6);
    const battery = units(fix.battery, 1, 0, 100);
    const known = [[ACCURACY, accuracy], [SPEED, speed], [BEARING, bearing], [ALTITUDE, altitude], [BATTERY, battery]] as const;
    number(out, known.reduce((flags, [flag, value]) => (value === null ? flags : flags | flag), PLACE));
    const [at, x, y] = [Date.parse(fix.t), Math.round(fix.at[0] * 1e7), Math.round(fix.at[1] * 1e7)];
    for (const difference of [at - t, x - lng, y - lat]) signed(out, difference);
    [t, lng, lat] = [at, x, y];
    for (const value of [accuracy, speed, bearing]) if (value !== null) number(out, value);
    if (altitude !== null) signed(out, altitude);
    if (battery !== null) out.push(battery);
  }
  return new Uint8Array(out);
}

/** LEB128. Beyond 2³¹ the bit operators of the language no longer reach, so it is done by division. */
function number(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

function signed(out: number[], value: number): void {
  number(out, value < 0 ? -2 * value - 1 : 2 * value);
}

function units(value: number | undefined, unit: number, min: number, max: number): number | null {
  const whole = value === undefined ? Number.NaN : Math.round(value * unit);
  return whole >= min && whole <= max ? whole : null;
}
