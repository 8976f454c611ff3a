import { compact, oneOf, text, type RawSearch } from '../../kit/search';
import { fieldsSaid } from '../objects/search';

export interface OrdersSearch {
  q?: string;
  status?: string;
  kind?: string;
  person?: string;
  customer?: string;
  equipment?: string;
  late?: '1';
  /** The order that is open. */
  order?: string;
  create?: '1';
  /** The order a new one follows. */
  from?: string;
}

export function parseOrdersSearch(raw: RawSearch): OrdersSearch {
  return compact({
    q: text(raw.q), status: text(raw.status), kind: text(raw.kind), person: text(raw.person), customer: text(raw.customer), equipment: text(raw.equipment),
    late: oneOf(raw.late, ['1']), order: text(raw.order), create: oneOf(raw.create, ['1']), from: text(raw.from),
  });
}

export interface EquipmentSearch {
  q?: string;
  status?: 'in_use' | 'stopped' | 'scrapped';
  customer?: string;
  /** The piece that is open. */
  piece?: string;
  /** A new one, or the open one changed. */
  edit?: 'new' | '1';
  /** A sheet that is being imported: `start`, or its id; of equipment, or of readings. */
  import?: string;
  sheet?: 'readings';
  /** Of the company's own list. */
  kind?: string;
  /** The list of types is open. */
  types?: '1';
  /** Conditions on the company's own fields. */
  [field: `f.${string}`]: string | undefined;
}

export function parseEquipmentSearch(raw: RawSearch): EquipmentSearch {
  return compact({
    q: text(raw.q), status: oneOf(raw.status, ['in_use', 'stopped', 'scrapped']), customer: text(raw.customer), piece: text(raw.piece), edit: oneOf(raw.edit, ['new', '1']), import: text(raw.import), sheet: oneOf(raw.sheet, ['readings']),
    kind: text(raw.kind), types: oneOf(raw.types, ['1']), ...fieldsSaid(raw),
  }) as EquipmentSearch;
}

export interface PartsSearch {
  tab?: 'parts' | 'requests' | 'moves';
}

export function parsePartsSearch(raw: RawSearch): PartsSearch {
  return compact({ tab: oneOf(raw.tab, ['parts', 'requests', 'moves']) });
}

export interface TypesSearch {
  /** The type that is open, or `new`. */
  kind?: string;
}

export function parseTypesSearch(raw: RawSearch): TypesSearch {
  return compact({ kind: text(raw.kind) });
}

export interface MaintenanceSearch {
  /** What is due, instead of the plans. */
  tab?: 'due';
  overdue?: '1';
  /** The plan that is open, or `new`. */
  plan?: string;
  edit?: '1';
  /** The equipment a new plan is for. */
  equipment?: string;
}

export function parseMaintenanceSearch(raw: RawSearch): MaintenanceSearch {
  return compact({ tab: oneOf(raw.tab, ['due']), overdue: oneOf(raw.overdue, ['1']), plan: text(raw.plan), edit: oneOf(raw.edit, ['1']), equipment: text(raw.equipment) });
}

export interface InspectionsSearch {
  /** The plans, instead of the rounds. */
  tab?: 'plans';
  day?: string;
  /** The round that is open. */
  round?: string;
  /** The plan that is open, or `new`. */
  plan?: string;
}

export function parseInspectionsSearch(raw: RawSearch): InspectionsSearch {
  return compact({ tab: oneOf(raw.tab, ['plans']), day: text(raw.day), round: text(raw.round), plan: text(raw.plan) });
}
