import { useMemo } from 'react';
import type { Playback } from '@tashi/shared/api';
import { TashiMap } from '@tashi/shared/map/TashiMap.tsx';
import { trackSegments } from '@tashi/shared/map/speed.ts';
import type { MapMarks, TrackPoint } from '@tashi/shared/map/types.ts';
import { useFieldBasemap } from '../../app/basemap.ts';

/** The way driven, coloured by speed; gaps are two ends, never a line. */
export default function DayMap({ playback, label }: { playback: Playback; label: string }) {
  const basemap = useFieldBasemap();
  const marks = useMemo((): MapMarks => {
    const visits = [...playback.visits].sort((a, b) => a.check_in_at.localeCompare(b.check_in_at));
    const places = new Map(playback.plan?.tasks.map((task) => [task.customer.id, task.customer.at]) ?? []);
    return {
      driven: trackSegments({ points: playback.points as TrackPoint[], segments: playback.segments }),
      stops: visits.flatMap((v, i) => {
        const at = places.get(v.customer.id);
        return at ? [{ id: v.id, seq: i + 1, at, name: v.customer.name, state: 'done' as const }] : [];
      }),
    };
  }, [playback]);
  return <TashiMap basemap={basemap} marks={marks} label={label} controls="none" interactive={false} padding={{ top: 22, right: 22, bottom: 22, left: 22 }} className="fill" />;
}
