/** After-sales service: equipment, work orders, parts, reports. */
import type { Day, Id, Instant, Point, Ref } from './common';
import type { Grade } from './customers';

export type OrderStatus = 'new' | 'assigned' | 'accepted' | 'on_the_way' | 'on_site' | 'paused' | 'finished' | 'closed' | 'cancelled';
export type OrderMove = 'take' | 'assign' | 'accept' | 'refuse' | 'expire' | 'return' | 'set_out' | 'arrive' | 'pause' | 'resume' | 'finish' | 'sign' | 'close' | 'cancel';
export type EquipmentStatus = 'in_use' | 'stopped' | 'scrapped';

export interface Equipment {
  id: Id;
  code: string;
  name: string;
  model: string | null;
  serial: string | null;
  customer: Ref;
  parent: Ref | null;
  place: string | null;
  installed_on: Day | null;
  warranty_until: Day | null;
  status: EquipmentStatus;
  note: string | null;
  /** Random word of its label. */
  label: string;
  open_orders: number;
  /** Of the company's own list. */
  kind: Ref | null;
  /** Answers to the company's own fields. */
  custom: Record<string, unknown>;
  version: number;
}

export interface EquipmentTypeTerms {
  name: string;
  /** Articles that are its manuals. */
  manual_ids: Id[];
  active: boolean;
}

/** A type of the company's own list. */
export interface EquipmentType extends EquipmentTypeTerms {
  id: Id;
  manuals: Ref[];
  pieces: number;
  version: number;
}

export interface EquipmentOrder {
  id: Id;
  number: string;
  kind: string;
  title: string;
  status: OrderStatus;
  employee: string | null;
  result: string | null;
  created_at: Instant;
  finished_at: Instant | null;
}

export interface EquipmentPage {
  equipment: Equipment;
  children: Equipment[];
  orders: EquipmentOrder[];
  manuals: Ref[];
}

export interface EquipmentCard {
  equipment: Equipment;
  orders: EquipmentOrder[];
  manuals: Ref[];
}

export interface Pause {
  reason: string;
  /** The clock of the finish target stands still. */
  stops: boolean;
}

export interface OrderTypeTerms {
  name: string;
  template_id: Id | null;
  answer_minutes: number;
  response_minutes: number | null;
  finish_minutes: number | null;
  service_minutes: number;
  signature: boolean;
  parts: boolean;
  pauses: Pause[];
  fails: string[];
  active: boolean;
}

export interface OrderType extends OrderTypeTerms {
  id: Id;
  version: number;
}

export interface OrderTarget {
  due: Instant;
  met_at: Instant | null;
  late: boolean;
  stopped: boolean;
}

export interface WorkOrder {
  id: Id;
  number: string;
  kind: Ref;
  customer: { id: Id; name: string; grade: Grade | null; at: Point | null; address: string | null };
  equipment: { id: Id; code: string; name: string } | null;
  title: string;
  detail: string | null;
  /** 1 normal, 2 urgent, 3 emergency. */
  priority: number;
  skills: string[];
  contact_name: string | null;
  contact_phone: string | null;
  source: 'desk' | 'portal' | 'check' | 'follow_up';
  from: Ref | null;
  status: OrderStatus;
  employee: Ref | null;
  task_id: Id | null;
  visit_id: Id | null;
  expires_at: Instant | null;
  response: OrderTarget | null;
  finish: OrderTarget | null;
  pause_reason: string | null;
  finished_at: Instant | null;
  result: string | null;
  labour_minutes: number | null;
  signature: boolean;
  needs_parts: boolean;
  pauses: Pause[];
  created_by: Ref | null;
  created_at: Instant;
  version: number;
}

export interface NewWorkOrder {
  id: Id;
  type_id: Id;
  customer_id: Id;
  equipment_id?: Id;
  title: string;
  detail?: string;
  priority: number;
  skills: string[];
  contact_name?: string;
  contact_phone?: string;
  from_id?: Id;
}

export interface OrderEvent {
  seq: number;
  move: OrderMove;
  status: OrderStatus;
  by: Ref | null;
  /** The time that counts: between the move before and the receipt. */
  at: Instant;
  claimed_at: Instant | null;
  received_at: Instant;
  note: string | null;
}

export interface SparePart {
  id: Id;
  code: string;
  name: string;
  unit: string;
  price_minor: number;
  active: boolean;
  version: number;
}

export interface StockLine {
  part: Ref;
  code: string;
  unit: string;
  quantity: number;
  reserved: number;
}

export interface Stock {
  id: Id;
  name: string;
  kind: 'store' | 'van';
  employee: Ref;
  lines: StockLine[];
}

export type StockMoveKind = 'receive' | 'transfer' | 'use' | 'return' | 'adjust' | 'reserve' | 'release';
export interface StockMove {
  id: Id;
  kind: StockMoveKind;
  part: Ref;
  unit: string;
  from: Ref | null;
  to: Ref | null;
  quantity: number;
  short: number;
  order: Ref | null;
  reason: string | null;
  by: Ref | null;
  at: Instant;
}

export interface OrderPart {
  part: Ref;
  code: string;
  unit: string;
  quantity: number;
  /** So much of it was not in the stock when it was told. */
  short: number;
  price_minor: number;
  minor: number;
}

export interface PartRequest {
  id: Id;
  part: Ref;
  code: string;
  unit: string;
  quantity: number;
  order: Ref | null;
  note: string | null;
  employee: Ref;
  status: 'open' | 'done' | 'cancelled';
  created_at: Instant;
}

export interface ServiceReportRef {
  id: Id;
  code: string;
  signer: string | null;
  signed_at: Instant;
  pdf_sha256: string | null;
  pdf_size: number | null;
  stars: number | null;
  words: string | null;
}

