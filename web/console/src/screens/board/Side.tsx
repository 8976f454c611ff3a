import { Link } from '@tanstack/react-router';
import type { Board, BoardPerson, BoardProposal, BoardRow, BoardSum, BoardTask, Id, Point } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { Avatar, GradeTag, Icon } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { SkillChips } from '../../kit/Skills';
import { Changes } from '../planning/Changes';
import { SourceNote } from '../planning/SourceNote';
import { BeforeAfter, Exceptions } from './BeforeAfter';
import type { Outcome } from './compare';
import { gapOf, wished } from './draft';
import { crewWords, limitWords, whomWords } from './Row';
import { boardText } from './text';

const STATE = { done: 'done', now: 'now', missed: 'late', open: 'todo' } as const;

/** The chosen person's way beside the board: before and after, map, stops. Without one, everything on the map. */
export function Side({ board, person, row, rows, tasks, names, pool, chosen, lines, before, result, outcome, canWrite, optimising, looking, onStop, onPool, onLock, onRemove, onOptimise, onFromNow }: {
  board: Board;
  person: BoardPerson | undefined;
  row: BoardRow | undefined;
  rows: ReadonlyMap<Id, BoardRow>;
  tasks: ReadonlyMap<Id, BoardTask>;
  names: ReadonlyMap<Id, string>;
  pool: readonly BoardTask[];
  chosen: Id | null;
  /** The way along the streets; empty while it is asked for. */
  lines: readonly (readonly Point[])[];
  /** The way before the last search, for the dashed line. */
  before: readonly Id[] | null;
  result: BoardProposal | null;
  outcome: ReadonlyMap<Id, Outcome> | null;
  canWrite: boolean;
  optimising: boolean;
  /** His position is being read. */
  looking: boolean;
  onStop(id: Id, person: Id): void;
  onPool(id: Id): void;
  onLock(task: BoardTask): void;
  onRemove(id: Id): void;
  onOptimise(person: Id): void;
  /** The rest of today from where he is now; `null` on another day, or for who may not look. */
  onFromNow: ((person: Id) => void) | null;
}) {
  const t = useT(boardText);
  const format = useFormat();
  const basemap = useBasemap();
  const stops = useMemo(() => (row?.stops ?? []).flatMap((stop) => {
    const task = tasks.get(stop.task_id);
    return task ? [{ stop, task }] : [];
  }), [row, tasks]);
  const marks = useMemo<MapMarks>(() => {
    const customers = pool.flatMap(({ id, customer }) => (customer.at ? [{ id, name: customer.name, grade: customer.grade, at: customer.at, chosen: chosen === id }] : []));
    const straight = (ids: readonly Id[], start: Point | null) => {
      const places = ids.flatMap((id) => {
        const at = tasks.get(id)?.customer.at;
        return at ? [at] : [];
      });
      const way: Point[] = start ? [start, ...places] : places;
      return way.length > 1 ? [way] : [];
    };
    if (!person) {
      const all = board.people.flatMap((one) => straight(rows.get(one.id)?.stops.map((stop) => stop.task_id) ?? [], one.start));
      return { customers: [...customers, ...[...rows.values()].flatMap((one) => one.stops).flatMap((stop) => {
        const task = tasks.get(stop.task_id);
        return task?.customer.at ? [{ id: task.id, name: task.customer.name, grade: task.customer.grade, at: task.customer.at, chosen: chosen === task.id }] : [];
      })], planned: all };
    }
    return {
      customers,
      stops: stops.flatMap(({ stop, task }, k) => (task.customer.at ? [{ id: task.id, seq: k + 1, at: task.customer.at, state: STATE[outcome?.get(task.id) ?? 'open'], name: task.customer.name, label: stop.begin_s === null ? task.customer.name : `${task.customer.name} ${format.minuteOfDay(Math.floor(stop.begin_s / 60))}` }] : [])),
      proposed: lines.length ? lines : straight(stops.map(({ task }) => task.id), person.start),
      planned: before ? straight(before, person.start) : [],
      start: person.start,
    };
  }, [board, person, rows, tasks, pool, chosen, stops, lines, before, outcome, format]);
  const places = useMemo(() => {
    const own = stops.flatMap(({ task }) => (task.customer.at ? [task.customer.at] : []));
    if (person && own.length) return person.start ? [person.start, ...own] : own;
    return [...tasks.values()].flatMap((task) => (task.customer.at ? [task.customer.at] : []));
  }, [person, stops, tasks]);
  const sums = result && pair(result, person?.id ?? null);
  const whole = result && pair(result, null);
  return (
    <aside className="bside" aria-label={t('side')}>
      {person ? (
        <div className="hd bside-head">
          <Avatar name={person.name} size="sm" />
          <h2 className="clip">{person.name}</h2>
          <span className="sub">{t('rowSum', { km: format.km(row?.meters ?? 0), count: stops.length })}</span>
          {canWrite ? <button type="button" className="btn soft sm end" disabled={optimising || !stops.length} onClick={() => onOptimise(person.id)}><Icon name="wand" size={14} />{t('optimiseOne')}</button> : null}
          {canWrite && onFromNow ? <button type="button" className="btn sm" title={t('fromNowNote')} disabled={optimising || !stops.length} aria-busy={looking} onClick={() => onFromNow(person.id)}><Icon name="locate" size={14} />{t(looking ? 'looking' : 'fromNow')}</button> : null}
        </div>
      ) : null}
      {sums && result ? <BeforeAfter sums={sums} proven={result.proven_optimal} gap={gapOf(result, person?.id ?? null)} /> : person && row ? <p className="bside-drive m3">{format.dots([t('driving', { duration: format.duration(row.seconds) }), limitWords(t, format, person, row), person.plan?.proven_optimal && !before ? t('proven') : null])}</p> : null}
      {result ? <div className="bside-source"><SourceNote source={result.source} /></div> : row ? <div className="bside-source"><SourceNote source={row.source} /></div> : null}
      <TashiMap
        className="bmap"
        basemap={basemap}
        marks={marks}
        selected={chosen}
        label={person ? t('mapOf', { name: person.name }) : t('mapAll')}
        fit={{ key: person ? `${person.id}/${stops.length}` : `all/${board.day}/${places.length}`, places, maxZoom: 15 }}
        padding={{ top: 50, bottom: 40, left: 50, right: 50 }}
        onHit={(hit) => {
          if (hit.kind === 'stop' && person) onStop(hit.id, person.id);
          if (hit.kind !== 'customer') return;
          const holder = board.people.find((one) => rows.get(one.id)?.stops.some((stop) => stop.task_id === hit.id));
          if (holder) onStop(hit.id, holder.id);
          else onPool(hit.id);
        }}
      />
      {person?.plan?.changes.length ? <div className="bside-changes"><Changes changes={person.plan.changes} /></div> : null}
      {person ? (
        <ol className="bstops">
          {stops.map(({ stop, task }, k) => (
            <li key={task.id} className={chosen === task.id ? 'on' : undefined}>
              <button type="button" className="bstops-one" aria-pressed={chosen === task.id} onClick={() => onStop(task.id, person.id)}>
                <span className="route-num">{k + 1}</span>
                <GradeTag grade={task.customer.grade} />
                <b className="clip sp">{task.customer.name}</b>
                <span className="m3 s12 tabular">{stop.drive_m ? `${format.km(stop.drive_m)} km` : ''}</span>
                <span className="bstops-time tabular">{stop.begin_s === null ? (stop.fixed ? t('stopFixed') : '–') : format.minuteOfDay(Math.floor(stop.begin_s / 60))}</span>
              </button>
              {chosen === task.id ? (
                <span className="bstops-acts">
                  <span className="m3 s12">{format.dots([format.window(task.window), whomWords(t, format, task), crewWords(t, format, task)])}</span>
                  {task.skills.length ? <SkillChips skills={task.skills} lacking={new Set(task.skills.filter((one) => !person.skills.includes(one)))} /> : null}
                  <span className="sp" />
                  {canWrite && !stop.fixed ? (
                    <>
                      {wished(task) ? null : <button type="button" className="icb" aria-pressed={task.locked} aria-label={t(task.locked ? 'unlockHint' : 'lock')} title={t(task.locked ? 'unlockHint' : 'lock')} onClick={() => onLock(task)}><Icon name="lock" size={15} className={task.locked ? 'fg-accent' : undefined} /></button>}
                      <button type="button" className="icb" aria-label={t('remove')} title={t('remove')} onClick={() => onRemove(task.id)}><Icon name="close" size={15} /></button>
                    </>
                  ) : null}
                  {task.place === 'due' ? <Link to="/customers/$id" params={{ id: task.customer.id }} className="icb" aria-label={t('openCustomer')} title={t('openCustomer')}><Icon name="external" size={15} /></Link>
                    : task.place === 'urgent' ? <Link to="/dispatch" search={{ request: task.id }} className="icb" aria-label={t('openRequest')} title={t('openRequest')}><Icon name="external" size={15} /></Link>
                      : <Link to="/tasks" search={{ task: task.id, from: task.day, to: task.day } as never} className="icb" aria-label={t('openTask')} title={t('openTask')}><Icon name="external" size={15} /></Link>}
                </span>
              ) : null}
            </li>
          ))}
          {stops.length ? null : <li className="bside-none m3">{t('noStops')}</li>}
        </ol>
      ) : <div className="empty bside-none"><b>{t('choose')}</b><p>{t('chooseDetail')}</p></div>}
      {result && whole ? (
        <div className="bside-foot">
          <span>{t('team')} <s className="m3">{format.km(whole.before.meters)}</s> <b>{format.km(whole.after.meters)} km</b></span>
          <span className="end m3">{t('searched', { seconds: format.number(result.searched_s, 1) })}</span>
          <Exceptions left={result.left_out} kept={result.kept} tasks={tasks} names={names} />
        </div>
      ) : null}
    </aside>
  );
}

function pair(result: BoardProposal, person: Id | null): { before: BoardSum; after: BoardSum } | null {
  const find = (all: BoardSum[]) => all.find((one) => one.employee_id === person);
  const [before, after] = [find(result.before), find(result.after)];
  return before && after ? { before, after } : null;
}
