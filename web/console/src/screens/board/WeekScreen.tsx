import { useSearch } from '@tanstack/react-router';
import { toProblem, type BoardPerson, type BoardTask, type BoardWeekProposal, type Day, type Id } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCan } from '../../app/session';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { BeforeAfter, Exceptions } from './BeforeAfter';
import { begun, movable, placed, pooled } from './draft';
import { RulesButton, useRules } from './Rules';
import type { WeekSearch } from './search';
import { boardText } from './text';
import { waitingMates } from './together';
import { twiceOf } from './twice';
import { useDrag, type Target } from './useDrag';
import { bestPlace, useOptimiseWeek, usePublishWeek, useWeekBoards, useWeekDraft, useWeekRows } from './useWeek';
import { ViewSwitch } from './ViewSwitch';
import { cellOf, partsOf, waitingOf, weekAsk, weekOf, weekProposed, weekToPublish } from './week';
import { WeekCell } from './WeekCell';
import './board.css';
import './week.css';

const NO_IDS: readonly Id[] = [];
const NO_TASKS: readonly BoardTask[] = [];
const ANY_HOUR = { from: 0, to: 86_400 };

/** Is the week even? People by days, each day with its visits, way and work; a visit goes to another day and person by drag or keys. */
export function WeekScreen() {
  const t = useT(boardText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/planning/week' });
  const patch = useSearchPatch<WeekSearch>();
  const today = format.today();
  const first = weekOf(search.week ?? addDays(today, 1))[0] ?? today;
  const days = useMemo(() => weekOf(first), [first]);
  const canWrite = useCan('task.write') && (days[6] ?? '') >= today;
  const departments = useDepartmentOptions();
  const query = useWeekBoards(first, search.department);
  const desk = useWeekDraft(query.boards, `${first}/${search.department ?? 'all'}`);
  const { board: boards, draft } = desk;
  const worked = useWeekRows(boards, draft);
  const publish = usePublishWeek();
  const optimise = useOptimiseWeek();
  const rules = useRules();
  const [result, setResult] = useState<{ proposal: BoardWeekProposal; person: Id | null; draft: unknown } | null>(null);
  const [task, setTask] = useState<Id | null>(null);
  const [open, setOpen] = useState<Id | null>(null);
  const [said, setSaid] = useState('');
  const root = useRef<HTMLDivElement>(null);

  const tasks = useMemo(() => new Map((boards ?? []).flatMap((board) => board.tasks).map((one) => [one.id, one])), [boards]);
  const people = useMemo<BoardPerson[]>(() => {
    const found = new Map<Id, BoardPerson>();
    for (const board of boards ?? []) for (const one of board.people) if (!found.has(one.id)) found.set(one.id, one);
    return [...found.values()];
  }, [boards]);
  const names = useMemo(() => new Map(people.map((one) => [one.id, one.name])), [people]);
  const persons = useMemo(() => new Map((boards ?? []).flatMap((board) => board.people.map((one) => [cellOf(board.day, one.id) as string, one] as const))), [boards]);
  const fixed = useMemo(() => {
    const found = new Map<string, BoardTask[]>();
    for (const board of boards ?? []) {
      for (const one of [...board.tasks].sort((a, b) => a.seq - b.seq)) {
        if (!begun(one) || one.place !== 'planned') continue;
        const cell = cellOf(board.day, one.employee.id);
        found.set(cell, [...(found.get(cell) ?? []), one]);
      }
    }
    return found;
  }, [boards]);
  const waiting = useMemo(() => (draft ? waitingOf(draft, tasks) : new Map<string, BoardTask[]>()), [draft, tasks]);
  const holder = useMemo(() => {
    const found = new Map<Id, string>();
    for (const [cell, row] of Object.entries(draft?.rows ?? {})) for (const id of row) found.set(id, cell);
    for (const [cell, row] of waiting) for (const one of row) found.set(one.id, cell);
    return found;
  }, [draft, waiting]);
  const seenHere = useMemo(() => {
    const found = new Map<string, ReturnType<typeof twiceOf> extends Map<Id, infer V> ? V : never>();
    const names = new Map(people.map((one) => [one.id, one.name]));
    for (const board of boards ?? []) {
      const rows = Object.fromEntries(board.people.map((one) => [one.id, draft?.rows[cellOf(board.day, one.id)] ?? NO_IDS]));
      for (const [person, all] of twiceOf(rows, tasks, board.tasks, names)) found.set(cellOf(board.day, person), all);
    }
    const waits = new Set([...waiting.values()].flat().map((one) => one.id));
    for (const [cell, all] of waitingMates(draft?.rows ?? {}, tasks, waits)) found.set(cell, [...(found.get(cell) ?? []), ...all]);
    return found;
  }, [boards, draft, tasks, people, waiting]);
  const changed = useMemo(() => new Set(desk.rows), [desk.rows]);
  const latest = useRef({ draft, tasks, persons });
  latest.current = { draft, tasks, persons };

  /** Puts a visit where it costs least in that cell; what was changed meanwhile is left alone. */
  const give = useCallback(async (id: Id, cell: string) => {
    const { draft: before, tasks: known, persons: all } = latest.current;
    const one = known.get(id);
    const { day, person } = partsOf(cell);
    const who = all.get(cell);
    if (!before || !one || !who || !movable(one) || day < today || before.rows[cell]?.includes(id)) return;
    if (one.locked) return void toast(t('rule.locked'));
    const row = before.rows[cell] ?? NO_IDS;
    const at = await bestPlace(day, person, row, id).catch(() => row.length);
    desk.change((now) => placed(now, [id], cell, Math.min(at, now.rows[cell]?.length ?? 0)));
    setTask(id);
    setSaid(t('given', { customer: one.customer.name, name: who.name, day: format.dayWeek(day), seq: at + 1 }));
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(`[data-visit="${id}"]`)?.focus({ preventScroll: false }));
  }, [desk.change, today, t, format]);
  const drop = useCallback((id: Id, target: Target) => {
    if (target.kind === 'day') void give(id, target.day);
  }, [give]);
  const grab = useDrag({ root, scale: ANY_HOUR, nameOf: (id) => tasks.get(id)?.customer.name ?? '', onDrop: drop });
  const choose = useCallback((id: Id) => setTask(id), []);
  const toggle = useCallback((id: Id) => setOpen((old) => (old === id ? null : id)), []);

  const chosen = task ? tasks.get(task) : undefined;
  const cell = task ? holder.get(task) : undefined;
  const here = cell ? partsOf(cell) : null;
  const may = !!chosen && !!here && canWrite && movable(chosen) && !chosen.locked && here.day >= today;
  const toDay = (by: number) => {
    if (!chosen || !here) return;
    const next = days[days.indexOf(here.day) + by];
    if (next) void give(chosen.id, cellOf(next, here.person));
  };
  const toPerson = (by: number, along: boolean) => {
    if (!chosen || !here || !cell) return;
    const row = draft?.rows[cell] ?? NO_IDS;
    const at = row.indexOf(chosen.id);
    if (along) {
      if (at >= 0 && at + by >= 0 && at + by < row.length) desk.change((now) => placed(now, [chosen.id], cell, by < 0 ? at - 1 : at + 2));
      return;
    }
    const next = people[people.findIndex((one) => one.id === here.person) + by];
    if (next) void give(chosen.id, cellOf(here.day, next.id));
  };
  const out = () => {
    if (!chosen || !cell || !draft?.rows[cell]?.includes(chosen.id)) return;
    desk.change((now) => pooled(now, [chosen.id]));
    setSaid(t('takenOut', { customer: chosen.customer.name }));
  };
  useShortcuts([
    ...(may ? [
      { keys: 'ArrowLeft', label: t('key.dayBefore'), run: () => toDay(-1) },
      { keys: 'ArrowRight', label: t('key.dayAfter'), run: () => toDay(1) },
      { keys: 'ArrowUp', label: t('key.upOrEarlier'), run: (event: KeyboardEvent) => toPerson(-1, event.shiftKey) },
      { keys: 'ArrowDown', label: t('key.downOrLater'), run: (event: KeyboardEvent) => toPerson(1, event.shiftKey) },
      { keys: 'Delete', label: t('key.pool'), run: out },
      { keys: 'Backspace', label: t('key.pool'), run: out },
    ] : []),
    { keys: 'Escape', label: t('key.clear'), run: () => setTask(null) },
    { keys: 'mod+z', label: t('key.undo'), run: (event) => (event.shiftKey ? desk.redo() : desk.undo()) },
  ]);
  const who = open ? people.find((one) => one.id === open) : undefined;
  const runOptimise = (person: Id | null) => {
    if (!boards || !draft || optimise.isPending) return;
    const ask = weekAsk(boards, draft, today, person);
    if (!ask.days.length) return void toast(t('weekNothing'));
    optimise.mutate({ ...ask, goal: rules.goal, owners: rules.owners }, {
      onSuccess: (proposal) => {
        // What was moved while it searched is not undone by its answer.
        if (latest.current.draft !== draft) return void toast(t('outdated'));
        const next = weekProposed(draft, proposal.days, ask.pool);
        setResult({ proposal, person, draft: next });
        desk.change(() => next);
        const [before, after] = [proposal.before[0], proposal.after[0]];
        if (before && after && before.meters === after.meters && before.visits === after.visits) toast(t('noDraftChange'));
      },
    });
  };
  // What was reckoned for another draft is no longer before and after.
  useEffect(() => setResult((old) => (old && old.draft !== draft ? null : old)), [draft]);
  const [whole, wholeAfter] = [result?.proposal.before[0], result?.proposal.after[0]];
  const count = new Set(desk.rows.map((one) => partsOf(one).person)).size;
  const runPublish = () => {
    if (!boards || !draft) return;
    publish.mutate(weekToPublish(boards, draft), {
      onSuccess: (done) => {
        desk.settled();
        toast(t('published', { count: done.people.length }));
      },
      onError: (error) => {
        if (toProblem(error).status === 409) void query.refetch();
      },
    });
  };
  const turn = (by: number) => patch({ week: addDays(first, by * 7) });
  return (
    <div className="week" ref={root}>
      <div className="bar bbar">
        <ViewSwitch />
        <span className="row g4">
          <button type="button" className="icb" aria-label={t('weekBefore')} title={t('weekBefore')} onClick={() => turn(-1)}><Icon name="left" /></button>
          <b className="week-span">{t('weekOf', { from: format.day(first), to: format.day(days[6]) })}</b>
          <button type="button" className="icb" aria-label={t('weekAfter')} title={t('weekAfter')} onClick={() => turn(1)}><Icon name="right" /></button>
        </span>
        <FilterSelect label={t('department')} value={search.department} options={departments} width={132} onChange={(department) => patch({ department })} />
        <span className="sp" />
        {canWrite ? (
          <>
            <span className="s12 m3 bsaved">{desk.rows.length ? t('weekDraft', { count: desk.rows.length }) : t('clean')}</span>
            <button type="button" className="icb line" aria-label={t('undo')} title={t('undo')} disabled={!desk.canUndo} onClick={desk.undo}><Icon name="undo" /></button>
            <button type="button" className="icb line" aria-label={t('redo')} title={t('redo')} disabled={!desk.canRedo} onClick={desk.redo}><Icon name="redo" /></button>
            {desk.rows.length ? <button type="button" className="icb line" aria-label={t('discard')} title={t('discard')} onClick={() => { desk.discard(); toast(t('clean'), desk.undo); }}><Icon name="trash" /></button> : null}
            <RulesButton {...rules} />
            {who ? <button type="button" className="btn soft" disabled={optimise.isPending} onClick={() => runOptimise(who.id)}><Icon name="wand" />{t('optimiseWeekOf', { name: who.name })}</button> : null}
            <button type="button" className="btn soft" disabled={!draft || optimise.isPending} aria-busy={optimise.isPending} onClick={() => runOptimise(null)}><Icon name="wand" />{t(optimise.isPending ? 'optimising' : 'optimiseWeek')}</button>
            <button type="button" className="btn pri" disabled={!desk.rows.length || publish.isPending} onClick={runPublish}>{t(publish.isPending ? 'publishing' : 'publish', { count })}</button>
          </>
        ) : <span className="s12 m3">{t('readOnly')}</span>}
      </div>
      <div className="week-notes">
        {query.error && !boards ? <ProblemView error={query.error} onRetry={() => void query.refetch()} /> : null}
        {worked.error ? <ProblemView compact error={worked.error} onRetry={() => void query.refetch()} /> : null}
        {optimise.error ? <ProblemView compact error={optimise.error} onRetry={() => runOptimise(null)} /> : null}
        {publish.error ? <ProblemView compact error={publish.error} onRetry={desk.theirs.length ? undefined : runPublish} /> : null}
        {desk.theirs.length ? (
          <div className="row g6 week-stale" role="alert">
            <Icon name="warn" size={16} className="fg-problem" />
            <span className="sp"><b>{t('stale', { names: format.names([...new Set(desk.theirs.map((one) => persons.get(one)?.name ?? ''))]) })}</b> {t('staleDetail')}</span>
            <button type="button" className="btn sm" onClick={() => { publish.reset(); desk.load(); }}>{t('staleLoad')}</button>
          </div>
        ) : null}
        {result && whole && wholeAfter ? (
          <section className="week-result" aria-label={t('weekResult')}>
            <BeforeAfter sums={{ before: whole, after: wholeAfter }} proven={result.proposal.proven_optimal} gap={result.proposal.gap_permille} />
            <span className="m3">{t('searched', { seconds: format.number(result.proposal.searched_s, 1) })}</span>
            <button type="button" className="icb" aria-label={t('hideResult')} title={t('hideResult')} onClick={() => setResult(null)}><Icon name="close" size={15} /></button>
            <Exceptions left={result.proposal.left_out} kept={result.proposal.kept} tasks={tasks} names={names} />
          </section>
        ) : null}
      </div>
      {boards && draft ? (
        <div className="wscroll" tabIndex={0} role="region" aria-label={t('rows')}>
          <div className="wgrid" role="grid" aria-label={t('weekOf', { from: format.day(first), to: format.day(days[6]) })} aria-readonly={!canWrite}>
            <div role="row" className="wrow whead">
              <span role="columnheader" className="wwho s12 m3">{t('weekPeople', { count: people.length })}</span>
              {boards.map((board) => {
                const cells = board.people.map((one) => cellOf(board.day, one.id));
                const stops = cells.reduce((sum, one) => sum + (draft.rows[one]?.length ?? 0) + (fixed.get(one)?.length ?? 0), 0);
                const meters = cells.reduce((sum, one) => sum + (worked.rows.get(one)?.meters ?? 0), 0);
                return (
                  <span key={board.day} role="columnheader" className={board.day === today ? 'wday today' : 'wday'}>
                    <b>{format.dayWeek(board.day)}</b>
                    <span className="m3">{stops ? format.dots([t('visits', { count: stops }), `${format.km(meters)} km`]) : '–'}</span>
                  </span>
                );
              })}
            </div>
            {people.map((one) => (
              <div role="row" key={one.id} className="wrow">
                <span role="rowheader" className="wwho">
                  <button type="button" className="wname" aria-expanded={open === one.id} onClick={() => toggle(one.id)}>
                    <Avatar name={one.name} size="sm" />
                    <span className="bwho-words"><b className="clip">{one.name}</b><span className="bsum clip">{sumOf(one.id)}</span></span>
                  </button>
                </span>
                {days.map((day) => {
                  const id = cellOf(day, one.id);
                  const person = persons.get(id);
                  return person ? (
                    <WeekCell
                      key={day}
                      day={day}
                      person={person}
                      row={worked.rows.get(id)}
                      ids={draft.rows[id] ?? NO_IDS}
                      tasks={tasks}
                      fixed={fixed.get(id) ?? NO_TASKS}
                      waiting={waiting.get(id)}
                      seen={seenHere.get(id)}
                      fresh={worked.fresh.has(id)}
                      changed={changed.has(id)}
                      chosen={cell === id ? task : null}
                      open={open === one.id}
                      past={day < today}
                      canWrite={canWrite}
                      onChoose={choose}
                      onGrab={grab}
                      onOpen={toggle}
                    />
                  ) : <div key={day} role="gridcell" className="wcell off" />;
                })}
              </div>
            ))}
          </div>
          {boards.some((board) => board.truncated) ? <p className="bnote m3">{t('truncated', { count: people.length })}</p> : null}
        </div>
      ) : query.error ? null : <SkeletonRows rows={8} height={72} />}
      <p className="week-foot m3"><Icon name="info" size={14} /><span>{canWrite ? t('weekHint') : ''}</span><span className="end" role="status">{said}</span></p>
    </div>
  );

  function sumOf(person: Id): string {
    const own = days.map((day: Day) => cellOf(day, person));
    const stops = own.reduce((sum, one) => sum + (draft?.rows[one]?.length ?? 0) + (fixed.get(one)?.length ?? 0), 0);
    return t('rowSum', { km: format.km(own.reduce((sum, one) => sum + (worked.rows.get(one)?.meters ?? 0), 0)), count: stops });
  }
}