/** A picture the customer sent with a fault. */
export interface OrderPhoto {
  id: Id;
  width: number;
  height: number;
  stored_at: Instant;
}

export interface OrderDetail {
  order: WorkOrder;
  events: OrderEvent[];
  parts: OrderPart[];
  requests: PartRequest[];
  parts_minor: number;
  report: ServiceReportRef | null;
  follow_ups: Ref[];
  /** Word of the page the customer may see it on. */
  token: string;
  photos: OrderPhoto[];
}

export interface FieldOrder extends OrderDetail {
  equipment_card: Equipment | null;
  history: EquipmentOrder[];
  /** Meters of the equipment, to be read on site. */
  meters: Meter[];
}

/** What a phone carries along of parts. */
export interface Van {
  lines: StockLine[];
  parts: SparePart[];
}

/** What people without a sign-in see. */
export interface LabelledEquipment {
  company: string;
  equipment: string;
}
export interface FaultTaken {
  number: string;
  token: string;
}
export interface PublicOrder {
  company: string;
  number: string;
  equipment: string | null;
  title: string;
  status: OrderStatus;
  moves: { move: OrderMove; at: Instant }[];
  report: ServiceReportRef | null;
}

/** What counts on a piece of equipment, with what it said last. */
export interface Meter {
  id: Id;
  equipment_id: Id;
  name: string;
  unit: string;
  value: number | null;
  /** Counted in all, over all meters that were replaced. */
  total: number | null;
  read_at: Instant | null;
}

export interface MeterReading {
  id: Id;
  value: number;
  total: number;
  replaced: boolean;
  at: Instant;
  received_at: Instant;
  source: string;
  by: Ref | null;
  order: Ref | null;
  /** It was wrong and counts no more: since when, by whom and why. */
  withdrawn_at: Instant | null;
  withdrawn_by: Ref | null;
  withdrawn_reason: string | null;
}

export interface MeterPage extends Meter {
  readings: MeterReading[];
}

export type MaintenanceUnit = 'day' | 'week' | 'month';

export interface MaintenanceTerms {
  name: string;
  type_id: Id;
  equipment_id: Id | null;
  model: string | null;
  equipment_type_id?: Id | null;
  every: number | null;
  unit: MaintenanceUnit | null;
  start_on: Day;
  from_done: boolean;
  meter: string | null;
  meter_every: number | null;
  lead_days: number;
  detail: string | null;
  paused: boolean;
}

/** Why no orders are made. */
export type MaintenanceBlock = 'type_retired' | 'customer_archived';

export interface MaintenancePlan extends MaintenanceTerms {
  id: Id;
  kind: Ref;
  equipment: Ref | null;
  equipment_type: Ref | null;
  department: Ref;
  blocked: MaintenanceBlock | null;
  created_at: Instant;
  version: number;
}

/** How a plan stands for one piece. */
export interface MaintenanceDue {
  plan: Ref;
  equipment: Ref;
  code: string;
  customer: Ref;
  paused: boolean;
  blocked: MaintenanceBlock | null;
  due_on: Day | null;
  due_total: number | null;
  total: number | null;
  unit: string | null;
  expected_on: Day | null;
  order: Ref | null;
  order_status: OrderStatus | null;
  overdue: boolean;
  last_done_at: Instant | null;
}

export interface MaintenanceTurn {
  id: Id;
  equipment: Ref;
  kind: string;
  due_on: Day;
  due_total: number | null;
  order: Ref | null;
  order_status: OrderStatus | null;
  reason: string | null;
  by: Ref | null;
  at: Instant;
}

export interface MaintenanceAhead {
  equipment: Ref;
  customer: Ref;
  on: Day;
  total: number | null;
}

export interface MaintenancePlanPage {
  plan: MaintenancePlan;
  pieces: MaintenanceDue[];
  turns: MaintenanceTurn[];
  ahead: MaintenanceAhead[];
}

export interface InspectionPoint {
  customer_id: Id;
  equipment_id: Id | null;
  form_id: Id | null;
  title: string | null;
  from_minute: number | null;
  to_minute: number | null;
  /** The label must be read. */
  label: boolean;
}

export interface InspectionPerson {
  employee_id: Id;
  weekdays: number[];
}

export interface InspectionTerms {
  name: string;
  points: InspectionPoint[];
  people: InspectionPerson[];
  active: boolean;
}

export interface InspectionPlan extends InspectionTerms {
  id: Id;
  names: { customers: string[]; equipment: (string | null)[]; people: string[] };
  version: number;
}

export type InspectionPointState = 'open' | 'overdue' | 'in_time' | 'early' | 'late' | 'missed';

export interface InspectionFailure {
  label: string;
  remark: string | null;
  opened: string | null;
  opened_id: Id | null;
  number: string | null;
}

export interface InspectionPointResult {
  seq: number;
  title: string;
  customer: Ref;
  equipment: Ref | null;
  due_from: Instant | null;
  due_to: Instant | null;
  state: InspectionPointState;
  done_at: Instant | null;
  off_minutes: number;
  out_of_order: boolean;
  label: boolean;
  scanned: string | null;
  /** It could not be made at all; the reason says why. */
  cannot: boolean;
  reason: string | null;
  /** Who has it or did it, when that is somebody else by now. */
  by: Ref | null;
  /** Its day, when that is another one by now. */
  moved_to: Day | null;
  visit_id: Id | null;
  record_id: Id | null;
  failures: InspectionFailure[];
}

export interface InspectionRound {
  id: Id;
  plan_id: Id;
  name: string;
  employee: Ref;
  day: Day;
  planned: number;
  done: number;
  missed: number;
  late: number;
  out_of_order: number;
  failed: number;
  points: InspectionPointResult[];
  code: string | null;
  pdf_sha256: string | null;
}
