import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, newId, type Basemap, type Customer, type Department, type Employee, type Page, type Point, type Role, type Task } from '@tashi/shared/api';
import { useGrades } from '@tashi/shared/grades.ts';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useCan, useMe } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useStored } from '../../kit/stored';
import { firstText } from './firstText';

const KEY = ['first-steps'];
/** Where the examples stand when the company's map shows no town yet. */
const TOWN: Point = [118.778, 32.044];
/** How far they stand from its middle, degrees. */
const AROUND: readonly Point[] = [[0.004, 0.003], [-0.007, 0.002], [0.011, -0.006], [-0.003, -0.009], [0.008, 0.011], [-0.012, 0.008]];
/** Places of their grades in the company's list. */
const RANKS = [0, 1, 1, 2, 2, 2];

interface Standing {
  people: boolean;
  customers: boolean;
  plan: boolean;
}

async function standing(): Promise<Standing> {
  const some = { limit: 2 };
  const [people, customers, tasks] = await Promise.all([
    api.get<Page<Employee>>('/employees', { query: some }),
    api.get<Page<Customer>>('/customers', { query: some }),
    api.get<Page<Task>>('/tasks', { query: some }),
  ]);
  // The administrator of the wizard is one.
  return { people: people.items.length > 1, customers: customers.items.length > 0, plan: tasks.items.length > 0 };
}

/**
 * The way from an empty company to its first plan, for whoever sets it up: what is there, the one next action, and examples
 * for those who want to try first. Gone once the first plan is there, or when it is put away.
 */
export function FirstSteps() {
  const me = useMe();
  const setsUp = useCan('company.write');
  const plans = useCan('task.write');
  const [over, setOver] = useStored(`tashi.first-steps.${me.company.id}`, false);
  const asked = setsUp && plans && !over && !me.company.demo;
  const steps = useQuery({ queryKey: KEY, queryFn: standing, enabled: asked, staleTime: 5_000, refetchInterval: 30_000 });
  if (!asked || !steps.data || steps.data.plan) return null;
  return <Steps done={steps.data} onOver={() => setOver(true)} />;
}

function Steps({ done, onOver }: { done: Standing; onOver(): void }) {
  const t = useT(firstText);
  const format = useFormat();
  const client = useQueryClient();
  const grades = useGrades();
  const me = useMe();
  const examples = useMutation({
    mutationFn: () => makeExamples(done, me.employee.department.id, [t('example.person'), ...(['1', '2', '3', '4', '5', '6'] as const).map((n) => t(`example.shop${n}`))], t('example.tag'), t('example.note'), grades),
    onSuccess: () => toast(t('example.made')),
    onSettled: () => Promise.all([KEY, ['customers'], ['employees'], ['departments'], ['home']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const all = [
    { key: 'people', to: '/people', search: { import: 'start' }, done: done.people },
    { key: 'customers', to: '/customers', search: { import: 'start' }, done: done.customers },
    { key: 'plan', to: '/planning', search: {}, done: done.plan },
  ] as const;
  const next = all.find((one) => !one.done)?.key;
  return (
    <section className="card home-first" aria-label={t('title')}>
      <div className="row g8">
        <h2 className="s16 w7">{t('title')}</h2>
        <span className="s12 m3">{t('progress', { done: format.number(all.filter((one) => one.done).length), all: format.number(all.length) })}</span>
        <span className="sp" />
        <button type="button" className="icb small" aria-label={t('putAway')} title={t('putAway')} onClick={onOver}><Icon name="close" size={15} /></button>
      </div>
      <ol>
        {all.map((one, index) => (
          <li key={one.key} className={one.done ? 'done' : one.key === next ? 'now' : undefined} aria-current={one.key === next ? 'step' : undefined}>
            <span className="home-first-mark" aria-hidden="true">{one.done ? <Icon name="check" size={14} weight={2.6} /> : format.number(index + 1)}</span>
            <span className="stack">
              <b>{t(one.key)}{one.done ? <span className="s12 fg-visit"> {t('there')}</span> : null}</b>
              <span className="s12 m2">{t(`${one.key}Detail`)}</span>
              {one.done ? null : (
                <Link to={one.to} search={one.search as never} className={one.key === next ? 'btn pri sm' : 'btn sm'}>{t(`${one.key}Do`)}</Link>
              )}
            </span>
          </li>
        ))}
      </ol>
      {done.people && done.customers ? null : (
        <p className="row g8 s12 m2">
          <button type="button" className="btn sm" disabled={examples.isPending} onClick={() => examples.mutate()}>{t('example.do')}</button>
          <span>{t('example.detail')}</span>
        </p>
      )}
      {examples.error ? <ProblemView error={examples.error} compact /> : null}
    </section>
  );
}

/** A person and six shops to try with, made as anybody makes them: they are found by their tag and archived like others. */
async function makeExamples(done: Standing, department_id: string, [person, ...shops]: string[], tag: string, note: string, grades: readonly string[]): Promise<void> {
  let owner: string | null = null;
  if (!done.people) {
    const [roles, departments] = await Promise.all([api.get<{ items: Role[] }>('/roles'), api.get<{ items: Department[] }>('/departments')]);
    const role = roles.items.find((one) => one.key === 'rep');
    const department = departments.items.find((one) => one.id === department_id) ?? departments.items[0];
    if (role && department) {
      owner = newId();
      await api.post('/employees', { id: owner, name: person, role_id: role.id, department_id: department.id });
    }
  }
  if (done.customers) return;
  const basemap = await api.get<Basemap>('/basemap');
  const middle = basemap.zoom >= 9 ? basemap.centre : TOWN;
  for (const [index, name] of shops.entries()) {
    const [east, north] = AROUND[index % AROUND.length]!;
    await api.post('/customers', {
      id: newId(), name, grade: grades[Math.min(grades.length - 1, RANKS[index] ?? 0)], tags: [tag], note, at: [middle[0] + east, middle[1] + north], datum: 'wgs84', ...(owner ? { owner_id: owner } : {}),
    });
  }
}
