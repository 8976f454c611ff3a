import { newId, type Id, type Point, type Territory } from '@tashi/shared/api';

/** A territory being drawn or changed. */
export interface TerritoryDraft {
  id: Id;
  version: number | null;
  name: string;
  colour: number | null;
  responsibleId: Id | null;
  departmentId: Id | null;
  /** False: its customers are named one by one and stay. */
  drawn: boolean;
  corners: Point[];
}

/** The colour used least, as the server would choose it. */
export function freeColour(items: readonly Pick<Territory, 'colour'>[], colours: number): number {
  const used = (colour: number) => items.filter((one) => one.colour === colour).length;
  return Array.from({ length: colours }, (_, colour) => colour).reduce((best, colour) => (used(colour) < used(best) ? colour : best), 0);
}

/** A new one in its final colour, so that it is drawn as it will be shown. */
export function emptyDraft(colour: number): TerritoryDraft {
  return { id: newId(), version: null, name: '', colour, responsibleId: null, departmentId: null, drawn: true, corners: [] };
}

export function draftOf(one: Territory): TerritoryDraft {
  return {
    id: one.id, version: one.version, name: one.name, colour: one.colour, responsibleId: one.responsible?.id ?? null,
    departmentId: one.department.id, drawn: one.polygon !== null, corners: one.polygon ?? [],
  };
}

/** Can be sent: named, and with an area when it is drawn. */
export function isReady(draft: TerritoryDraft): boolean {
  return draft.name.trim() !== '' && (!draft.drawn || draft.corners.length >= 3);
}

export function bodyOf(draft: TerritoryDraft): Record<string, unknown> {
  return {
    ...(draft.version === null ? { id: draft.id } : {}),
    name: draft.name.trim(),
    ...(draft.colour === null ? {} : { colour: draft.colour }),
    responsible_id: draft.responsibleId,
    ...(draft.version === null ? {} : { department_id: draft.departmentId }),
    ...(draft.drawn ? { polygon: draft.corners } : {}),
  };
}
