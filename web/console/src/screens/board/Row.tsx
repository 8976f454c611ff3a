import type { BoardPerson, BoardRow, BoardTask, BoardViolation, BoardVisit, Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon } from '@tashi/shared/ui';
import { memo, type KeyboardEvent, type PointerEvent } from 'react';
import type { Outcome } from './compare';
import { gaps, share, type Scale } from './scale';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { changeText, whyText } from '@tashi/shared/plan/words.ts';
import { boardText } from './text';

/** What the whole board passes to every row; the same object as long as nothing of it changes. */
export interface RowHands {
  onPerson(id: Id): void;
  onStop(id: Id, person: Id): void;
  /** A drag may begin here. */
  onGrab(event: PointerEvent, id: Id): void;
}

/** Nobody has actual visits while a day is ahead. */
export interface Actual {
  visits: readonly BoardVisit[];
  outcome: ReadonlyMap<Id, Outcome>;
  turned: ReadonlySet<Id>;
}

/** Least length a block is drawn with, so that its time stays readable. */
const LEAST_S = 24 * 60;

/** One person's day: hours, drives, visits with their times, and what was done. */
export const Row = memo(function Row({ person, row, tasks, scale, own, chosen, fresh, changed, seen, actual, hands, canWrite }: {
  person: BoardPerson;
  row: BoardRow | undefined;
  /** Every task of the board by id. */
  tasks: ReadonlyMap<Id, BoardTask>;
  scale: Scale;
  /** The person is chosen. */
  own: boolean;
  /** The chosen task, when it is in this row. */
  chosen: Id | null;
  /** The times belong to the order on the screen. */
  fresh: boolean;
  changed: boolean;
  /** What only the whole board shows: customers visited twice, and people who are not planned where others wait for them. */
  seen: readonly BoardViolation[];
  actual: Actual | null;
  hands: RowHands;
  canWrite: boolean;
}) {
  const t = useT(boardText);
  const format = useFormat();
  const stops = row?.stops ?? [];
  const least = share(scale, scale.from + LEAST_S);
  const bad = new Map<Id, BoardViolation>();
  for (const one of [...(row?.violations ?? []).filter((one) => one.kind !== 'twice'), ...seen]) if (!bad.has(one.task_id) || one.kind === 'late') bad.set(one.task_id, one);
  const extra = actual?.visits.filter((one) => !one.task_id || !tasks.get(one.task_id)) ?? [];
  const spans = stops.map((stop) => {
    const task = tasks.get(stop.task_id);
    const visit = actual?.visits.find((one) => one.task_id === stop.task_id);
    const from = stop.begin_s ?? (stop.fixed ? visit?.check_in_s ?? task?.eta_s : null) ?? null;
    const to = stop.leave_s ?? (from === null ? null : visit?.check_out_s ?? from + (task?.service_s ?? 1800));
    return { stop, task, visit, from, to };
  });
  const limits = format.dots([limitWords(t, format, person, row), person.skills.length > 0 && format.names(person.skills)]);
  const nextLeft = (k: number): number => {
    for (let n = k + 1; n < spans.length; n += 1) {
      const from = spans[n]?.from;
      if (from !== null && from !== undefined) return share(scale, from);
    }
    return 100;
  };
  return (
    <li className={`brow${own ? ' on' : ''}${changed ? ' changed' : ''}`} data-person={person.id}>
      <button type="button" className="bwho" aria-pressed={own} aria-label={t('row', { name: person.name, count: stops.length })} title={limits || undefined} onClick={() => hands.onPerson(person.id)}>
        <Avatar name={person.name} size="sm" />
        <span className="bwho-words">
          <b className="clip">{person.name}</b>
          <span className="bsum clip">{person.plan?.proven_optimal && !changed ? <Icon name="shield" size={11} weight={2.2} className="bproof" label={t('provenPlan')} /> : null}{person.off && !stops.length ? t(person.off) : t('rowSum', { km: format.km(row?.meters ?? 0), count: stops.length })}</span>
        </span>
        <OwnChange person={person} />
        {changed ? <span className="bdot" role="img" aria-label={t('rowChanged')} title={t('rowChanged')} /> : null}
      </button>
      <div className={fresh ? 'bcell' : 'bcell busy'} data-cell={person.id}>
        {gaps(scale, person.working).map(([from, to]) => (
          <span key={from} className="boff" style={{ left: `${share(scale, from)}%`, width: `${share(scale, to) - share(scale, from)}%` }} />
        ))}
        {person.off ? <span className="boff-word">{t(person.off)}</span> : null}
        {spans.map(({ stop, from }, k) =>
          from === null || !stop.drive_s || stop.arrive_s === null ? null : (
            <span key={`d${stop.task_id}`} className="bdrive" style={{ left: `${share(scale, Math.max(scale.from, (spans[k - 1]?.to ?? stop.arrive_s - stop.drive_s)))}%`, width: `${Math.max(0, share(scale, from) - share(scale, Math.max(scale.from, spans[k - 1]?.to ?? stop.arrive_s - stop.drive_s)))}%` }} />
          ),
        )}
        {spans.map(({ stop, task, from, to }, k) => {
          if (!task) return null;
          const wrong = bad.get(task.id);
          const outcome = actual?.outcome.get(task.id);
          const left = from === null ? Math.min(96, 80 + k * 4) : share(scale, from);
          const width = from === null || to === null ? least : Math.max(least, share(scale, to) - left);
          const tone = wrong ? (wrong.kind === 'over_shift' || wrong.kind === 'end_late' || wrong.kind === 'most_visits' || wrong.kind === 'most_km' || wrong.kind === 'promise' || wrong.kind === 'crew' ? ' late' : ' bad') : '';
          const time = from === null ? '–' : format.minuteOfDay(Math.floor(from / 60));
          const name = from === null ? t('stopNoTime', { name: person.name, customer: task.customer.name }) : t('stop', { name: person.name, customer: task.customer.name, time });
          const facts = [name, stop.fixed && t('stopFixed'), task.locked && t('stopLocked'), crewWords(t, format, task), wrong && ruleShort(t, format, wrong), outcome && outcome !== 'open' && t(`actual.${outcome}`), actual?.turned.has(task.id) && t('actual.turned')].filter(Boolean).join(' · ');
          return (
            <button
              key={task.id}
              type="button"
              className={`bstop${tone}${chosen === task.id ? ' chosen' : ''}${stop.fixed ? ' fixed' : ''}${outcome === 'missed' ? ' missed' : ''}`}
              data-stop={task.id}
              style={{ left: `${left}%`, width: `${width}%` }}
              aria-label={facts}
              aria-pressed={chosen === task.id}
              title={facts}
              onClick={() => hands.onStop(task.id, person.id)}
              onPointerDown={canWrite && !stop.fixed ? (event) => hands.onGrab(event, task.id) : undefined}
              onKeyDown={swallowSpace}
            >
              <span className="bname" style={{ maxWidth: `calc(${Math.max(100, ((nextLeft(k) - left) / width) * 100)}% - 3px)` }}>
                {wrong ? <Icon name={tone === ' late' ? 'clock' : 'warn'} size={13} weight={2.2} /> : task.locked ? <Icon name="lock" size={12} weight={2} /> : null}
                {task.crew.length ? <Icon name="users" size={12} weight={2} /> : null}
                {actual?.turned.has(task.id) ? <Icon name="sync" size={12} weight={2} /> : null}
                {task.customer.name}
              </span>
              <span className="bblk">{time}</span>
            </button>
          );
        })}
        {spans.map(({ stop, visit }) =>
          visit ? <span key={`v${stop.task_id}`} className="bdone" style={{ left: `${share(scale, visit.check_in_s)}%`, width: `${Math.max(0.8, share(scale, visit.check_out_s ?? visit.check_in_s + 600) - share(scale, visit.check_in_s))}%` }} title={`${t('actual.done')} ${format.minuteOfDay(Math.floor(visit.check_in_s / 60))}`} /> : null,
        )}
        {extra.map((visit) => (
          <span key={visit.id} className="bextra" role="img" aria-label={`${t('actual.extra')} ${visit.customer.name} ${format.minuteOfDay(Math.floor(visit.check_in_s / 60))}`} title={`${t('actual.extra')} ${visit.customer.name}`} style={{ left: `${share(scale, visit.check_in_s)}%`, width: `${Math.max(least, share(scale, visit.check_out_s ?? visit.check_in_s + 1200) - share(scale, visit.check_in_s))}%` }}>
            {format.minuteOfDay(Math.floor(visit.check_in_s / 60))}
          </span>
        ))}
      </div>
    </li>
  );
});

