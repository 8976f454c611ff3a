import { Link, useSearch } from '@tanstack/react-router';
import { newId, toProblem, type Id, type Plan, type Point } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import type { StopMark } from '@tashi/shared/map';
import { Icon, toast } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { useActiveEmployees, useDepartmentOptions } from '../../kit/refs';
import { words } from '../../kit/search';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewSwitch } from '../board/ViewSwitch';
import { CustomerPool } from './CustomerPool';
import { DayPlans } from './DayPlans';
import { EMPTY_DRAFT, filterPool, moved, toggled, type Draft, type PoolFilter } from './draft';
import { PlanEditor } from './PlanEditor';
import { PlanMap } from './PlanMap';
import { PlanView } from './PlanView';
import type { RouteStop } from './RouteList';
import type { PlanningSearch } from './search';
import { planningText } from './text';
import { useChangePlan, useCreatePlan, useCustomerPoints, useDayPlans, useRoutePreview } from './usePlanning';
import './planning.css';

const STOP_STATE: Partial<Record<Plan['tasks'][number]['status'], StopMark['state']>> = {
  done: 'done', on_site: 'now', overdue: 'late', skipped: 'skipped', cancelled: 'skipped',
};

/** Is tomorrow good, and what must I decide? Customers left, way in the middle, the plan right. */
export function PlanningScreen() {
  const t = useT(planningText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/planning' });
  const patch = useSearchPatch<PlanningSearch>();
  const canWrite = useCan('task.write');
  const today = format.today();
  const day = search.day ?? addDays(today, 1);
  const employees = useActiveEmployees();
  const departments = useDepartmentOptions();
  const points = useCustomerPoints();
  const plans = useDayPlans(day, search.department);
  const [filter, setFilter] = useState<PoolFilter>({ q: '', grades: [], owner: null, due: false });
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const [editing, setEditing] = useState<Plan | null>(null);
  const [planId, setPlanId] = useState(newId);
  const create = useCreatePlan();
  const change = useChangePlan();

  const customers = useMemo(() => words(search.customers), [search.customers]);
  const setCustomers = (next: readonly Id[]) => patch({ customers: next.length ? next.join(',') : undefined }, { replace: true });
  const byId = useMemo(() => new Map(points.data?.items.map((one) => [one.id, one])), [points.data]);
  const places = useMemo(() => new Map<Id, Point>(points.data?.items.map((one) => [one.id, one.at])), [points.data]);
  const pool = useMemo(() => filterPool(points.data?.items ?? [], filter, day), [points.data, filter, day]);
  const opened = plans.data?.find((plan) => plan.id === search.plan) ?? null;
  const viewing = opened && !editing ? opened : null;
  const planned = useMemo(
    () =>
      new Map(
        (plans.data ?? [])
          .filter((plan) => plan.status === 'planned' && plan.id !== editing?.id)
          .flatMap((plan) => plan.tasks.filter((task) => task.status !== 'cancelled').map((task) => [task.customer.id, plan.employee.name] as const)),
      ),
    [plans.data, editing],
  );

  const person = editing?.employee.id ?? search.person;
  const asked = { person, day, window: draft.window, objective: editing?.route.objective ?? draft.objective };
  const preview = useRoutePreview({ ...asked, customers });
  // An order made by hand is timed as it stands, by the same source of travel times.
  const kept = useRoutePreview({ ...asked, customers: draft.manual ? customers : [], keep: true });
  const shown = draft.manual ? kept.route : preview.route;
  // The best order, unless one was made by hand; stops the preview does not know yet follow at the end.
  const order = useMemo(() => {
    if (draft.manual || !preview.route) return customers;
    const known = preview.route.order.filter((id) => customers.includes(id));
    return [...known, ...customers.filter((id) => !known.includes(id))];
  }, [draft.manual, preview.route, customers]);
  const stops = useMemo<RouteStop[]>(() => {
    const legs = new Map(draft.manual && kept.busy ? [] : shown?.legs.map((leg) => [leg.to, leg.meters]));
    return order.map((id) => ({ id, customer: byId.get(id), meters: legs.get(id) ?? null }));
  }, [order, byId, shown, draft.manual, kept.busy]);

  const stopMarks = useMemo<StopMark[]>(
    () =>
      viewing
        ? viewing.tasks.filter((task) => viewing.status === 'cancelled' || task.status !== 'cancelled').flatMap(({ customer, seq, status }) =>
            customer.at ? [{ id: customer.id, seq, at: customer.at, state: STOP_STATE[status] ?? 'todo', name: customer.name, label: customer.name }] : [])
        : order.flatMap((id, i) => {
            const one = byId.get(id);
            return one ? [{ id, seq: i + 1, at: one.at, state: 'todo' as const, name: one.name, label: one.name }] : [];
          }),
    [viewing, order, byId],
  );
  const ways = useMemo(() => {
    if (viewing) return viewing.route.legs.map((leg) => leg.line);
    if (!preview.route) return [];
    if (shown && !(draft.manual && kept.busy)) return shown.legs.map((leg) => leg.line);
    const start = preview.route.legs[0]?.line[0];
    const stops = order.flatMap((id) => {
      const at = places.get(id);
      return at ? [at] : [];
    });
    return [start ? [start, ...stops] : stops];
  }, [viewing, preview.route, shown, draft.manual, kept.busy, order, places]);

  const reset = () => {
    setDraft({ ...EMPTY_DRAFT, window: draft.window, template: draft.template, requirement: draft.requirement, steps: draft.steps });
    setEditing(null);
    setPlanId(newId());
    create.reset();
    change.reset();
  };
  const openPlan = (plan: Plan) => {
    setEditing(null);
    patch({ plan: plan.id, tab: 'plans' });
  };
  const editPlan = (plan: Plan) => {
    setEditing(plan);
    setDraft({ ...EMPTY_DRAFT, window: plan.window, note: plan.note ?? '', manual: false });
    patch({ customers: plan.tasks.filter((task) => task.status !== 'cancelled').map((task) => task.customer.id).join(','), tab: 'pool', plan: plan.id });
  };
  const clear = () => {
    reset();
    patch({ customers: undefined, plan: editing ? editing.id : undefined });
  };
  const save = () => {
    if (!person) return;
    if (editing) {
      change.mutate({ plan: editing, draft, customers: order }, {
        onSuccess: (plan) => {
          toast(t('changed', { name: plan.employee.name }));
          reset();
          patch({ customers: undefined, plan: plan.id, tab: 'plans' });
        },
      });
      return;
    }
    create.mutate({ draft, person, day, customers: order, id: planId }, {
      onSuccess: (plan) => {
        toast(t('saved', { name: plan.employee.name, day: format.dayNear(day), count: plan.tasks.length }));
        reset();
        patch({ customers: undefined, person: undefined, plan: plan.id, tab: 'plans' });
      },
    });
  };

  const tab = search.tab ?? 'pool';
  const past = day < today;
  const conflict = toProblem(change.error ?? '').code === 'version.conflict';
  return (
    <div className="planning">
      <div className="bar plan-bar">
        <ViewSwitch />
        <DayField
          label={t('day')}
          before={t('dayBefore')}
          after={t('dayAfter')}
          value={day}
          onChange={(next) => {
            setEditing(null);
            patch({ day: next === addDays(today, 1) ? undefined : next, plan: undefined });
          }}
        />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <span className="sp" />
        {past ? <span className="s12 m3">{t('past')}</span> : null}
        {canWrite ? (
          <Link to="/tasks" search={{ create: '1', person: search.person }} className="btn">
            <Icon name="bolt" />
            {t('adHoc')}
          </Link>
        ) : null}
      </div>
      <section className="plan-pool">
        <div className="tabs-row" role="tablist" aria-label={t('tabs')}>
          {(['pool', 'plans'] as const).map((one) => (
            <button key={one} type="button" role="tab" aria-selected={one === tab} className={one === tab ? 'on' : ''} onClick={() => patch({ tab: one === 'pool' ? undefined : one }, { replace: true })}>
              {t(one)} <span className="m3">{one === 'pool' ? (points.data ? format.number(pool.length) : '') : plans.data ? format.number(plans.data.length) : ''}</span>
            </button>
          ))}
        </div>
        {tab === 'pool' ? (
          <CustomerPool
            rows={pool}
            pending={points.isPending}
            error={points.data ? null : points.error}
            onRetry={() => void points.refetch()}
            total={points.data?.items.length ?? 0}
            filter={filter}
            onFilter={setFilter}
            person={person}
            chosen={new Set(customers)}
            planned={planned}
            onToggle={(id, on) => {
              if (viewing) patch({ plan: undefined, customers: toggled([], [id], on).join(',') || undefined }, { replace: true });
              else setCustomers(toggled(order, [id], on));
            }}
          />
        ) : (
          <DayPlans
            plans={plans.data ?? []}
            pending={plans.isPending}
            error={plans.data ? null : plans.error}
            onRetry={() => void plans.refetch()}
            day={day}
            selected={search.plan}
            onOpen={openPlan}
          />
        )}
      </section>
      <PlanMap
        day={day}
        pool={viewing ? [] : pool}
        stops={stopMarks}
        route={viewing?.route ?? shown ?? preview.route}
        ways={ways}
        fitKey={viewing ? viewing.id : preview.route && !preview.busy ? `route/${preview.route.order.join()}` : points.data ? 'pool' : ''}
        onToggle={(id) => setCustomers(toggled(order, [id], !order.includes(id)))}
        onAdd={(ids) => setCustomers(toggled(order, ids, true))}
        truncated={points.data?.truncated ?? false}
        choosing={!viewing && canWrite && !past}
      />
      {viewing ? (
        <PlanView plan={viewing} onEdit={() => editPlan(viewing)} onClose={() => patch({ plan: undefined })} />
      ) : canWrite && !past ? (
        <PlanEditor
          plan={editing}
          employees={employees.data}
          person={person}
          onPerson={(next) => patch({ person: next }, { replace: true })}
          draft={draft}
          onDraft={setDraft}
          customers={customers}
          stops={stops}
          route={shown}
          best={draft.manual ? preview.route : null}
          routeBusy={preview.busy || kept.busy}
          routeError={preview.error ?? kept.error}
          onRouteRetry={() => void (preview.error ? preview : kept).retry()}
          byId={byId}
          onMove={(from, to) => {
            setDraft({ ...draft, manual: true });
            setCustomers(moved(order, from, to));
          }}
          onRemove={(id) => setCustomers(toggled(order, [id], false))}
          onRestore={() => setDraft({ ...draft, manual: false })}
          onClear={clear}
          onSave={save}
          saving={create.isPending || change.isPending}
          problem={conflict ? null : create.error ?? change.error}
        />
      ) : (
        <aside className="plan-side"><p className="pool-pad m3">{past ? t('past') : t('readOnly')}</p></aside>
      )}
      {conflict && editing ? (
        <div className="plan-conflict" role="alert">
          <Icon name="warn" size={16} className="fg-problem" />
          <span><b>{t('conflict')}</b> {t('conflictDetail')}</span>
          <button
            type="button"
            className="btn sm"
            onClick={() => {
              void plans.refetch().then((fresh) => {
                change.reset();
                const plan = fresh.data?.find((one) => one.id === editing.id);
                if (plan) editPlan(plan);
              });
            }}
          >
            {t('reload')}
          </button>
        </div>
      ) : null}
    </div>
  );
}
