import { useSearch } from '@tanstack/react-router';
import { toProblem, type BoardLeftOut, type BoardProposal, type BoardRow, type BoardTask, type BoardViolation, type Day, type Id, type Point } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { useCan } from '../../app/session';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Assign } from './Assign';
import { compare } from './compare';
import { Decisions, type Decision } from './Decisions';
import { begun, movable, placed, pooled, postponed, proposed, toPublish, wished } from './draft';
import { Pool } from './Pool';
import { PoolFilter, useFits } from './PoolFilter';
import { Row, type Actual, type RowHands } from './Row';
import { GOALS, RulesButton, useRules } from './Rules';
import { hours, opening, scaleOf, share } from './scale';
import type { BoardSearch } from './search';
import { Side } from './Side';
import { boardText } from './text';
import { draftRows, useBoard, useDayDraft, useDayRows, useLines, useLock, useOptimise, usePublish, useWhereIs } from './useBoard';
import { useDrag, type Target } from './useDrag';
import { waitingMates } from './together';
import { twiceOf } from './twice';
import { ViewSwitch } from './ViewSwitch';
import { weekday, weekOf } from './week';
import './board.css';

const NONE: readonly Id[] = [];
/** The pool, the most pressing first. */
const ORDER: Record<BoardTask['place'], number> = { urgent: 0, planned: 1, waiting: 2, missed: 3, due: 4 };

