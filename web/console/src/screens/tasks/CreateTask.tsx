import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type Customer, type Day, type Id, type LiveBoard, type Point, type Task } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, StateBadge, toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useEffect, useId, useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { DayField } from '../../kit/DayField';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees } from '../../kit/refs';
import { SkillsField } from '../../kit/Skills';
import { TimeInput } from '../../kit/TimeInput';
import { stepBodies, stepProblem, type StepDraft } from '../planning/draft';
import { StepsEditor } from '../planning/StepsEditor';
import { useTemplates } from '../planning/usePlanning';
import { CustomInputs, useCustomAnswers } from '../custom/CustomInputs';
import { useCustomFields } from '../custom/useCustomFields';
import { CustomerSelect } from './CustomerSelect';
import { nearestPeople } from './nearest';
import { PeopleSelect } from './Together';
import { tasksText } from './text';

/** One stop for one person at once; the server puts it into that day's route. */
export function CreateTask({ person: firstPerson, customer: firstCustomer, day: firstDay, onClose, onCreated }: {
  person: Id | undefined;
  customer: Id | undefined;
  day: Day | undefined;
  onClose(): void;
  onCreated(task: Task): void;
}) {
  const t = useT(tasksText);
  const format = useFormat();
  const client = useQueryClient();
  const canLive = useCan('live.read');
  const employees = useActiveEmployees();
  const templates = useTemplates();
  const today = format.today();
  const [id] = useState(newId);
  const [person, setPerson] = useState(firstPerson);
  const [customer, setCustomer] = useState(firstCustomer);
  const [day, setDay] = useState(firstDay && firstDay >= today ? firstDay : today);
  const [window, setWindow] = useState({ from_minute: 540, to_minute: 1080 });
  const [own, setOwn] = useState(false);
  const [template, setTemplate] = useState<Id | null>(null);
  const [steps, setSteps] = useState<StepDraft[]>([]);
  const [note, setNote] = useState('');
  const [skills, setSkills] = useState<string[]>([]);
  const [others, setOthers] = useState<Id[]>([]);
  const group = useId();
  const asked = useCustomAnswers(useCustomFields('task'), null);
  const [answered, setAnswered] = useState(false);

  const firstTemplate = templates.data?.[0]?.id;
  useEffect(() => {
    if (template === null && firstTemplate) setTemplate(firstTemplate);
    if (templates.data?.length === 0) setOwn(true);
  }, [template, firstTemplate, templates.data]);

  const shop = useQuery({
    queryKey: ['customers', customer],
    queryFn: () => api.get<Customer>('/customers/{id}', { params: { id: customer ?? '' } }),
    enabled: !!customer,
    staleTime: 60_000,
  });
  const people = useMemo(
    () => (employees.data ?? []).map((one) => ({ value: one.id, label: one.name, search: `${one.name} ${one.pinyin}`.toLowerCase() })),
    [employees.data],
  );
  const chosen = employees.data?.find((one) => one.id === person);
  const who = chosen?.name;
  const lacking = chosen ? skills.filter((one) => !chosen.skills.includes(one)) : [];

  const coming = others.filter((one) => one !== person);

  const gaps = [
    customer ? null : 'customer',
    person ? null : 'person',
    window.to_minute > window.from_minute ? null : 'window',
    (own ? !steps.length || steps.some((one) => stepProblem(one)) : !template) ? 'steps' : null,
  ].filter((one): one is 'customer' | 'person' | 'window' | 'steps' => one !== null);

  const create = useMutation({
    mutationFn: () =>
      api.post<Task>('/tasks', {
        id, employee_id: person, customer_id: customer, day, window,
        ...(own ? { steps: stepBodies(steps) } : { template_id: template }),
        ...(note.trim() ? { note: note.trim() } : {}),
        ...(skills.length ? { skills } : {}),
        ...(coming.length ? { with: coming } : {}),
        custom: asked.changed,
      }),
    onSuccess: async (task) => {
      await Promise.all([['tasks'], ['plans'], ['board']].map((queryKey) => client.invalidateQueries({ queryKey })));
      toast(task.crew.length ? t('createdTogether', { customer: task.customer.name, names: format.names([task.employee.name, ...task.crew.map((one) => one.employee.name)]) }) : t('created', { customer: task.customer.name, name: task.employee.name, seq: task.seq }));
      onCreated(task);
    },
  });
  const dirty = !create.isPending && !create.isSuccess && (!!note || answered || skills.length > 0 || others.length > 0 || steps.length > 0 || (!!customer && customer !== firstCustomer));

  return (
    <EntityDrawer
      title={t('createTitle')}
      subtitle={t('createSub')}
      width={480}
      onClose={onClose}
      dirty={dirty}
      foot={
        <button type="button" className="btn pri sp" disabled={gaps.length > 0 || create.isPending} onClick={() => { if (asked.check()) create.mutate(); }}>
          {create.isPending ? t('saving') : gaps.length
            ? t('cannotSave', { what: gaps.map((one) => t(`need.${one}`)).join(t('joiner')) })
            : who ? t('save', { name: who }) : t('saveNobody')}
        </button>
      }
    >
      <div className="drawer-pad task-form">
        <div className="task-field">
          <span>{t('customer')}</span>
          <CustomerSelect label={t('customer')} value={customer} chosen={shop.data} onChange={setCustomer} />
        </div>
        <div className="task-field">
          <span>{t('person')}</span>
          <Select
            aria-label={t('person')}
            placeholder={t('personChoose')}
            value={person}
            options={people}
            showSearch={{ filterOption: (input, option) => option?.search.includes(input.toLowerCase()) ?? false }}
            onChange={setPerson}
          />
          {canLive && customer && day === today && shop.data ? <Nearby at={shop.data.at} chosen={person} onChoose={setPerson} /> : null}
        </div>
        <div className="task-field">
          <span>{t('with')}</span>
          <PeopleSelect label={t('with')} placeholder={t('withNobody')} people={people.filter((one) => one.value !== person)} value={coming} onChange={setOthers} />
          {coming.length ? <span className="m3 s12">{t('withHint')}</span> : null}
        </div>
        <div className="row task-when">
          <div className="task-field">
            <span>{t('day')}</span>
            <DayField label={t('day')} value={day} min={today} onChange={setDay} />
          </div>
          <div className="task-field">
            <span>{t('window')}</span>
            <span className="row g6">
              <TimeInput label={t('windowFrom')} value={window.from_minute} onChange={(from_minute) => setWindow({ ...window, from_minute })} />
              <span aria-hidden="true">–</span>
              <TimeInput label={t('windowTo')} value={window.to_minute} onChange={(to_minute) => setWindow({ ...window, to_minute })} />
            </span>
            {window.to_minute > window.from_minute ? null : <span className="fg-problem s12">{t('windowBad')}</span>}
          </div>
        </div>
        <fieldset className="task-field">
          <legend>{t('requirements')}</legend>
          <div className="row task-kind">
            {[false, true].map((one) => (
              <label key={String(one)} className="row g4">
                <input type="radio" name={group} checked={own === one} onChange={() => setOwn(one)} />
                {t(one ? 'own' : 'template')}
              </label>
            ))}
          </div>
          {own ? <StepsEditor steps={steps} onChange={setSteps} /> : (
            <Select
              aria-label={t('template')}
              value={template ?? undefined}
              options={(templates.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
              onChange={setTemplate}
            />
          )}
        </fieldset>
        <div className="task-field">
          <span>{t('skills')}</span>
          <SkillsField label={t('skills')} value={skills} placeholder={t('skillsNone')} onChange={setSkills} />
          {lacking.length ? <span className="fg-late s12">{t('skillsLacking', { name: who ?? '', skills: format.names(lacking) })}</span> : null}
        </div>
        <label className="task-field">
          <span>{t('noteLabel')}</span>
          <textarea className="plain-input task-note" rows={2} maxLength={500} placeholder={t('notePlaceholder')} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <CustomInputs own={asked} onTouched={() => setAnswered(true)} />
        {create.error ? <ProblemView error={create.error} compact /> : null}
      </div>
    </EntityDrawer>
  );
}

/** Who is near, on demand: it reads positions, and the ledgers of those people say so. */
function Nearby({ at, chosen, onChoose }: { at: Point | null; chosen: Id | undefined; onChoose(id: Id): void }) {
  const t = useT(tasksText);
  const common = useT(commonText);
  const format = useFormat();
  const [asked, setAsked] = useState(false);
  const board = useQuery({
    queryKey: ['live', 'nearby'],
    queryFn: () => api.get<LiveBoard>('/live'),
    enabled: asked && !!at,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  if (!at) return <p className="note">{t('nearestNoPlace')}</p>;
  if (!asked) {
    return (
      <button type="button" className="btn sm task-nearest" title={t('nearestHint')} onClick={() => setAsked(true)}>
        <Icon name="locate" size={14} />
        {t('nearest')}
      </button>
    );
  }
  if (board.error) return <ProblemView error={board.error} onRetry={board.refetch} compact />;
  if (!board.data) return <p className="note">{common('loading')}</p>;
  const near = nearestPeople(board.data.people, at);
  if (!near.length) return <p className="note">{t('nearestNone')}</p>;
  return (
    <ul className="task-near">
      {near.map(({ person, meters }) => (
        <li key={person.employee.id}>
          <button type="button" className={person.employee.id === chosen ? 'on' : ''} aria-pressed={person.employee.id === chosen} onClick={() => onChoose(person.employee.id)}>
            <Avatar name={person.employee.name} state={person.state} size="sm" />
            <b>{person.employee.name}</b>
            <StateBadge state={person.state} />
            <span className="end m3 s12">{t('away', { distance: format.distance(meters) })}·{t('stopsLeft', { count: Math.max(0, person.total - person.done) })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
