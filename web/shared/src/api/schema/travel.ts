/** Times and distances between places, and orders of stops. */
import type { Id, Point } from './common';

export type Objective = 'distance' | 'time';
export interface RouteLeg {
  from: Id | null;
  to: Id;
  meters: number;
  seconds: number;
  line: Point[];
}

export type TravelProvider = 'straight_line' | 'own_map' | 'osrm' | 'valhalla' | 'amap' | 'baidu';
/** What the company's own days taught, each figure with its number of samples. */
export interface LearnedTimes {
  on: boolean;
  stays: { grade: string | null; seconds: number; samples: number }[];
  hours: { hour: number | null; permille: number; samples: number }[];
  /** Streets over the straight line, thousandths: everywhere, then by area. */
  areas: { at: Point | null; near: string | null; permille: number; samples: number }[];
  learned_at: string | null;
  /** Somebody asked to learn anew, and it is not done yet. */
  asked_at: string | null;
  /** It could not be done the last time. */
  failed_at: string | null;
}

/** Where the company's travel times come from. */
export interface TravelSetting {
  provider: TravelProvider;
  profile: 'car' | 'ebike' | 'foot';
  detour_permille: number;
  speed_kmh: number;
  daily_quota: number;
  key_set: boolean;
  used_today: number;
  available: TravelProvider[];
  traffic: boolean;
  version: number;
}

/** How somebody gets about; an e-bike stands for motorcycles too. */
export type TravelMode = 'car' | 'ebike' | 'foot';

/** Why a provider could not answer. */
export type TravelFault = 'unreachable' | 'quota' | 'busy' | 'key' | 'refused' | 'too_many' | 'no_map' | 'off_map';

/** Whose travel times these are. */
export interface TravelSource {
  provider: TravelProvider;
  instead_of?: TravelProvider;
  reason?: TravelFault;
  traffic: boolean;
  /** Seconds were multiplied by this (thousandths), learned from the company's own days. */
  learned_permille?: number;
}

/** The first rule against a stop that the order leaves out. */
export type LeftOut = 'no_location' | 'no_way' | 'window_closed' | 'closed' | 'shift_over' | 'no_break' | 'outbid' | 'limit' | 'too_many';

export interface Route {
  /** Customer ids in driving order. */
  order: Id[];
  legs: RouteLeg[];
  meters: number;
  seconds: number;
  proven_optimal: boolean;
  objective: Objective;
  /** Where the times come from; `instead_of` names a provider that could not answer. */
  source: TravelSource;
  unserved: { customer_id: Id; reason: LeftOut }[];
  /** The way from the last stop to where the day ends, if it ends at a place; counted in. */
  back: RouteBack | null;
}

export interface RouteBack {
  meters: number;
  seconds: number;
  line: Point[];
}
