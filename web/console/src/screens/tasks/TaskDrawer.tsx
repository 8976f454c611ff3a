import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, toProblem, type Task } from '@tashi/shared/api';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { whyText } from '@tashi/shared/plan/words.ts';
import { GradeTag, Icon, SkeletonRows, TaskBadge, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { AskReason } from '../../kit/AskReason';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { SkillChips, SkillsField } from '../../kit/Skills';
import { toastChange } from '../../kit/undo';
import { CustomSection } from '../custom/CustomSection';
import { STEP_ICON } from '../planning/StepsEditor';
import { tasksText } from './text';
import { Crew } from './Together';

/** One task: what, where, when, how far, and the way out. */
export function TaskDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const t = useT(tasksText);
  const query = useQuery({ queryKey: ['tasks', id], queryFn: () => api.get<Task>('/tasks/{id}', { params: { id } }) });
  if (query.data) return <TaskCard task={query.data} onClose={onClose} />;
  return (
    <EntityDrawer title={t('detail')} width={480} onClose={onClose}>
      {query.error ? (
        <div className="drawer-pad">
          {toProblem(query.error).status === 404 ? <b>{t('notFound')}</b> : <ProblemView error={query.error} onRetry={query.refetch} />}
        </div>
      ) : (
        <SkeletonRows rows={6} />
      )}
    </EntityDrawer>
  );
}

const OPEN: Task['status'][] = ['new', 'accepted', 'on_the_way', 'overdue'];

/** Somebody more may be sent as long as it has not ended. */
const GOES: Task['status'][] = [...OPEN, 'on_site'];

/** What a task asks for can be said as long as it is still to be made. */
const NEEDS: Task['status'][] = [...OPEN, 'skipped'];

