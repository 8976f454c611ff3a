import { newId, type Customer, type Fence, type FenceShape, type FenceTell, type Id, type Point } from '@tashi/shared/api';

/** A fence being drawn. */
export interface FenceDraft {
  id: Id;
  version: number | null;
  name: string;
  customer: { id: Id; name: string } | null;
  departmentId: Id | null;
  kind: 'circle' | 'polygon';
  at: Point | null;
  radiusM: number;
  corners: Point[];
  dwellMin: number;
  tell: FenceTell;
}

export const NO_TELL: FenceTell = { enter: [], exit: [], dwell: [] };

export function emptyDraft(): FenceDraft {
  return {
    id: newId(), version: null, name: '', customer: null, departmentId: null, kind: 'circle', at: null, radiusM: 150, corners: [], dwellMin: 5, tell: NO_TELL,
  };
}

export function draftOf(fence: Fence): FenceDraft {
  const { circle, polygon } = fence.shape;
  return {
    id: fence.id, version: fence.version, name: fence.name, customer: fence.customer, departmentId: fence.department_id,
    kind: circle ? 'circle' : 'polygon', at: circle?.at ?? null, radiusM: circle?.radius_m ?? 150, corners: polygon ?? [],
    dwellMin: Math.round(fence.dwell_s / 60), tell: fence.tell,
  };
}

/** A chosen customer gives the draft its place, radius and name where those are not set yet. */
export function withCustomer(draft: FenceDraft, customer: Customer | undefined): FenceDraft {
  if (!customer) return { ...draft, customer: null };
  return {
    ...draft, customer: { id: customer.id, name: customer.name }, name: draft.name || customer.name, at: customer.at ?? draft.at,
    radiusM: draft.at ? draft.radiusM : customer.radius_m,
  };
}

export function shapeOf(draft: FenceDraft): FenceShape | null {
  if (draft.kind === 'circle') return draft.at ? { circle: { at: draft.at, radius_m: draft.radiusM } } : null;
  return draft.corners.length >= 3 ? { polygon: draft.corners } : null;
}

/** What the server takes. */
export function bodyOf(draft: FenceDraft, active = true): Record<string, unknown> {
  return {
    ...(draft.version === null ? { id: draft.id } : {}), name: draft.name.trim(), customer_id: draft.customer?.id ?? null,
    ...(draft.departmentId && !draft.customer ? { department_id: draft.departmentId } : {}),
    shape: shapeOf(draft) ?? {}, dwell_s: draft.dwellMin * 60, tell: draft.tell, active,
  };
}

/** Radius of a circle of the same area, metres: the size a polygon is judged by. */
export function radiusOf(corners: readonly Point[]): number {
  const first = corners[0];
  if (!first) return 0;
  const [perLng, perLat] = [111_320 * Math.cos((first[1] * Math.PI) / 180), 110_574];
  const xy = corners.map(([lng, lat]) => [(lng - first[0]) * perLng, (lat - first[1]) * perLat] as const);
  const twice = xy.reduce((sum, [x, y], i) => {
    const [nx, ny] = xy[(i + 1) % xy.length] ?? [0, 0];
    return sum + x * ny - nx * y;
  }, 0);
  return Math.sqrt(Math.abs(twice) / 2 / Math.PI);
}
