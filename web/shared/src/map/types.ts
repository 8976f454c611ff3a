import type { FenceVerdict, Grade, Id, Instant, LiveState, Point } from '../api/schema';

/** A person where the last fix was. Without a place a person is a row of the list and no mark. */
export interface PersonMark {
  id: Id;
  name: string;
  state: LiveState | 'problem';
  at: Point;
  /** Time of the fix; its age is part of the mark. */
  fixAt: Instant | null;
  /** Degrees clockwise from north; drawn only while moving. */
  bearing?: number | null;
}

export type StopState = 'done' | 'now' | 'todo' | 'late' | 'skipped';

/** A numbered stop of a way. */
export interface StopMark {
  id: Id;
  seq: number;
  at: Point;
  state: StopState;
  name: string;
  /** Text beside the disc, for example name and arrival. */
  label?: string;
}

/** A customer: small square, the best grade filled. */
export interface CustomerMark {
  id: Id;
  name: string;
  grade: Grade | null;
  at: Point;
  /** Chosen by the person in front of the screen (planning). */
  chosen?: boolean;
}

/** A stay that is no visit. */
export interface StayMark {
  id: string;
  at: Point;
  label?: string;
}

/** Time without positions: two hollow ends and a label, never a line. */
export interface GapMark {
  id: string;
  from: Point;
  to: Point;
  label: string;
}

/** A circle to scale: the fence of a shop. */
export interface FenceMark {
  id: string;
  at: Point;
  radiusM: number;
  /** Colour of the state it belongs to; without one the accent colour. */
  tone?: 'accent' | 'visit';
}

/** A territory: a coloured area with its name in the middle. */
export interface AreaMark {
  id: string;
  /** Corners in order; the last is joined to the first. */
  ring: readonly Point[];
  /** Place in the palette of areas. */
  colour: number;
  label?: string;
  /** The one in front. */
  chosen?: boolean;
}

/** A customer as a dot in the colour of his territory. */
export interface DotMark {
  id: Id;
  at: Point;
  /** Place in the palette of areas; without one he belongs to none. */
  colour: number | null;
  /** Changes hands: ringed. */
  moved?: boolean;
}

/** The circle in which the true position lies, to scale, in the colour of its verdict. */
export interface ErrorMark {
  id: string;
  at: Point;
  radiusM: number;
  verdict: FenceVerdict;
}

/** A short text at a place. */
export interface LabelMark {
  id: string;
  at: Point;
  text: string;
}

/** `[ms since epoch, lng, lat, speed m/s]`, as the playback gives it. */
export type TrackPoint = readonly [number, number, number, number];

/** Where the playback stands now. */
export interface HeadMark {
  name: string;
  state: LiveState;
  at: Point;
  bearing: number | null;
}

/** Everything a map can show. Give the same array again to keep a layer untouched. */
export interface MapMarks {
  people?: readonly PersonMark[];
  stops?: readonly StopMark[];
  customers?: readonly CustomerMark[];
  stays?: readonly StayMark[];
  gaps?: readonly GapMark[];
  fences?: readonly FenceMark[];
  errors?: readonly ErrorMark[];
  areas?: readonly AreaMark[];
  dots?: readonly DotMark[];
  labels?: readonly LabelMark[];
  /** Planned way: thin and dashed. */
  planned?: readonly (readonly Point[])[];
  /** A way that is being considered: solid accent. */
  proposed?: readonly (readonly Point[])[];
  /** Driven way, one list a segment; coloured by speed. */
  driven?: readonly (readonly TrackPoint[])[];
  head?: HeadMark | null;
  /** Where the day starts. */
  start?: Point | null;
  /** Where a shop stands, drawn as its sign (fence pictures). */
  shop?: Point | null;
}

/** What was clicked. */
export type MarkHit =
  | { kind: 'person'; id: Id }
  | { kind: 'stop'; id: Id }
  | { kind: 'customer'; id: Id }
  | { kind: 'stay'; id: string }
  | { kind: 'way'; at: Point }
  /** No mark there. */
  | { kind: 'ground'; at: Point };

/** West, south, east, north. */
export type Bounds = [number, number, number, number];

/** What a screen can ask of the map. */
export interface MapHandle {
  zoomIn(): void;
  zoomOut(): void;
  /** Shows all of these places; a single one is centred at street level. */
  fit(places: readonly Point[], options?: { maxZoom?: number; animate?: boolean }): void;
  /** Moves there when the place is outside the visible part. */
  reveal(at: Point): void;
  centre(at: Point, zoom?: number): void;
}
