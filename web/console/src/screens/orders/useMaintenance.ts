import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Id, type MaintenanceDue, type MaintenancePlan, type MaintenancePlanPage, type MaintenanceTerms, type Meter, type MeterPage } from '@tashi/shared/api';

const ROOT = ['maintenance'];

export function useFreshMaintenance() {
  const client = useQueryClient();
  return () => Promise.all([ROOT, ['meters'], ['orders'], ['equipment']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useDues(filter: { equipment_id?: Id; overdue?: boolean }) {
  return useQuery({ queryKey: [...ROOT, 'dues', filter], queryFn: async () => (await api.get<{ items: MaintenanceDue[] }>('/maintenance-dues', { query: filter })).items });
}

export function usePlanPage(id: Id) {
  return useQuery({ queryKey: [...ROOT, 'one', id], queryFn: () => api.get<MaintenancePlanPage>('/maintenance-plans/{id}', { params: { id } }) });
}

export function useSavePlan() {
  const onSuccess = useFreshMaintenance();
  return useMutation({
    mutationFn: ({ id, version, terms }: { id: Id; version: number | null; terms: MaintenanceTerms }) =>
      version === null ? api.post<MaintenancePlan>('/maintenance-plans', { id, terms }) : api.put<MaintenancePlan>('/maintenance-plans/{id}', terms, { params: { id }, version }),
    onSuccess,
  });
}

export function useSkip(id: Id) {
  const onSettled = useFreshMaintenance();
  return useMutation({ mutationFn: (body: { equipment_id: Id; due_on: string | null; due_total: number | null; reason: string }) => api.post<MaintenancePlanPage>('/maintenance-plans/{id}/skip', body, { params: { id } }), onSettled });
}

export function useMeters(id: Id) {
  return useQuery({ queryKey: ['meters', id], queryFn: async () => (await api.get<{ items: MeterPage[] }>('/equipment/{id}/meters', { params: { id } })).items });
}

export function useAddMeter(id: Id) {
  const onSuccess = useFreshMaintenance();
  return useMutation({ mutationFn: (body: { id: Id; name: string; unit: string }) => api.post<Meter>('/equipment/{id}/meters', body, { params: { id } }), onSuccess });
}

export function useReadMeter() {
  const onSuccess = useFreshMaintenance();
  return useMutation({ mutationFn: (body: { id: Id; meter_id: Id; value: number; replaced: boolean }) => api.post<Meter>('/meter-readings', body), onSuccess });
}

export function useWithdrawReading(id: Id) {
  const onSuccess = useFreshMaintenance();
  return useMutation({ mutationFn: (reason: string) => api.post<Meter>('/meter-readings/{id}/withdraw', { reason }, { params: { id } }), onSuccess });
}

/** The terms of a plan, without what the server adds. */
export function termsOf(plan: MaintenancePlan): MaintenanceTerms {
  const { name, type_id, equipment_id, model, equipment_type_id, every, unit, start_on, from_done, meter, meter_every, lead_days, detail, paused } = plan;
  return { name, type_id, equipment_id, model, equipment_type_id, every, unit, start_on, from_done, meter, meter_every, lead_days, detail, paused };
}