/** Is tomorrow good, and what must I decide? What waits, people by hours, the way of one of them. */
export function BoardScreen() {
  const t = useT(boardText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/planning/board' });
  const patch = useSearchPatch<BoardSearch>();
  const today = format.today();
  const day = search.day ?? addDays(today, 1);
  const past = day < today;
  const canWrite = useCan('task.write') && !past;
  const canLook = useCan('live.read');
  const departments = useDepartmentOptions();
  const rules = useRules();
  const { goal, setGoal, owners } = rules;
  const query = useBoard(day, search.department);
  const desk = useDayDraft(query.data, `${day}/${search.department ?? 'all'}`);
  const { board, draft } = desk;
  const evaluated = useDayRows(board, draft);
  const optimise = useOptimise();
  const publish = usePublish();
  const lock = useLock();
  const where = useWhereIs();
  const [task, setTask] = useState<Id | null>(null);
  const [assigning, setAssigning] = useState<Id | null>(null);
  const [result, setResult] = useState<{ proposal: BoardProposal; before: Readonly<Record<Id, readonly Id[]>>; draft: unknown } | null>(null);
  const [tab, setTab] = useState<'decide' | 'map'>('decide');
  const root = useRef<HTMLDivElement>(null);
  const person = search.person;

  const tasks = useMemo(() => new Map((board?.tasks ?? []).map((one) => [one.id, one])), [board]);
  const allTasks = useRef(tasks);
  allTasks.current = tasks;
  const names = useMemo(() => new Map((board?.people ?? []).map((one) => [one.id, one.name])), [board]);
  const holder = useMemo(() => {
    const found = new Map<Id, Id>();
    for (const [who, row] of Object.entries(draft?.rows ?? {})) for (const id of row) found.set(id, who);
    for (const one of board?.tasks ?? []) if (begun(one)) found.set(one.id, one.employee.id);
    return found;
  }, [draft, board]);
  const leftOut = useMemo(() => new Map<Id, BoardLeftOut>((result?.proposal.left_out ?? []).filter((one) => draft?.pool.includes(one.task_id)).map((one) => [one.task_id, one])), [result, draft]);
  const pool = useMemo(() => (draft?.pool ?? []).flatMap((id) => tasks.get(id) ?? []).sort((a, b) => Number(leftOut.has(b.id)) - Number(leftOut.has(a.id)) || ORDER[a.place] - ORDER[b.place]), [draft, tasks, leftOut]);
  const scale = useMemo(() => (board ? scaleOf(board, evaluated.rows.values()) : { from: 9 * 3600, to: 18 * 3600 }), [board, evaluated.rows]);
  // The same object while the hours are the same: rows are drawn again only when they must.
  const steady = useSame(scale);
  const scroller = useRef<HTMLDivElement>(null);
  const begin = board ? opening(board) : null;
  useEffect(() => {
    const element = scroller.current;
    const head = element?.querySelector('.bhours');
    // A little before the first shift of most: what they do at night is to the left of it.
    if (element && head && begin !== null) element.scrollLeft = (head.clientWidth * share(steady, begin - 1800)) / 100;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- opened there once a day, not at every change of the hours
  }, [day, begin]);
  const lines = useLines(day, board ? person : undefined, (person && draft?.rows[person]) || NONE);
  const seenHere = useMemo(() => {
    const found = new Map(twiceOf(draft?.rows ?? {}, tasks, board?.tasks ?? [], names));
    for (const [who, apart] of waitingMates(draft?.rows ?? {}, tasks, new Set(draft?.pool))) found.set(who, [...(found.get(who) ?? []), ...apart]);
    return found;
  }, [draft, tasks, board, names]);
  const compared = useMemo(() => (board && board.day <= board.today ? compare(board) : null), [board]);
  const actual = useMemo(() => {
    if (!board || !compared) return null;
    const of = new Map<Id, Actual>();
    for (const one of board.people) of.set(one.id, { visits: board.visits.filter((visit) => visit.employee_id === one.id), outcome: compared.outcome, turned: compared.turned });
    return of;
  }, [board, compared]);
  const changedRows = useMemo(() => new Set(desk.rows), [desk.rows]);
  const skills = useMemo(() => [...new Set([...(board?.tasks ?? []).flatMap((one) => one.skills), ...(board?.people ?? []).flatMap((one) => one.skills)])].sort((a, b) => a.localeCompare(b)), [board]);
  const skill = search.skill && skills.includes(search.skill) ? search.skill : undefined;
  const people = useMemo(() => (board?.people ?? []).filter((one) => !skill || one.skills.includes(skill)), [board, skill]);
  const fits = useFits(search);
  const shownPool = useMemo(() => pool.filter((one) => (!skill || one.skills.includes(skill)) && fits(one)), [pool, skill, fits]);
  const shownRow = useMemo(() => withPlace(evaluated.rows, draft?.rows ?? {}), [evaluated.rows, draft]);

  const decisions = useMemo<Decision[]>(() => {
    if (past) return [];
    return (board?.people ?? []).flatMap((who) => {
      const row = evaluated.rows.get(who.id);
      if (!row) return [];
      const own = new Set(draft?.rows[who.id]);
      return [...row.violations.filter((one) => one.kind !== 'twice'), ...(seenHere.get(who.id) ?? [])].flatMap((violation) => {
        const of = tasks.get(violation.task_id);
        return of && own.has(of.id) ? [{ person: who, row, violation, task: of, seq: row.stops.findIndex((stop) => stop.task_id === of.id) + 1 }] : [];
      });
    });
  }, [board, evaluated.rows, draft, seenHere, tasks, past]);

  const choose = useCallback((id: Id | null, who?: Id) => {
    setTask(id);
    if (who) patch({ person: who }, { replace: true });
  }, [patch]);
  const place = useCallback((id: Id, who: Id, position: number) => {
    desk.change((old) => placed(old, [id], who, position));
    choose(id, who);
  }, [desk.change, choose]);
  const onSkill = useCallback((next: string | undefined) => patch({ skill: next }, { replace: true }), [patch]);
  const toPool = useCallback((id: Id) => desk.change((old) => pooled(old, [id])), [desk.change]);
  const toDay = useCallback((id: Id, next: Day) => {
    if (next === day || next < today) return;
    const one = allTasks.current.get(id);
    if (one && wished(one)) return void toast(t('wishDay'));
    desk.change((old) => postponed(old, [id], next));
    setTask(null);
    toast(t('moved', { day: format.dayWeek(next) }), desk.undo);
  }, [desk.change, desk.undo, day, today, t, format]);

  const evaluatedRows = useRef(evaluated.rows);
  evaluatedRows.current = evaluated.rows;
  const drop = useCallback((id: Id, target: Target) => {
    if (target.kind === 'pool') toPool(id);
    else if (target.kind === 'day') toDay(id, target.day);
    else {
      const stops = (evaluatedRows.current.get(target.person)?.stops ?? []).filter((stop) => !stop.fixed);
      // Before the first visit whose middle lies behind the pointer.
      const at = stops.findIndex((stop) => stop.begin_s !== null && (stop.begin_s + (stop.leave_s ?? stop.begin_s)) / 2 > target.second);
      place(id, target.person, at < 0 ? stops.length : at);
    }
  }, [place, toPool, toDay]);
  const grab = useDrag({ root, scale, nameOf: (id) => tasks.get(id)?.customer.name ?? '', onDrop: drop });
  const hands = useMemo<RowHands>(() => ({ onPerson: (id) => { setTask(null); patch({ person: id }, { replace: true }); }, onStop: choose, onGrab: grab }), [choose, grab, patch]);

  const toggleLock = (one: BoardTask) => {
    // A lock holds for what is published: person, day and time.
    if (wished(one) || (!one.locked && holder.get(one.id) !== one.employee.id)) return toast(t('lockFirst'));
    lock.mutate({ task: one.id, locked: !one.locked }, { onSuccess: () => toast(t(one.locked ? 'unlocked' : 'locked')) });
  };
  const latest = useRef(draft);
  latest.current = draft;
  const runOptimise = (who?: Id, start?: Point) => {
    if (!draft || !board || optimise.isPending) return;
    const rows = draftRows(draft).filter((row) => !who || row.employee_id === who);
    // What is due this week or month is put where the planner wants it, not all of it into today.
    const waiting = who ? [] : draft.pool.filter((id) => tasks.get(id)?.place !== 'due');
    optimise.mutate({ day, rows, pool: waiting, goal, owners, start }, {
      onSuccess: (proposal) => {
        // What was moved while it searched is not undone by its answer.
        if (latest.current !== draft) return toast(t('outdated'));
        const before = draft.rows;
        const next = proposed(draft, proposal.rows, waiting);
        setResult({ proposal, before, draft: next });
        desk.change(() => next);
        if (!person && !who) patch({ person: longest(proposal) }, { replace: true });
        toast(who && proposal.after[0]?.meters === proposal.before[0]?.meters ? t('noDraftChange') : format.dots([gained(proposal) > 0 ? t('moreVisits', { count: gained(proposal) }) : null, t('savedBy', savings(proposal, format))]), desk.undo);
      },
    });
  };
  // What was moved while his position was read is arranged as it is then.
  const arrange = useRef(runOptimise);
  arrange.current = runOptimise;
  const fromNow = (who: Id) => {
    // Each look is a line in his ledger: one is enough.
    if (where.isPending || optimise.isPending) return;
    where.mutate(who, {
      onSuccess: (at) => {
        if (at) arrange.current(who, at);
        else toast(t('whereUnknown', { name: names.get(who) ?? '' }));
      },
    });
  };
  const runPublish = () => {
    if (!draft || !board) return;
    const ask = toPublish(board, draft, goal === 'distance' ? 'distance' : 'time');
    publish.mutate(ask, {
      onSuccess: ({ people }) => {
        setResult(null);
        desk.settled();
        toast(t('published', { count: people.length }));
      },
      onError: (error) => {
        if (toProblem(error).status === 409) void query.refetch();
      },
    });
  };

  const chosen = task ? tasks.get(task) : undefined;
  const own = task ? holder.get(task) : undefined;
  /** Moves the chosen visit by keyboard: within its row, or to the row above or below at about the same time. */
  const shift = (along: number, across: number) => {
    if (!chosen || !draft || !board || !canWrite || !movable(chosen)) return;
    if (along) {
      const at = own ? draft.rows[own]?.indexOf(chosen.id) ?? -1 : -1;
      if (own && at >= 0 && at + along >= 0 && at + along < (draft.rows[own]?.length ?? 0)) place(chosen.id, own, along < 0 ? at - 1 : at + 2);
      return;
    }
    const order = people.map((one) => one.id);
    const from = own ? order.indexOf(own) : -1;
    const to = own ? order[from + across] : across > 0 ? order[0] : undefined;
    if (!to) return;
    const begins = own ? evaluated.rows.get(own)?.stops.find((stop) => stop.task_id === chosen.id)?.begin_s ?? scale.from : scale.from;
    drop(chosen.id, { kind: 'row', person: to, second: begins });
  };
  const walk = (by: number) => {
    const row = own ? shownRow.get(own)?.stops.map((stop) => stop.task_id) ?? [] : shownPool.map((one) => one.id);
    const list = task ? row : person ? draft?.rows[person] ?? [] : shownPool.map((one) => one.id);
    const at = task ? list.indexOf(task) : -1;
    const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    if (next) choose(next, holder.get(next));
  };
  useShortcuts([
    // Without a choice these keys are the browser's own.
    ...(chosen && canWrite && movable(chosen) ? [
      { keys: 'a', label: t('key.assign'), run: () => setAssigning(chosen.id) },
      { keys: 'ArrowLeft', label: t('key.earlier'), run: () => shift(-1, 0) },
      { keys: 'ArrowRight', label: t('key.later'), run: () => shift(1, 0) },
      { keys: 'ArrowUp', label: t('key.up'), run: () => shift(0, -1) },
      { keys: 'ArrowDown', label: t('key.down'), run: () => shift(0, 1) },
      { keys: 'Delete', label: t('key.pool'), run: () => toPool(chosen.id) },
      { keys: 'Backspace', label: t('key.pool'), run: () => toPool(chosen.id) },
      { keys: 'l', label: t('key.lock'), run: () => toggleLock(chosen) },
    ] : []),
    { keys: 'j', label: t('key.next'), run: () => walk(1) },
    { keys: 'k', label: t('key.previous'), run: () => walk(-1) },
    { keys: 'Escape', label: t('key.clear'), run: () => setTask(null) },
    { keys: 'mod+z', label: t('key.undo'), run: (event) => (event.shiftKey ? desk.redo() : desk.undo()) },
  ]);
  // What was reckoned for another draft is no longer before and after.
  useEffect(() => setResult((old) => (old && old.draft !== draft ? null : old)), [draft]);

  const week = useMemo(() => weekOf(day), [day]);
  const movedTo = Object.values(draft?.moved ?? {});
  const stops = Object.values(draft?.rows ?? {}).reduce((sum, row) => sum + row.length, 0);
  const refused = publish.error ? toProblem(publish.error) : null;
  // A lock is nobody else's change.
  const conflict = refused?.status === 409 && refused.code !== 'board.locked' ? publish.error : null;
  const count = changedRows.size;
  return (
    <div className="board" ref={root} data-tab={tab}>
      <div className="bar bbar">
        <ViewSwitch />
        <DayField label={t('day')} before={t('dayBefore')} after={t('dayAfter')} value={day} onChange={(next) => { setTask(null); setResult(null); patch({ day: next === addDays(today, 1) ? undefined : next }); }} />
        <span className="bweek" role="group" aria-label={t('week')}>
          {week.map((one) => (
            <button key={one} type="button" className={one === day ? 'on' : one === today ? 'today' : undefined} aria-pressed={one === day} data-drop={canWrite && one !== day && one >= today ? one : undefined} title={format.dayWeek(one)} onClick={() => { setTask(null); patch({ day: one === addDays(today, 1) ? undefined : one }); }}>
              {format.weekday(weekday(one))}<small>{Number(one.slice(8))}</small>
              {movedTo.includes(one) ? <i>+{movedTo.filter((to) => to === one).length}</i> : null}
            </button>
          ))}
        </span>
        <FilterSelect label={t('department')} value={search.department} options={departments} width={112} onChange={(department) => patch({ department })} />
        {canWrite ? (
          <>
            <span className="seg bgoal" role="radiogroup" aria-label={t('goal')}>
              {GOALS.map((one) => <button key={one} type="button" role="radio" aria-checked={goal === one} className={goal === one ? 'on' : ''} onClick={() => setGoal(one)}>{t(`goal.${one}`)}</button>)}
            </span>
            <RulesButton {...rules} />
          </>
        ) : null}
        <span className="sp" />
        {past ? <span className="s12 m3">{t('past')}</span> : !canWrite ? <span className="s12 m3">{t('readOnly')}</span> : (
          <>
            <span className="s12 m3 bsaved">{desk.dirty ? t('saved', { time: desk.savedAt ? format.time(desk.savedAt) : '' }) : t('clean')}</span>
            <button type="button" className="icb line" aria-label={t('undo')} title={t('undo')} disabled={!desk.canUndo} onClick={desk.undo}><Icon name="undo" /></button>
            <button type="button" className="icb line" aria-label={t('redo')} title={t('redo')} disabled={!desk.canRedo} onClick={desk.redo}><Icon name="redo" /></button>
            {desk.dirty ? <button type="button" className="icb line" aria-label={t('discard')} title={t('discard')} onClick={() => { desk.discard(); toast(t('clean'), desk.undo); }}><Icon name="trash" /></button> : null}
            <button type="button" className="btn soft" disabled={!draft || optimise.isPending} aria-busy={optimise.isPending} onClick={() => runOptimise()}><Icon name="wand" />{t(optimise.isPending ? 'optimising' : 'optimiseAll')}</button>
            <button type="button" className="btn pri" disabled={!desk.dirty || publish.isPending} onClick={runPublish}>{publish.isPending ? t('publishing') : count || !movedTo.length ? t('publish', { count }) : t('publishMoved')}</button>
          </>
        )}
      </div>
      <Pool tasks={shownPool} skill={skill} skills={skills} onSkill={onSkill} filter={<PoolFilter search={search} patch={patch} />} people={board?.people ?? []} leftOut={leftOut} chosen={task} canWrite={canWrite} past={past} onChoose={(id) => choose(id)} onGrab={grab} />
      <section className="bmain" aria-label={t('rows')}>
        {query.error && !board ? <ProblemView error={query.error} onRetry={() => void query.refetch()} /> : null}
        {board ? (
          <div className="bscroll" ref={scroller}>
            <div className="bhead" style={{ '--hours': hours(steady).length } as CSSProperties}>
              <span className="s12 m3">{t('people', { people: people.length, stops })}</span>
              <div className="bhours">{hours(steady).map((hour) => <span key={hour} style={{ left: `${share(steady, hour * 3600)}%` }}>{String(hour).padStart(2, '0')}</span>)}</div>
            </div>
            <ul className="brows" style={{ '--hours': hours(steady).length } as CSSProperties}>
              {people.map((one) => {
                const row = shownRow.get(one.id);
                return <Row key={one.id} person={one} row={row} tasks={tasks} scale={steady} own={person === one.id} chosen={task && holder.get(task) === one.id ? task : null} fresh={evaluated.fresh.has(one.id)} changed={changedRows.has(one.id)} seen={seenHere.get(one.id) ?? NO_RULES} actual={actual?.get(one.id) ?? null} hands={hands} canWrite={canWrite} />;
              })}
            </ul>
            {skill && !people.length ? <p className="bnote m3">{t('skillNobody', { skill })}</p> : null}
            {board.truncated ? <p className="bnote m3">{t('truncated', { count: board.people.length })}</p> : null}
          </div>
        ) : query.error ? null : <SkeletonRows rows={8} height={56} />}
        <div className="btabs" role="tablist" aria-label={t('tabs')}>
          {(['decide', 'map'] as const).map((one) => <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? 'on' : ''} onClick={() => setTab(one)}>{t(`tab.${one}`)}{one === 'decide' && decisions.length ? ` ${decisions.length}` : ''}</button>)}
        </div>
        {evaluated.error ? <ProblemView compact error={evaluated.error} onRetry={() => void query.refetch()} /> : null}
        {optimise.error ? <ProblemView compact error={optimise.error} onRetry={() => runOptimise()} /> : null}
        {where.error ? <ProblemView compact error={where.error} /> : null}
        {lock.error ? <ProblemView compact error={lock.error} /> : null}
        {publish.error && !conflict ? <ProblemView compact error={publish.error} onRetry={runPublish} /> : null}
        {compared ? <ActualSums compared={compared} /> : null}
        {draft && board && !past ? <Decisions decisions={decisions} names={names} day={day} draft={draft} canWrite={canWrite} onChoose={choose} onPlace={place} onPool={toPool} onDay={toDay} onUnlock={(id) => { const one = tasks.get(id); if (one) toggleLock(one); }} /> : null}
      </section>
      {board ? (
        <Side
          board={board}
          person={board.people.find((one) => one.id === person)}
          row={person ? shownRow.get(person) : undefined}
          rows={shownRow}
          tasks={tasks}
          names={names}
          pool={pool}
          chosen={task}
          lines={lines.isPlaceholderData ? [] : lines.data ?? []}
          before={(person && result?.before[person]) || null}
          result={result?.proposal ?? null}
          outcome={compared?.outcome ?? null}
          canWrite={canWrite}
          optimising={optimise.isPending || where.isPending}
          looking={where.isPending}
          onStop={choose}
          onPool={(id) => choose(id)}
          onLock={toggleLock}
          onRemove={toPool}
          onOptimise={runOptimise}
          onFromNow={day === format.today() && canLook ? fromNow : null}
        />
      ) : <aside className="bside" />}
      {!publish.isPending && (conflict || desk.theirs.length) ? (
        <div className="bconflict" role="alert">
          <Icon name="warn" size={16} className="fg-problem" />
          <span><b>{desk.theirs.length ? t('stale', { names: format.names(desk.theirs.map((id) => names.get(id) ?? '')) }) : toProblem(conflict).title}</b> {conflict && !desk.theirs.length ? toProblem(conflict).detail : t('staleDetail')}</span>
          <button
            type="button"
            className="btn sm"
            onClick={() => {
              const who = format.names(desk.theirs.map((id) => names.get(id) ?? ''));
              publish.reset();
              desk.load();
              if (who) toast(t('staleLoaded', { names: who }));
            }}
          >
            {t('staleLoad')}
          </button>
        </div>
      ) : null}
      {assigning && draft && board && tasks.get(assigning) ? (
        <Assign
          task={tasks.get(assigning) as BoardTask}
          day={day}
          draft={draft}
          people={board.people}
          onClose={() => setAssigning(null)}
          onPlace={(who, position) => {
            const id = assigning;
            setAssigning(null);
            const row = (draft.rows[who] ?? []).filter((one) => one !== id);
            const at = (draft.rows[who] ?? []).indexOf(id);
            // The answer counts the row without the task.
            place(id, who, at >= 0 && at < position ? position + 1 : Math.min(position, row.length));
          }}
        />
      ) : null}
    </div>
  );
}

