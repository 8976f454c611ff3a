import type { BoardPerson, BoardRow, BoardTask, BoardViolation, Day, Id } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { wished, type Draft } from './draft';
import { ruleShort } from './Row';
import { boardText } from './text';
import { fitting, WindowDialog } from './WindowDialog';
import { usePlaces } from './useBoard';

export interface Decision {
  person: BoardPerson;
  seq: number;
  task: BoardTask;
  row: BoardRow;
  violation: BoardViolation;
}

/** Most points shown at once, and of how many a remedy is reckoned. */
const SHOWN = 6;
const REMEDIES = 3;

/** What breaks a rule, with its numbers and what would mend it. Nothing here stops anybody from publishing. */
export function Decisions({ decisions, names, day, draft, canWrite, onChoose, onPlace, onPool, onDay, onUnlock }: {
  decisions: readonly Decision[];
  /** Of the people on the board. */
  names: ReadonlyMap<Id, string>;
  day: Day;
  draft: Draft;
  canWrite: boolean;
  onChoose(task: Id, person: Id): void;
  onPlace(task: Id, person: Id, position: number): void;
  onPool(task: Id): void;
  onDay(task: Id, day: Day): void;
  onUnlock(task: Id): void;
}) {
  const t = useT(boardText);
  const format = useFormat();
  const [all, setAll] = useState(false);
  const shown = all ? decisions : decisions.slice(0, SHOWN);
  return (
    <section className="bdecide" aria-label={t('decide')} tabIndex={0}>
      <div className="hd bdecide-head"><h2>{t('decide')}</h2><span className="sub">{decisions.length ? t('decideCount', { count: decisions.length }) : ''}</span></div>
      {decisions.length ? (
        <ul>
          {shown.map((one, k) => (
            <li key={`${one.task.id}/${one.violation.kind}`} className={hard(one.violation) ? 'bpoint hard' : 'bpoint'}>
              <Icon name={hard(one.violation) ? 'warn' : 'clock'} size={16} weight={2} className={hard(one.violation) ? 'fg-problem' : 'fg-late'} />
              <button type="button" className="bpoint-words" onClick={() => onChoose(one.task.id, one.person.id)}>
                <b className={hard(one.violation) ? 'fg-problem' : undefined}>{t('decideWho', { name: one.person.name, seq: one.seq, customer: one.task.customer.name })}</b>
                <span className="m2">{format.dots([ruleShort(t, format, one.violation), why(one)])}</span>
              </button>
              {canWrite ? <Remedies decision={one} names={names} reckon={k < REMEDIES} day={day} draft={draft} onPlace={onPlace} onPool={onPool} onDay={onDay} onUnlock={onUnlock} /> : null}
            </li>
          ))}
          {shown.length < decisions.length ? <li><button type="button" className="btn link bmore" onClick={() => setAll(true)}>{t('more', { count: decisions.length - shown.length })}</button></li> : null}
        </ul>
      ) : <p className="bdecide-none"><Icon name="okCircle" size={16} weight={2} className="fg-visit" />{t('decideNone')}</p>}
    </section>
  );

  function why({ task, row, violation }: Decision): string | false {
    const stop = row.stops.find((one) => one.task_id === task.id);
    const at = (second: number | null | undefined) => (second === null || second === undefined ? '–' : format.minuteOfDay(Math.floor(second / 60)));
    if (violation.kind === 'late') return t('why.late', { window: format.window(task.window), time: at(stop?.begin_s) });
    if (violation.kind === 'over_shift') return t('why.over_shift', { time: at(stop?.leave_s) });
    if (violation.kind === 'promise') return t('why.promise', { promised: at(task.promised_s), time: at(stop?.begin_s) });
    return false;
  }
}

/** Amber is what is uncomfortable, red what cannot be. */
const hard = (one: BoardViolation): boolean => !['over_shift', 'end_late', 'most_visits', 'most_km', 'promise', 'twice', 'crew'].includes(one.kind);

function Remedies({ decision: { person, task, violation, row }, names, reckon, day, draft, onPlace, onPool, onDay, onUnlock }: {
  decision: Decision;
  names: ReadonlyMap<Id, string>;
  reckon: boolean;
  day: Day;
  draft: Draft;
  onPlace(task: Id, person: Id, position: number): void;
  onPool(task: Id): void;
  onDay(task: Id, day: Day): void;
  onUnlock(task: Id): void;
}) {
  const t = useT(boardText);
  const format = useFormat();
  const wanted = reckon && ['late', 'over_shift', 'leave', 'rest', 'skill', 'barred', 'promise', 'closed', 'end_late', 'most_visits', 'most_km'].includes(violation.kind);
  const places = usePlaces(day, draft, wanted && !task.locked ? task.id : null);
  const best = places.data?.find((one) => one.violations === 0);
  const other = places.data?.find((one) => one.violations === 0 && one.employee_id !== person.id);
  const signed = (meters: number) => `${meters > 0 ? '+' : meters < 0 ? '−' : '±'}${format.km(Math.abs(meters))}`;
  const next = addDays(day, 1);
  const [hours, setHours] = useState(false);
  const stop = row.stops.find((one) => one.task_id === task.id);
  // Only what has hours of its own that a customer could agree to change.
  const movable = !wished(task) && (violation.kind === 'late' || violation.kind === 'promise') && stop?.begin_s !== null && stop !== undefined;
  return (
    <span className="bremedies">
      {best && best.employee_id === person.id ? <button type="button" className="btn sm" onClick={() => onPlace(task.id, person.id, best.position)}>{t('moveTo', { seq: best.position + 1 })}</button> : null}
      {other ? <button type="button" className="btn sm" onClick={() => onPlace(task.id, other.employee_id, other.position)}>{t('giveTo', { name: names.get(other.employee_id) ?? '', km: signed(other.meters) })}</button> : null}
      {movable ? <button type="button" className="btn sm" onClick={() => setHours(true)}>{violation.kind === 'late' ? t('windowTo.fit', { window: format.window(fitting(task, stop)) }) : t('windowChange')}</button> : null}
      {hours ? <WindowDialog task={task} stop={stop} onClose={() => setHours(false)} /> : null}
      {task.locked ? <button type="button" className="btn sm" onClick={() => onUnlock(task.id)}>{t('unlock')}</button> : (
        <>
          {!wished(task) && (violation.kind === 'over_shift' || violation.kind === 'leave' || violation.kind === 'rest' || violation.kind === 'closed' || violation.kind === 'end_late' || violation.kind === 'most_visits' || violation.kind === 'most_km') ? <button type="button" className="btn sm" onClick={() => onDay(task.id, next)}>{t('toDay', { day: format.dayWeek(next) })}</button> : null}
          {!best ? <button type="button" className="btn sm ghost" onClick={() => onPool(task.id)}>{t('toPool')}</button> : null}
        </>
      )}
    </span>
  );
}
