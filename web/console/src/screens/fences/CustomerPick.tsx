import { useQuery } from '@tanstack/react-query';
import { api, type Customer, type Id, type Page } from '@tashi/shared/api';
import { Select } from 'antd';
import { useMemo, useState } from 'react';

/** A customer found by name, pinyin or code. */
export function CustomerPick({ label, value, name, placeholder, clear, onChange }: {
  label: string;
  value: Id | undefined;
  /** Name of the chosen one, before it was searched for. */
  name?: string;
  placeholder?: string;
  clear?: boolean;
  onChange(customer: Customer | undefined): void;
}) {
  const [text, setText] = useState('');
  const found = useQuery({
    queryKey: ['customers', 'pick', text],
    queryFn: ({ signal }) => api.get<Page<Customer>>('/customers', { query: { q: text || undefined, limit: 20 }, signal }),
    placeholderData: (old) => old,
    staleTime: 30_000,
  });
  const rows = found.data?.items;
  const options = useMemo(() => {
    const all = (rows ?? []).map((one) => ({ value: one.id, label: one.name }));
    return value && name && all.every((one) => one.value !== value) ? [{ value, label: name }, ...all] : all;
  }, [rows, value, name]);
  return (
    <Select<Id>
      aria-label={label}
      placeholder={placeholder}
      value={value}
      allowClear={clear ?? false}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={found.isFetching}
      options={options}
      style={{ width: '100%', minWidth: 0 }}
      onChange={(id) => onChange(rows?.find((one) => one.id === id))}
    />
  );
}
