import type { BoardLeftOut, BoardPerson, BoardTask, Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { whyText } from '@tashi/shared/plan/words.ts';
import { GradeTag, Icon } from '@tashi/shared/ui';
import { memo, useState, type PointerEvent, type ReactNode } from 'react';
import { SkillChips } from '../../kit/Skills';
import { whomWords } from './Row';
import { boardText } from './text';

type Part = 'all' | BoardTask['place'];

/** What waits: open requests, tasks of the day without a plan, missed visits, customers due by a rule, and what was taken out of somebody's day. */
export const Pool = memo(function Pool({ tasks, people, leftOut, chosen, canWrite, past, skill, skills, onSkill, filter, onChoose, onGrab }: {
  tasks: readonly BoardTask[];
  people: readonly BoardPerson[];
  leftOut: ReadonlyMap<Id, BoardLeftOut>;
  chosen: Id | null;
  canWrite: boolean;
  past: boolean;
  /** The skill the board is narrowed to, and every word it could be. */
  skill: string | undefined;
  skills: readonly string[];
  onSkill(next: string | undefined): void;
  /** Narrows it by the company's own fields. */
  filter: ReactNode;
  onChoose(id: Id): void;
  onGrab(event: PointerEvent, id: Id): void;
}) {
  const t = useT(boardText);
  const c = useT(planChangeText);
  const format = useFormat();
  const [part, setPart] = useState<Part>('all');
  const count = (one: Part) => (one === 'all' ? tasks.length : tasks.filter((task) => task.place === one).length);
  const shown = part === 'all' ? tasks : tasks.filter((task) => task.place === part);
  const nameOf = (id: Id | null | undefined) => people.find((one) => one.id === id)?.name;
  const why = (task: BoardTask): string => {
    const left = leftOut.get(task.id);
    const near = nameOf(left?.employee_id);
    if (left) return format.dots([t('left', { reason: t(`left.${left.reason}`) }), near && left.reason !== 'nobody' && t('left.near', { name: near })]);
    if (task.due) {
      const { rule, standing, wanted, until, last_visit_day } = task.due;
      return format.dots([t('dueOf', { rule, standing, wanted }), t('dueUntil', { day: format.day(until) }), last_visit_day ? t('dueLast', { day: format.day(last_visit_day) }) : t('dueNever')]);
    }
    if (task.urgent) {
      const { priority, latest_at, taken_at } = task.urgent;
      return format.dots([t(`urgent.${priority as 1 | 2 | 3}`), task.title, latest_at ? t('urgentBy', { time: format.time(latest_at) }) : t('urgentSince', { time: format.time(taken_at) })]);
    }
    const whole = task.window.to_minute - task.window.from_minute >= 8 * 60;
    return format.dots([
      task.place === 'missed' ? t('missedOn', { day: format.day(task.day) }) : t('waitingOf', { name: task.employee.name }),
      !whole && format.window(task.window),
      task.place === 'missed' && (task.reason_code ? whyText(c, task.reason_code, task.reason) : task.reason),
    ]);
  };
  return (
    <section className="bpool" aria-label={t('pool')} data-drop="pool">
      <div className="hd bpool-head"><h2>{t('pool')}</h2><span className="sub">{format.number(tasks.length)}</span><span className="sp" />{filter}</div>
      <div className="bpool-parts" role="group" aria-label={t('pool')}>
        {(['all', 'urgent', 'waiting', 'missed', 'due', 'planned'] as const).filter((one) => one === 'all' || count(one) > 0).map((one) => (
          <button key={one} type="button" className={one === part ? 'chip on' : 'chip'} aria-pressed={one === part} onClick={() => setPart(one)}>
            {t(`pool.${one}`)} <b>{format.number(count(one))}</b>
          </button>
        ))}
      </div>
      {skills.length ? (
        <label className="bpool-skill">
          <span className="m3">{t('skill')}</span>
          <select value={skill ?? ''} onChange={(event) => onSkill(event.target.value || undefined)}>
            <option value="">{t('skillAny')}</option>
            {skills.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </label>
      ) : null}
      <ul className="bpool-list">
        {shown.map((task) => (
          <li key={task.id}>
            <button
              type="button"
              className={chosen === task.id ? 'bitem on' : 'bitem'}
              aria-pressed={chosen === task.id}
              data-pool={task.id}
              onClick={() => onChoose(task.id)}
              onPointerDown={canWrite ? (event) => onGrab(event, task.id) : undefined}
            >
              <span className="row g6">{task.urgent ? <Icon name="warn" size={14} weight={2} className={task.urgent.priority > 1 ? 'fg-problem' : 'fg-late'} /> : null}<GradeTag grade={task.customer.grade} /><b className="clip sp">{task.customer.name}</b>{task.locked ? <Icon name="lock" size={13} /> : null}{canWrite ? <Icon name="grip" size={14} className="m3" /> : null}</span>
              <span className={leftOut.has(task.id) ? 'bitem-why clip fg-problem' : 'bitem-why clip'}>{why(task)}</span>
              {task.skills.length ? <SkillChips skills={task.skills} /> : null}
              {whomWords(t, format, task) ? <span className="bitem-why clip">{whomWords(t, format, task)}</span> : null}
            </button>
          </li>
        ))}
      </ul>
      {tasks.length ? null : <div className="empty bpool-empty"><Icon name="okCircle" size={24} /><b>{t(past ? 'poolPast' : 'poolEmpty')}</b>{past ? null : <p>{t('poolEmptyDetail')}</p>}</div>}
      {canWrite ? <p className="bpool-hint m3"><Icon name="info" size={14} /><span>{t('poolHint')}</span></p> : null}
    </section>
  );
});
