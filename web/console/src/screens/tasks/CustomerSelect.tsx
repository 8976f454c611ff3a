import { useQuery } from '@tanstack/react-query';
import { api, type Customer, type Id, type Page } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Select } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { tasksText } from './text';

/** Customers by name, searched on the server. */
export function CustomerSelect({ label, value, chosen, onChange }: { label: string; value: Id | undefined; chosen: Customer | undefined; onChange(id: Id): void }) {
  const t = useT(tasksText);
  const [text, setText] = useState('');
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: ['customers', 'choose', settled],
    queryFn: async () => (await api.get<Page<Customer>>('/customers', { query: { q: settled, limit: 30 } })).items,
    placeholderData: (old) => old,
  });
  const options = useMemo(() => {
    const rows = found.data ?? [];
    const all = chosen && !rows.some((one) => one.id === chosen.id) ? [chosen, ...rows] : rows;
    return all.map((one) => ({ value: one.id, label: one.name }));
  }, [found.data, chosen]);
  return (
    <Select
      aria-label={label}
      placeholder={t('customerChoose')}
      value={value}
      options={options}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={found.isFetching}
      onChange={onChange}
    />
  );
}
