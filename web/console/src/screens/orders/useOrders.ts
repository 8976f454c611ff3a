import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  api, useStreamEvent, type Equipment, type EquipmentPage, type EquipmentType, type EquipmentTypeTerms, type Id, type NewWorkOrder, type OrderDetail, type OrderStatus, type OrderType, type OrderTypeTerms, type Page, type PartRequest, type SparePart, type Stock,
  type UrgentCandidates,
} from '@tashi/shared/api';
import type { IconName, Tone } from '@tashi/shared/ui';

const ROOT = ['orders'];

export const ORDER_LOOK: Record<OrderStatus, { icon: IconName; tone: Tone }> = {
  new: { icon: 'flag', tone: 'late' }, assigned: { icon: 'send', tone: 'idle' }, accepted: { icon: 'check', tone: 'idle' }, on_the_way: { icon: 'navigateFilled', tone: 'moving' },
  on_site: { icon: 'wrench', tone: 'visit' }, paused: { icon: 'clock', tone: 'late' }, finished: { icon: 'signature', tone: 'moving' }, closed: { icon: 'okCircle', tone: 'visit' }, cancelled: { icon: 'xCircle', tone: 'silent' },
};
export const OPEN: OrderStatus[] = ['new', 'assigned', 'accepted', 'on_the_way', 'on_site', 'paused', 'finished'];

/** Whatever moves an order on is seen at once. */
export function useOrderNews() {
  const client = useQueryClient();
  useStreamEvent('task', (news) => {
    if ('order' in news) void client.invalidateQueries({ queryKey: ROOT });
  });
}

export function useFresh() {
  const client = useQueryClient();
  return () => Promise.all([ROOT, ['equipment'], ['stocks'], ['part-requests'], ['stock-moves'], ['tasks'], ['plans']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useOrder(id: Id) {
  return useQuery({ queryKey: [...ROOT, 'one', id], queryFn: () => api.get<OrderDetail>('/orders/{id}', { params: { id } }) });
}

/** Who could go. It reads positions, and the ledgers of those people say so: asked only on demand. */
export function useOrderCandidates(id: Id, enabled: boolean) {
  return useQuery({
    queryKey: ['order-candidates', id], queryFn: () => api.get<UrgentCandidates>('/orders/{id}/candidates', { params: { id } }),
    enabled, staleTime: 60_000, refetchOnWindowFocus: false, retry: false,
  });
}

export function useTakeOrder() {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (body: NewWorkOrder) => api.post<OrderDetail>('/orders', body), onSuccess });
}

export function useAssign(id: Id) {
  const onSettled = useFresh();
  return useMutation({ mutationFn: (body: { id: Id; employee_id: Id; day?: string }) => api.post<OrderDetail>('/orders/{id}/assign', body, { params: { id } }), onSettled });
}

export type Deed = 'return' | 'cancel' | 'close';
export function useDeed(id: Id, deed: Deed) {
  const onSuccess = useFresh();
  const path = { return: '/orders/{id}/return', cancel: '/orders/{id}/cancel', close: '/orders/{id}/close' } as const;
  return useMutation({ mutationFn: (reason: string) => api.post<OrderDetail>(path[deed], { reason }, { params: { id } }), onSuccess });
}

export function useOrderTypes(enabled = true) {
  return useQuery({ queryKey: ['order-types'], enabled, queryFn: async () => (await api.get<{ items: OrderType[] }>('/order-types')).items, staleTime: 60_000 });
}

export function useSaveType() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, terms }: { id: Id; version: number | null; terms: OrderTypeTerms }) =>
      version === null ? api.post<OrderType>('/order-types', { id, terms }) : api.put<OrderType>('/order-types/{id}', terms, { params: { id }, version }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['order-types'] }),
  });
}

export function useEquipmentOf(customer: Id | undefined) {
  return useQuery({
    queryKey: ['equipment', 'of', customer], enabled: !!customer,
    queryFn: async () => (await api.get<Page<Equipment>>('/equipment', { query: { customer_id: customer, limit: 200 } })).items,
  });
}

/** The company's own list of equipment types, retired ones last. */
export function useEquipmentTypes() {
  return useQuery({ queryKey: ['equipment-types'], queryFn: async () => (await api.get<{ items: EquipmentType[] }>('/equipment-types')).items, staleTime: 60_000 });
}

export function useSaveEquipmentType() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, terms }: { id: Id; version: number | null; terms: EquipmentTypeTerms }) =>
      version === null ? api.post<EquipmentType>('/equipment-types', { id, terms }) : api.put<EquipmentType>('/equipment-types/{id}', terms, { params: { id }, version }),
    onSuccess: () => Promise.all([['equipment-types'], ['equipment']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export function usePiece(id: Id) {
  return useQuery({ queryKey: ['equipment', 'one', id], enabled: !!id, queryFn: () => api.get<EquipmentPage>('/equipment/{id}', { params: { id } }) });
}

export function useParts() {
  return useQuery({ queryKey: ['parts'], queryFn: async () => (await api.get<Page<SparePart>>('/parts', { query: { limit: 200 } })).items });
}
export function useStocks() {
  return useQuery({ queryKey: ['stocks'], queryFn: async () => (await api.get<{ items: Stock[] }>('/stocks')).items });
}
export function usePartRequests() {
  return useQuery({ queryKey: ['part-requests'], queryFn: async () => (await api.get<{ items: PartRequest[] }>('/part-requests')).items });
}
