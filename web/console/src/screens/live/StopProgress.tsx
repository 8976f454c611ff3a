import type { LivePerson } from '@tashi/shared/api';
import { useFormat } from '@tashi/shared/i18n';
import { commonText, useT } from '@tashi/shared/i18n';
import { Link } from '@tanstack/react-router';

/** The stops of the day as steps: what is done, what is in hand, what comes when. A visit there is one click away where it may be read. */
export function StopProgress({ stops, linked }: { stops: LivePerson['stops']; linked: boolean }) {
  const common = useT(commonText);
  const format = useFormat();
  return (
    <ol className="stop-progress">
      {stops.map((stop) => {
        const done = stop.status === 'done';
        const now = stop.status === 'on_site' || stop.status === 'on_the_way';
        const late = stop.status === 'overdue';
        return (
          <li key={stop.seq} className={done ? 'f' : now ? 'h' : late ? 'l' : undefined} title={`${stop.seq} ${stop.customer.name}·${common(`task.${stop.status}`)}`}>
            {linked && stop.visit_id ? (
              <Link to="/visits/$id" params={{ id: stop.visit_id }} className="clip">{stop.customer.name}</Link>
            ) : (
              <span className="clip">{stop.customer.name}</span>
            )}
            <span>
              {stop.arrived_at ? format.time(stop.arrived_at) : stop.status === 'on_site' ? common('task.on_site') : stop.eta ? format.time(stop.eta) : '—'}
              {done ? ' ✓' : ''}
            </span>
            <span className="sr">{common(`task.${stop.status}`)}</span>
          </li>
        );
      })}
    </ol>
  );
}
