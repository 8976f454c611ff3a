import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import type { Target, Value } from '@tashi/shared/forms/index.ts';
import { useFormat } from '@tashi/shared/i18n';
import { useField } from '../../app/context.tsx';
import { db } from '../../sync/store.ts';
import { useOpenForm } from './context.ts';
import { Choice, type Option } from './inputs.tsx';

/** A customer, a contact of this customer, or a colleague: from what the phone carries along. */
export function Reference({ to, value, label, onChange }: { to: Target; value: Value; label: string; onChange: (value: Value) => void }) {
  const f = useFormat();
  const { owner } = useField();
  const { customer, colleagues } = useOpenForm();
  const customers = useLiveQuery(() => (to === 'customer' ? db.customers.where('owner').equals(owner).toArray() : []), [owner, to]);
  const options = useMemo((): Option[] => {
    if (to === 'customer') return (customers ?? []).map((row) => ({ value: row.id, label: row.customer.name }));
    if (to === 'contact') return (customer?.contacts ?? []).map((one) => ({ value: one.id, label: f.aside(one.name, one.title) }));
    if (to === 'employee') return colleagues.map((one) => ({ value: one.id, label: one.name }));
    return [];
  }, [to, customers, customer, colleagues, f]);
  return <Choice value={value} label={label} many={false} options={options} onChange={onChange} />;
}