function TaskCard({ task, onClose }: { task: Task; onClose(): void }) {
  const t = useT(tasksText);
  const c = useT(planChangeText);
  const format = useFormat();
  const language = useLanguage();
  const canWrite = useCan('task.write');
  const canLive = useCan('live.read');
  const [cancelling, setCancelling] = useState(false);
  const facts: [string, React.ReactNode][] = [
    [t('employee'), task.employee.name],
    ...(task.crew.length || (canWrite && GOES.includes(task.status)) ? [[t('with'), <Crew key="crew" task={task} canWrite={canWrite && GOES.includes(task.status)} />] as [string, React.ReactNode]] : []),
    [t('when'), `${format.dayWeek(task.day)} ${format.window(task.window)}`],
    [t('order'), task.plan_id ? t('stop', { seq: task.seq }) : t('adHoc')],
    ...(task.eta && OPEN.includes(task.status) ? [[t('eta'), format.time(task.eta)] as [string, React.ReactNode]] : []),
    [t('minStay'), format.duration(task.min_stay_s)],
    [t('address'), <>{task.customer.address ?? '—'} <span className="m3">{t('radius', { meters: format.number(task.customer.radius_m) })}</span></>],
    ...(task.skills.length || (canWrite && NEEDS.includes(task.status)) ? [[t('skills'), <NeededSkills key="skills" task={task} canWrite={canWrite && NEEDS.includes(task.status)} />] as [string, React.ReactNode]] : []),
    ...(task.note ? [[t('note'), task.note] as [string, React.ReactNode]] : []),
    ...(task.reason || task.reason_code ? [[t('reason'), task.reason_code ? whyText(c, task.reason_code, task.reason) : task.reason] as [string, React.ReactNode]] : []),
  ];
  return (
    <EntityDrawer
      width={480}
      label={task.customer.name}
      title={<span className="row"><GradeTag grade={task.customer.grade} />{task.customer.name}</span>}
      subtitle={task.title}
      link={`/tasks?task=${task.id}&from=${task.day}&to=${task.day}`}
      onClose={onClose}
      foot={
        <>
          {task.visit_id ? <Link to="/visits/$id" params={{ id: task.visit_id }} className="btn pri">{t('openVisit')}</Link> : null}
          {canLive ? <Link to="/live" search={{ person: task.employee.id }} className="btn"><Icon name="live" />{t('liveLink')}</Link> : null}
          {canWrite && OPEN.includes(task.status) ? (
            <button type="button" className="btn danger end" onClick={() => setCancelling(true)}>{t('cancel')}</button>
          ) : null}
        </>
      }
    >
      <div className="drawer-pad task-card">
        <div><TaskBadge status={task.status} /></div>
        <dl className="dl task-facts">
          {facts.map(([word, value]) => (
            <div key={word} className="task-fact"><dt>{word}</dt><dd>{value}</dd></div>
          ))}
        </dl>
        <TaskAnswers task={task} canWrite={canWrite} />
        <section>
          <h3 className="s14 w7">{t('steps')}</h3>
          {task.steps.length ? (
            <ul className="task-steps">
              {task.steps.map((step) => (
                <li key={step.id} className="row">
                  <Icon name={STEP_ICON[step.kind]} size={16} className="m3" />
                  <span className="sp">
                    {(language === 'en' && step.title_en) || step.title}
                    {step.options ? <span className="m3 s12 task-options">{step.options.join('·')}</span> : null}
                  </span>
                  <span className="m3 s12 nw">{step.kind === 'photo' && step.min ? `${t('photos', { count: step.min })}·` : ''}{step.mandatory ? t('mandatory') : t('optional')}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="m3">{t('noSteps')}</p>
          )}
        </section>
        <p className="row task-links">
          <Link to="/planning" search={{ day: task.day, plan: task.plan_id ?? undefined, tab: 'plans' }}>{t('planLink')}</Link>
          <Link to="/customers/$id" params={{ id: task.customer.id }}>{t('customerLink')}</Link>
        </p>
      </div>
      {cancelling ? <CancelTask task={task} onClose={() => setCancelling(false)} /> : null}
    </EntityDrawer>
  );
}

/** What the company asks of tasks beside ours; changed in place. */
function TaskAnswers({ task, canWrite }: { task: Task; canWrite: boolean }) {
  const client = useQueryClient();
  return (
    <CustomSection
      noun="task" answers={task.custom} canWrite={canWrite}
      save={async (custom) => {
        client.setQueryData(['tasks', task.id], await api.put<Task>('/tasks/{id}/custom', { custom }, { params: { id: task.id } }));
        await client.invalidateQueries({ queryKey: ['tasks'] });
      }}
    />
  );
}

/** Skills a task asks for: chips, and a field where they may be changed. */
function NeededSkills({ task, canWrite }: { task: Task; canWrite: boolean }) {
  const t = useT(tasksText);
  const common = useT(commonText);
  const client = useQueryClient();
  const [draft, setDraft] = useState<string[] | null>(null);
  const save = useMutation({
    mutationFn: (skills: string[]) => api.put<Task>('/tasks/{id}/skills', { skills }, { params: { id: task.id } }),
    onSuccess: async (next) => {
      client.setQueryData(['tasks', task.id], next);
      setDraft(null);
      await Promise.all([['tasks'], ['plans'], ['board']].map((queryKey) => client.invalidateQueries({ queryKey })));
      // Skills carry no version: what a colleague changed since would be overwritten, so there is no way back.
      toastChange(t('skillsSaved'), null);
    },
  });
  if (draft === null) {
    return (
      <span className="row g6 task-skills">
        {task.skills.length ? <SkillChips skills={task.skills} /> : <span className="m3">{t('skillsNone')}</span>}
        {canWrite ? <button type="button" className="btn link sm" onClick={() => setDraft(task.skills)}>{t('skillsChange')}</button> : null}
      </span>
    );
  }
  return (
    <span className="task-skills-edit">
      <SkillsField label={t('skills')} value={draft} placeholder={t('skillsNone')} onChange={setDraft} />
      <span className="row g6">
        <button type="button" className="btn sm pri" disabled={save.isPending} onClick={() => save.mutate(draft)}>{common('save')}</button>
        <button type="button" className="btn sm" onClick={() => setDraft(null)}>{common('cancel')}</button>
      </span>
      {save.error ? <ProblemView error={save.error} compact /> : null}
    </span>
  );
}

function CancelTask({ task, onClose }: { task: Task; onClose(): void }) {
  const t = useT(tasksText);
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: (reason: string) => api.post<Task>('/tasks/{id}/cancel', { reason }, { params: { id: task.id } }),
    onSuccess: async () => {
      await Promise.all([['tasks'], ['plans'], ['board']].map((queryKey) => client.invalidateQueries({ queryKey })));
      toast(t('cancelled', { customer: task.customer.name }));
      onClose();
    },
  });
  return (
    <AskReason
      title={t('cancelTitle', { name: task.employee.name, customer: task.customer.name })}
      detail={t('cancelDetail', { name: task.employee.name })}
      label={t('cancelReason')}
      placeholder={t('cancelPlaceholder')}
      verb={t('cancelVerb')}
      danger
      busy={cancel.isPending}
      error={cancel.error}
      onRun={(reason) => cancel.mutate(reason)}
      onClose={onClose}
    />
  );
}