/** A mark on the name of whoever changed his day himself. */
function OwnChange({ person }: { person: BoardPerson }) {
  const t = useT(planChangeText);
  const format = useFormat();
  const last = [...(person.plan?.changes ?? [])].reverse().find((one) => one.status === 'applied' || one.status === 'waiting');
  if (!last) return null;
  const words = format.dots([changeText(t, format, last), whyText(t, last.code, last.words)]);
  return <Icon name={last.kind === 'reorder' ? 'sync' : 'next'} size={14} weight={2} className={last.status === 'waiting' ? 'fg-late' : 'fg-accent'} label={words} />;
}

/** Enter chooses a stop; space scrolls nothing. */
function swallowSpace(event: KeyboardEvent): void {
  if (event.key === ' ') event.preventDefault();
}

type T = ReturnType<typeof useT<keyof (typeof boardText)['zh'] & string>>;
type F = ReturnType<typeof useFormat>;

/** How somebody travels, what the day may hold, and when it is back where it ends. */
export function limitWords(t: T, format: F, person: BoardPerson, row: BoardRow | undefined): string {
  return format.dots([
    person.travel && t(`limit.${person.travel}`),
    person.most_visits !== null && t('limit.visits', { count: person.most_visits }),
    person.most_m !== null && t('limit.km', { km: format.number(Math.round(person.most_m / 1000)) }),
    row?.back_s != null && t('limit.back', { time: format.minuteOfDay(Math.floor(row.back_s / 60)) }),
  ]);
}

