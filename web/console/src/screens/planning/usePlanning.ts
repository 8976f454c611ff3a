import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type CustomerPoints, type Day, type Id, type Objective, type Page, type Plan, type Route, type TaskTemplate, type Window } from '@tashi/shared/api';
import { useEffect, useState } from 'react';
import { useCan } from '../../app/session';
import { templatesQuery } from '../designer/useTemplates';
import { stepBodies, type Draft } from './draft';

/** Every customer with a place; filtered in the page, so that typing and the map stay quick. */
export function useCustomerPoints() {
  return useQuery({
    queryKey: ['customers', 'points', 'planning'],
    queryFn: () => api.get<CustomerPoints>('/customers/points'),
    enabled: useCan('customer.read'),
    staleTime: 60_000,
  });
}

/** Plans of one day. */
export function useDayPlans(day: Day, department: Id | undefined) {
  return useQuery({
    queryKey: ['plans', 'day', day, department ?? 'all'],
    queryFn: async () => {
      const all: Plan[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Plan> = await api.get('/plans', { query: { day_from: day, day_to: day, department_id: department, limit: 200, cursor } });
        all.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor);
      return all;
    },
  });
}

const inUse = (all: readonly TaskTemplate[]) => all.filter((one) => one.active);

/** Templates a plan can be made from. */
export function useTemplates() {
  return useQuery({ ...templatesQuery, select: inUse });
}

const SETTLE_MS = 250;

/**
 * The best route for these stops, or with `keep` the one in just this order, asked for when the choice has settled; the old
 * one stays until then.
 */
export function useRoutePreview(input: { person: Id | undefined; day: Day; customers: readonly Id[]; window: Window; objective: Objective; keep?: boolean }) {
  const canWrite = useCan('task.write');
  // Where the order does not matter to the question, it must not matter to the cache.
  const wanted = JSON.stringify({ ...input, customers: input.keep ? input.customers : [...input.customers].sort() });
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { person, day, customers, window, objective, keep } = JSON.parse(settled) as typeof input;
  const query = useQuery({
    queryKey: ['routes', 'preview', settled],
    queryFn: ({ signal }) =>
      api.post<Route>('/routes/preview', { employee_id: person, day, customer_ids: customers, window, objective, ...(keep ? { keep_order: true } : {}) }, { signal }),
    enabled: canWrite && !!person && customers.length > 0 && window.to_minute > window.from_minute,
    placeholderData: (old) => old,
    staleTime: Infinity,
    retry: false,
  });
  const needed = !!input.person && input.customers.length > 0;
  return {
    route: needed && !query.error ? query.data ?? null : null,
    error: needed ? query.error : null,
    busy: needed && (query.isFetching || settled !== wanted),
    retry: query.refetch,
  };
}

/** Creates a plan. The id is made here, so a repeated attempt makes no second plan. */
export function useCreatePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, person, day, customers, id }: { draft: Draft; person: Id; day: Day; customers: readonly Id[]; id: Id }) =>
      api.post<Plan>('/plans', {
        id,
        employee_id: person,
        day,
        window: draft.window,
        customer_ids: customers,
        objective: draft.objective,
        ...(draft.requirement === 'template' ? { template_id: draft.template } : { steps: stepBodies(draft.steps) }),
        ...(draft.manual ? { keep_order: true } : {}),
        ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
      }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['plans'] }), client.invalidateQueries({ queryKey: ['tasks'] })]),
  });
}

export function useChangePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ plan, draft, customers }: { plan: Plan; draft: Draft; customers: readonly Id[] }) =>
      api.patch<Plan>(
        '/plans/{id}',
        { customer_ids: customers, keep_order: draft.manual, window: draft.window, note: draft.note.trim() || null },
        { params: { id: plan.id }, version: plan.version },
      ),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['plans'] }), client.invalidateQueries({ queryKey: ['tasks'] })]),
  });
}

export function useCancelPlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ plan, reason, locked }: { plan: Plan; reason: string; locked?: 'keep' | 'cancel' }) =>
      api.post<Plan>('/plans/{id}/cancel', { reason, ...(locked ? { locked } : {}) }, { params: { id: plan.id } }),
    // One that was locked meanwhile is asked about too.
    onSettled: () => Promise.all([['plans'], ['tasks'], ['board']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

