import { useQuery } from '@tanstack/react-query';
import {
  api, type Calendar, type CustomerClass, type Department, type Employee, type LocationPolicy, type Page, type Role,
} from '@tashi/shared/api';
import { useMemo } from 'react';
import { useCan } from '../app/session';

// Short lists that many screens choose from. They change rarely; a mutation invalidates its key.
const STALE_MS = 60_000;
const ALL = { limit: 500 };

export function useDepartments() {
  const enabled = useCan('org.read');
  return useQuery({
    queryKey: ['departments'],
    queryFn: async () => (await api.get<Page<Department>>('/departments', { query: ALL })).items,
    staleTime: STALE_MS,
    enabled,
  });
}

export function useRoles() {
  const enabled = useCan('org.read');
  return useQuery({
    queryKey: ['roles'],
    queryFn: async () => (await api.get<Page<Role>>('/roles', { query: ALL })).items,
    staleTime: STALE_MS,
    enabled,
  });
}

export function useCalendars() {
  const enabled = useCan('org.read');
  return useQuery({
    queryKey: ['calendars'],
    queryFn: async () => (await api.get<Page<Calendar>>('/calendars', { query: ALL })).items,
    staleTime: STALE_MS,
    enabled,
  });
}

export function usePolicies() {
  const enabled = useCan('org.read');
  return useQuery({
    queryKey: ['policies'],
    queryFn: async () => (await api.get<Page<LocationPolicy>>('/policies', { query: ALL })).items,
    staleTime: STALE_MS,
    enabled,
  });
}

export function useCustomerClasses() {
  const enabled = useCan('customer.read');
  return useQuery({
    queryKey: ['customer-classes'],
    queryFn: async () => (await api.get<Page<CustomerClass>>('/customer-classes', { query: ALL })).items,
    staleTime: STALE_MS,
    enabled,
  });
}

/** All active employees within reach, for choosing one; sorted by pinyin. */
export function useActiveEmployees() {
  const enabled = useCan('org.read');
  return useQuery({
    queryKey: ['employees', 'active'],
    queryFn: async () => {
      const all: Employee[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Employee> = await api.get('/employees', { query: { status: 'active', limit: 500, cursor } });
        all.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor);
      return all.sort((a, b) => a.pinyin.localeCompare(b.pinyin));
    },
    staleTime: STALE_MS,
    enabled,
  });
}

/** `{value, label}` for selects; employees can also be found by pinyin when `search` is used as filter. */
export function useOptions<T extends { id: string; name: string }>(items: readonly T[] | undefined): { value: string; label: string }[] {
  return useMemo(() => (items ?? []).map((one) => ({ value: one.id, label: one.name })), [items]);
}

export interface DepartmentNode {
  department: Department;
  depth: number;
  children: DepartmentNode[];
}

/** Departments as a tree; those whose parent is outside the reach become roots. */
export function departmentTree(all: readonly Department[]): DepartmentNode[] {
  const nodes = new Map(all.map((one) => [one.id, { department: one, depth: 0, children: [] } as DepartmentNode]));
  const roots: DepartmentNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.department.parent_id ? nodes.get(node.department.parent_id) : undefined;
    (parent ? parent.children : roots).push(node);
  }
  const place = (node: DepartmentNode, depth: number) => {
    node.depth = depth;
    node.children.sort((a, b) => a.department.name.localeCompare(b.department.name, 'zh-CN'));
    for (const child of node.children) place(child, depth + 1);
  };
  roots.sort((a, b) => a.department.name.localeCompare(b.department.name, 'zh-CN'));
  for (const root of roots) place(root, 0);
  return roots;
}

/** The tree as lines from top to bottom. */
export function flattenTree(nodes: readonly DepartmentNode[]): DepartmentNode[] {
  return nodes.flatMap((node) => [node, ...flattenTree(node.children)]);
}

/** Options of a department select in tree order; draw them with `indented`. */
export function useDepartmentOptions(): { value: string; label: string; depth: number }[] {
  const departments = useDepartments();
  return useMemo(
    () =>
      flattenTree(departmentTree(departments.data ?? [])).map((node) => ({
        value: node.department.id,
        label: node.department.name,
        depth: node.depth,
      })),
    [departments.data],
  );
}
