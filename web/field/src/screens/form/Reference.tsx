import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useMemo } from 'react';
import type { Target, Value } from '@tashi/shared/forms/index.ts';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { db } from '../../sync/store.ts';
import { choicesOf, tendChoices } from '../../work/choices.ts';
import { useOpenForm } from './context.ts';
import { Choice, type Option } from './inputs.tsx';
import { formText } from './text.ts';

/** A customer, a contact of this customer, a colleague, equipment or a product: from what the phone carries along. */
export function Reference({ to, value, label, onChange }: { to: Target; value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const online = useOnline();
  const f = useFormat();
  const { owner } = useField();
  const { visit, customer, colleagues } = useOpenForm();
  const listed = to === 'equipment' || to === 'product' ? to : null;
  const customers = useLiveQuery(() => (to === 'customer' ? db.customers.where('owner').equals(owner).toArray() : []), [owner, to]);
  const known = useLiveQuery(() => (listed ? choicesOf(owner, listed) : null), [owner, listed]);
  useEffect(() => {
    // A form that came while the app was open may ask for a list nobody has fetched.
    if (listed && online) void tendChoices(client, owner).catch(() => undefined);
  }, [listed, online, owner]);
  const options = useMemo((): Option[] => {
    if (to === 'customer') return (customers ?? []).map((row) => ({ value: row.id, label: row.customer.name }));
    if (to === 'contact') return (customer?.contacts ?? []).map((one) => ({ value: one.id, label: f.aside(one.name, one.title) }));
    if (to === 'employee') return colleagues.map((one) => ({ value: one.id, label: one.name }));
    const all = known?.items ?? [];
    // What stands at this customer comes first.
    const here = visit ? all.filter((one) => one.customer_id === visit.customer.id) : [];
    return [...here, ...all.filter((one) => !here.includes(one))].map((one) => ({ value: one.id, label: one.name }));
  }, [to, customers, customer, colleagues, known, visit?.customer.id, f]);
  if (listed && known === null) return <p className="hint">{t(online ? 'listComing' : 'listMissing')}</p>;
  return (
    <>
      <Choice value={value} label={label} many={false} options={options} onChange={onChange} />
      {listed && options.length === 0 && known ? <p className="hint">{t(listed === 'product' ? 'noProducts' : 'noEquipment')}</p> : null}
      {known?.more ? <p className="hint">{t('listCut', { count: options.length })}</p> : null}
    </>
  );
}