const NO_RULES: readonly BoardViolation[] = [];

/** Seconds, until the answer is here. */
const GUESSED_DRIVE = 600;
const GUESSED_VISIT = 1800;

/** Rows in the order of the draft at once, with guessed times until the answer is here: what moves is seen where it was dropped. */
function withPlace(rows: ReadonlyMap<Id, BoardRow>, drafted: Readonly<Record<Id, readonly Id[]>>) {
  const found = new Map(rows);
  for (const [person, ids] of Object.entries(drafted)) {
    const row = rows.get(person);
    if (!row) continue;
    const own = row.stops.filter((stop) => !stop.fixed);
    if (own.length === ids.length && own.every((stop, k) => stop.task_id === ids[k])) continue;
    const by = new Map(own.map((stop) => [stop.task_id, stop]));
    let at = Math.min(...own.flatMap((stop) => stop.begin_s ?? []), 9 * 3600) - GUESSED_DRIVE;
    const stops = ids.map((task_id) => {
      const known = by.get(task_id);
      const begin = at + GUESSED_DRIVE;
      at = begin + (known?.begin_s && known.leave_s ? known.leave_s - known.begin_s : GUESSED_VISIT);
      return { task_id, fixed: false, arrive_s: begin, begin_s: begin, leave_s: at, drive_s: GUESSED_DRIVE, drive_m: known?.drive_m ?? 0 };
    });
    found.set(person, { ...row, stops: [...row.stops.filter((stop) => stop.fixed), ...stops] });
  }
  return found;
}

