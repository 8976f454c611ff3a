import { useQuery } from '@tanstack/react-query';
import { api, type Customer, type FieldChoices, type Page } from '@tashi/shared/api';
import type { Target } from '@tashi/shared/forms/index.ts';
import { useT } from '@tashi/shared/i18n';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { objectsText } from './text';

interface Props {
  label: string;
  value: string | null;
  /** Names of what is chosen already, by id. */
  known: Record<string, string>;
  onChange(id: string | null): void;
}

/** A customer, a person, equipment or a product by name. */
export function ReferenceField({ to, ...props }: Props & { to: Target }) {
  if (to === 'customer') return <CustomerField {...props} />;
  if (to === 'employee') return <PersonField {...props} />;
  if (to === 'equipment' || to === 'product') return <ListedField {...props} to={to} />;
  return <output className="m2">{props.value ? (props.known[props.value] ?? props.value) : '—'}</output>;
}

function CustomerField({ label, value, known, onChange }: Props) {
  const t = useT(objectsText);
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
  const options = (found.data ?? []).map((one) => ({ value: one.id, label: one.name }));
  if (value && known[value] && !options.some((one) => one.value === value)) options.unshift({ value, label: known[value] });
  return <Select aria-label={label} placeholder={t('choose')} allowClear value={value ?? undefined} options={options} showSearch={{ filterOption: false, onSearch: setText }} loading={found.isFetching} onChange={(next: string | undefined) => onChange(next ?? null)} />;
}

function PersonField({ label, value, known, onChange }: Props) {
  const t = useT(objectsText);
  const options = [...useOptions(useActiveEmployees().data)];
  if (value && known[value] && !options.some((one) => one.value === value)) options.unshift({ value, label: known[value] });
  return <Select aria-label={label} placeholder={t('choose')} allowClear value={value ?? undefined} options={options} showSearch={{ optionFilterProp: 'label' }} onChange={(next: string | undefined) => onChange(next ?? null)} />;
}

/** From the list that phones carry along. */
function ListedField({ to, label, value, known, onChange }: Props & { to: 'equipment' | 'product' }) {
  const t = useT(objectsText);
  const found = useQuery({ queryKey: ['choices', to], queryFn: ({ signal }) => api.get<FieldChoices>('/field/choices', { query: { to }, signal }), staleTime: 60_000 });
  const options = (found.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }));
  if (value && known[value] && !options.some((one) => one.value === value)) options.unshift({ value, label: known[value] });
  return <Select aria-label={label} placeholder={t('choose')} allowClear value={value ?? undefined} options={options} showSearch={{ optionFilterProp: 'label' }} loading={found.isFetching} onChange={(next: string | undefined) => onChange(next ?? null)} />;
}
