import type { TaskStatus } from '@tashi/shared/api';

const FILL: Partial<Record<TaskStatus, string>> = { done: 'f', skipped: 'f', cancelled: 'f', on_site: 'h', on_the_way: 'h' };

/** One dot a stop: done, the one in hand, to do. The words are the caller's. */
export function StopDots({ stops, label }: { stops: readonly { seq: number; status: TaskStatus }[]; label: string }) {
  return (
    <span className="stop-dots" role="img" aria-label={label} title={label}>
      {stops.slice(0, 12).map((stop) => <i key={stop.seq} className={FILL[stop.status]} />)}
    </span>
  );
}