function ActualSums({ compared }: { compared: ReturnType<typeof compare> }) {
  const t = useT(boardText);
  const format = useFormat();
  const outcomes = [...compared.outcome.values()];
  const count = (one: (typeof outcomes)[number]) => outcomes.filter((other) => other === one).length;
  const extra = [...compared.extra.values()].reduce((sum, row) => sum + row.length, 0);
  return (
    <p className="bactual">
      <b>{t('legend')}</b>
      <span>{t('actualSum', { done: format.number(count('done') + count('now')), planned: format.number(outcomes.length) })}</span>
      <span className={count('missed') ? 'fg-problem' : 'm3'}>{t('actualMissed', { count: count('missed') })}</span>
      <span className={extra ? 'fg-late' : 'm3'}>{t('actualExtra', { count: extra })}</span>
      <span className={compared.turned.size ? 'fg-late' : 'm3'}>{t('actualTurned', { count: compared.turned.size })}</span>
    </p>
  );
}

/** The same object as long as its content is the same. */
function useSame<S>(value: S): S {
  const held = useRef(value);
  if (JSON.stringify(held.current) !== JSON.stringify(value)) held.current = value;
  return held.current;
}

/** Whose day changed most. */
function longest(proposal: BoardProposal): Id | undefined {
  let best: { id: Id | null; saved: number } | undefined;
  for (const after of proposal.after.slice(1)) {
    const before = proposal.before.find((one) => one.employee_id === after.employee_id);
    const saved = Math.abs((before?.meters ?? 0) - after.meters);
    if (!best || saved > best.saved) best = { id: after.employee_id, saved };
  }
  return best?.id ?? undefined;
}

/** Visits the proposal has more than the draft. */
const gained = (proposal: BoardProposal): number => (proposal.after[0]?.visits ?? 0) - (proposal.before[0]?.visits ?? 0);

function savings(proposal: BoardProposal, format: ReturnType<typeof useFormat>): { km: string; minutes: string } {
  const [before, after] = [proposal.before[0], proposal.after[0]];
  const meters = (after?.meters ?? 0) - (before?.meters ?? 0);
  const minutes = Math.round(((after?.seconds ?? 0) - (before?.seconds ?? 0)) / 60);
  const sign = (value: number) => (value > 0 ? '+' : value < 0 ? '−' : '±');
  return { km: `${sign(meters)}${format.km(Math.abs(meters))}`, minutes: `${sign(minutes)}${format.number(Math.abs(minutes))}` };
}