/** Whom the customer of a task wants, and who is never sent; empty where nothing is said. */
export function whomWords(t: T, format: F, { whom }: BoardTask): string {
  return format.dots([
    whom.preferred && t('whom.preferred', { name: whom.preferred.name }),
    whom.barred.length > 0 && t('whom.barred', { names: format.names(whom.barred.map((one) => one.name)) }),
  ]);
}

/** Who comes along to a task; empty where nobody does. */
export function crewWords(t: T, format: F, { crew }: BoardTask): string {
  return crew.length ? t('crewWith', { names: format.names(crew.map((one) => one.employee.name)) }) : '';
}

/** A broken rule in a few words. */
export function ruleShort(t: T, format: F, one: BoardViolation): string {
  const duration = format.duration(Math.abs(one.seconds ?? 0));
  switch (one.kind) {
    case 'late':
    case 'over_shift':
    case 'end_late':
    case 'promise':
      return t(`rule.${one.kind}`, { duration });
    case 'skill':
      return t('rule.skill', { skills: format.names(one.words) });
    case 'twice':
      return t('rule.twice', { names: format.names(one.words) });
    case 'crew':
      if (one.seconds !== null) return t(one.seconds < 0 ? 'rule.crewWaits' : 'rule.crewLate', { names: format.names(one.words), duration });
      return one.words[1] ? t('rule.crewDay', { name: one.words[0] ?? '', day: format.day(one.words[1]) }) : t('rule.crewPool', { name: one.words[0] ?? '' });
    case 'most_visits':
    case 'most_km':
      return t(`rule.${one.kind}`, { count: one.words[0] ?? '', most: one.words[1] ?? '' });
    case 'closed':
      return one.words[0] ? t('rule.closedThen', { hours: format.names(one.words.map((span) => span.replace('-', '–'))) }) : t('rule.closed');
    case 'locked':
      return one.words[0] ? t('rule.lockedFor', { name: one.words[0] }) : t('rule.locked');
    default:
      return t(`rule.${one.kind}`);
  }
}
