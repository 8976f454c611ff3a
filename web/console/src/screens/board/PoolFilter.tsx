import type { BoardTask } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { useCallback, useMemo } from 'react';
import { FilterMore } from '../../kit/FilterBar';
import { customActive, CustomFilters } from '../custom/list';
import { useCustomFields } from '../custom/useCustomFields';
import { condition, holds } from '../objects/conditions';
import type { BoardSearch } from './search';

/** Keys of the address for the fields of tasks: both nouns may have one of the same name. */
const OF_TASK = 'task.';

/** The fields of tasks as the address names them. */
function useTaskFields(): FormSpec {
  const own = useCustomFields('task');
  return useMemo(() => ({ ...own, fields: own.fields.map((one) => ({ ...one, key: `${OF_TASK}${one.key}` })) }), [own]);
}

/** Does what the address asks of the company's own fields hold for a task and its customer? The same function while that is the same. */
export function useFits(search: BoardSearch): (task: BoardTask) => boolean {
  const customers = useCustomFields('customer');
  const tasks = useTaskFields();
  const asked = JSON.stringify([...customers.fields, ...tasks.fields].map((field) => condition(field, search[`f.${field.key}`])).filter((one) => one !== null));
  return useCallback((task: BoardTask) => (JSON.parse(asked) as NonNullable<ReturnType<typeof condition>>[]).every((one) =>
    (one.field.startsWith(OF_TASK) ? holds({ ...one, field: one.field.slice(OF_TASK.length) }, task.custom) : holds(one, task.customer_custom))), [asked]);
}

/** Narrows what waits by the company's own fields of customers and tasks; nothing where it has none. */
export function PoolFilter({ search, patch }: { search: BoardSearch; patch(change: Partial<BoardSearch>, options?: { replace?: boolean }): void }) {
  const customers = useCustomFields('customer');
  const tasks = useTaskFields();
  if (customers.fields.length + tasks.fields.length === 0) return null;
  return (
    <FilterMore active={customActive(customers, search) + customActive(tasks, search)}>
      <CustomFilters spec={customers} search={search} patch={patch} />
      <CustomFilters spec={tasks} search={search} patch={patch} />
    </FilterMore>
  );
}
