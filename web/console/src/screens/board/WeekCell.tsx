import { Link } from '@tanstack/react-router';
import type { BoardPerson, BoardRow, BoardTask, BoardViolation, Day, Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon } from '@tashi/shared/ui';
import { memo, type PointerEvent } from 'react';
import { begun } from './draft';
import { ruleShort } from './Row';
import { boardText } from './text';
import { cellOf } from './week';

/** Visits of a cell shown before its row is opened. */
const FEW = 4;
const NONE: readonly BoardViolation[] = [];

/** One person's day in the week: how many visits, how far, how long, what it breaks, and the visits themselves. */
export const WeekCell = memo(function WeekCell({ day, person, row, ids, tasks, fixed, waiting, seen = NONE, fresh, changed, chosen, open, past, canWrite, onChoose, onGrab, onOpen }: {
  day: Day;
  person: BoardPerson;
  row: BoardRow | undefined;
  /** The visits as drafted, in order. */
  ids: readonly Id[];
  tasks: ReadonlyMap<Id, BoardTask>;
  /** Begun or done, in front. */
  fixed: readonly BoardTask[];
  /** Tasks of this person and day without a plan. */
  waiting: readonly BoardTask[] | undefined;
  seen?: readonly BoardViolation[];
  /** The numbers belong to the order on the screen. */
  fresh: boolean;
  changed: boolean;
  chosen: Id | null;
  /** All visits are shown. */
  open: boolean;
  past: boolean;
  canWrite: boolean;
  onChoose(id: Id): void;
  onGrab(event: PointerEvent, id: Id): void;
  onOpen(person: Id): void;
}) {
  const t = useT(boardText);
  const format = useFormat();
  const broken = past ? [] : [...(row?.violations ?? []).filter((one) => one.kind !== 'twice' && ids.includes(one.task_id)), ...seen];
  const bad = new Map(broken.map((one) => [one.task_id, one]));
  const visits = [...fixed, ...ids.flatMap((id) => tasks.get(id) ?? [])];
  const count = visits.length;
  const list = [...visits.map((task) => ({ task, waits: false })), ...(waiting ?? []).map((task) => ({ task, waits: true }))];
  const shown = open ? list : list.slice(0, list.length > FEW ? FEW - 1 : FEW);
  const numbers = row ? format.dots([`${format.km(row.meters)} km`, format.duration(row.seconds)]) : '';
  const words = broken.map((one) => `${tasks.get(one.task_id)?.customer.name ?? ''} ${ruleShort(t, format, one)}`);
  return (
    <div role="gridcell" className={`wcell${changed ? ' changed' : ''}${past ? ' past' : ''}${person.off ? ' off' : ''}`} data-week={cellOf(day, person.id)} data-drop={canWrite && !past ? cellOf(day, person.id) : undefined} aria-label={t('cell', { name: person.name, day: format.dayWeek(day), count })}>
      <div className={fresh || past ? 'wsum' : 'wsum busy'}>
        <Link to="/planning/board" search={{ day, person: person.id }} className="wsum-link" title={t('openDay')}>
          {count ? <><b>{t('visits', { count })}</b> <span className="m3">{numbers}</span></> : <span className="m3">{person.off ? t(person.off) : waiting?.length ? t('visits', { count: 0 }) : '–'}</span>}
        </Link>
        {broken.length ? <span className="tag bbad" role="img" aria-label={words.join('; ')} title={words.join('\n')}><Icon name="warn" size={11} weight={2.2} />{format.number(broken.length)}</span> : null}
        {changed ? <span className="bdot" role="img" aria-label={t('rowChanged')} title={t('rowChanged')} /> : null}
      </div>
      <ol className="wlist">
        {shown.map(({ task, waits }) => {
          const stop = row?.stops.find((one) => one.task_id === task.id);
          const wrong = bad.get(task.id);
          const still = past || begun(task);
          const time = stop?.begin_s === null || stop?.begin_s === undefined ? '' : format.minuteOfDay(Math.floor(stop.begin_s / 60));
          const facts = format.dots([task.customer.name, time, still && begun(task) && t('stopFixed'), task.locked && t('stopLocked'), waits && t('pool.waiting'), wrong && ruleShort(t, format, wrong)]);
          return (
            <li key={task.id}>
              <button
                type="button"
                className={`wchip${chosen === task.id ? ' on' : ''}${wrong ? (wrong.kind === 'over_shift' || wrong.kind === 'promise' ? ' late' : ' bad') : ''}${waits ? ' waits' : ''}${still ? ' still' : ''}`}
                data-visit={task.id}
                aria-pressed={chosen === task.id}
                aria-label={facts}
                title={facts}
                onClick={() => onChoose(task.id)}
                onPointerDown={canWrite && !still && !task.locked ? (event) => onGrab(event, task.id) : undefined}
              >
                {task.locked ? <Icon name="lock" size={11} weight={2} /> : <GradeTag grade={task.customer.grade} />}
                <span className="clip sp">{task.customer.name}</span>
                <span className="wtime">{waits ? t('pool.waiting') : time}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {shown.length < list.length ? <button type="button" className="wmore" onClick={() => onOpen(person.id)}>{t('more', { count: list.length - shown.length })}</button> : null}
    </div>
  );
});
