/** Kilometres to be paid. */
import type { Day, Id, Instant, Ref } from './common';

/** Sums over the days of a person's or a team's month; lengths in metres. */
export interface MileageSums {
  driven_days: number;
  counted_m: number;
  raw_m: number;
  excluded_m: number;
  estimated_m: number;
  gap_s: number;
  refused: number;
  removed: number;
  open_days: number;
  late_days: number;
}

export type MileageRow = MileageSums & { employee: Ref; department: Ref; code: string | null };
export interface MileageMonth {
  month: string;
  rows: MileageRow[];
  totals: MileageSums;
}

/** A person's mileage statement of a month: what may be paid, and all it follows from. */
export interface MileageStatement {
  format: string;
  company: string;
  person: { id: Id; name: string; code: string | null; department: string };
  month: string;
  time_zone: string;
  rule_version: string;
  input_sha256: string;
  totals: {
    duty_days: number; duty_s: number; counted_m: number; raw_m: number; excluded_m: number; estimated_m: number;
    gap_s: number; unknown_s: number; refused: number; removed: number; open_days: number;
  };
  days: MileageDay[];
}

export interface MileageDay {
  day: Day;
  open: boolean;
  duty: { from: Instant; to: Instant }[];
  duty_s: number;
  counted_m: number;
  raw_m: number;
  excluded_m: number;
  estimated_m: number;
  gap_s: number;
  unknown_s: number;
  trips: { from: Instant; to: Instant; meters: number; mode: string; counted: boolean; from_place: string | null; to_place: string | null }[];
  gaps: { from: Instant; to: Instant; kind: string; estimated_m: number }[];
  /** Times of which nothing is recorded on purpose. */
  withheld: { from: Instant; to: Instant; reason: 'off_duty' | 'leave' | 'private' }[];
  refused: Record<string, number>;
  removed: number;
  positions: number;
  input_sha256: string;
}
