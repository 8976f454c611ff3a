/** Findings and how they end. */
import type { Day, Id, Instant, Point, Ref } from './common';
import type { VisitRow } from './visits';

export type TruthBand = 'grey' | 'green' | 'amber' | 'red';
export type FindingStatus = 'open' | 'answered' | 'second' | 'upheld' | 'cleared' | 'replaced';
export type FindingReason =
  | 'metro' | 'new_phone' | 'joint_visit' | 'phone_lent' | 'indoors' | 'vpn' | 'map_pin_wrong' | 'no_network' | 'drop_off' | 'other';

/** Something that needs an explanation; texts in the reader's language. */
export interface Finding {
  id: Id;
  employee: Ref;
  visit_id: Id | null;
  day: Day;
  code: string;
  title: string;
  text: string;
  causes: string[];
  /** How strong it is alone, 0 to 1. */
  weight: number;
  band: TruthBand;
  status: FindingStatus;
  numbers: { name: string; value: number }[];
  photos: { photo_id: Id; earlier_photo_id: Id; earlier_visit_id: Id; earlier_at: Instant; likeness?: number | null; mirrored?: boolean; cropped?: number }[];
  rule_version: string;
  false_alarm_rate: number | null;
  from: Instant;
  to: Instant;
  found_at: Instant;
  answer_by: Instant;
}

export interface FindingEvent {
  id: Id;
  finding_id: Id;
  kind: 'answered' | 'decided' | 'seconded';
  actor: Ref;
  at: Instant;
  /** Also what the server says when what was missing has come. */
  reason_code: FindingReason | 'phone_approved' | 'signed_later' | null;
  text: string;
  outcome: 'upheld' | 'cleared' | null;
  affects_pay: boolean;
  photo_ids: Id[];
}

export interface FindingDetail {
  finding: Finding;
  events: FindingEvent[];
}

/** Signatures of the phones that recorded a visit. */
export interface CardSeals {
  sealed: number;
  unsigned: number;
  failed: number;
  phones: { id: Id; name: string; status: DeviceStatus }[];
}

/** A photo and between which moments it was taken, as the phone's signatures bound it. */
export interface CardPhoto {
  id: Id;
  taken_at: Instant;
  taken_between: [Instant, Instant] | null;
}

export type DeviceStatus = 'waiting' | 'accepted' | 'refused' | 'revoked';
/** A phone that signs for a person. */
export interface DeviceKey {
  id: Id;
  employee: Ref;
  name: string;
  device_id: string;
  status: DeviceStatus;
  enrolled_at: Instant;
  decided_at: Instant | null;
  decided_by: Ref | null;
  reason: string;
  seen_at: Instant | null;
  seals: number;
  others: number;
}

/** All about one visit: the same for manager and person. */
export interface TruthCard {
  visit: VisitRow;
  band: TruthBand;
  score: number;
  grade: 'A' | 'B' | 'C' | 'D';
  speaks_for: string[];
  findings: Finding[];
  events: FindingEvent[];
  track: { at: Point; t: Instant; accuracy_m: number | null; mock: boolean }[];
  customer_at: Point | null;
  check_in_at: Point | null;
  check_in_accuracy_m: number | null;
  radius_m: number;
  taken_between: [Instant, Instant];
  seals: CardSeals;
  photos: CardPhoto[];
  rule_version: string;
}

export interface TruthStatistics {
  rules: { code: string; title: string; made: number; pending: number; decided: number; cleared: number; fallen_back: boolean; false_alarm_rate: number | null }[];
  days: { day: Day; made: number; cleared: number }[];
  rule_version: string;
}

export type TruthPolicy = 'block' | 'flag' | 'allow';
export interface TruthRules {
  mock_location: TruthPolicy;
  out_of_range: TruthPolicy;
  second_person: TruthPolicy;
  clock: TruthPolicy;
  photo_reuse: TruthPolicy;
  unknown_device?: TruthPolicy;
  trusted_trackers: number[];
  shared_devices: string[];
  alert_managers: boolean;
}

export type DemoAttackKind = 'honest' | 'away' | 'clock' | 'second_person' | 'mock' | 'patient_forger';
/** What came of an attack on the demo. */
export interface DemoAttack {
  kind: DemoAttackKind;
  visit_id: Id | null;
  /** The rule that should speak; null where none can. */
  expected: string | null;
  found: { code: string; title: string }[];
  band: TruthBand;
  as_expected: boolean;
  ms: number;
}
