/** Private trips as the phone knows them: what the server said, with what was declared here since. Pure. */
import type { DutyEntry } from '@tashi/shared/api';

export interface PrivateTrip {
  id: string;
  /** Ms of the server's clock. */
  from: number;
  /** Null while it goes on. */
  to: number | null;
}

/** A declaration of this phone that the server may not know yet. */
export interface PrivateNews {
  kind: 'private.start' | 'private.end';
  trip_id: string;
  at: number;
}

/** Today's trips in order. A new one ends the one that is still open, as on the server. */
export function tripsOf(known: readonly DutyEntry[], news: readonly PrivateNews[]): PrivateTrip[] {
  const trips = new Map<string, PrivateTrip>();
  for (const entry of known) {
    if (entry.kind === 'private' && entry.revoked_at === null) {
      trips.set(entry.id, { id: entry.id, from: Date.parse(entry.from), to: entry.to === null ? null : Date.parse(entry.to) });
    }
  }
  for (const one of [...news].sort((a, b) => a.at - b.at)) {
    const trip = trips.get(one.trip_id);
    if (one.kind === 'private.start' && !trip) {
      for (const open of trips.values()) if (open.to === null && open.from < one.at) trips.set(open.id, { ...open, to: one.at });
      trips.set(one.trip_id, { id: one.trip_id, from: one.at, to: null });
    }
    if (one.kind === 'private.end' && trip && trip.to === null) trips.set(trip.id, { ...trip, to: Math.max(one.at, trip.from + 1000) });
  }
  return [...trips.values()].sort((a, b) => a.from - b.from);
}

/** The trip this moment lies in: nothing may be recorded then. */
export function tripAt(trips: readonly PrivateTrip[], at: number): PrivateTrip | null {
  return trips.find((trip) => trip.from <= at && (trip.to === null || at < trip.to)) ?? null;
}
