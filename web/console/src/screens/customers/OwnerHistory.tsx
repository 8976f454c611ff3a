import { useQuery } from '@tanstack/react-query';
import { api, type Ownership } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { customersText } from './text';

/** Who had the customer from when to when, and why. */
export function OwnerHistory({ customerId }: { customerId: string }) {
  const t = useT(customersText);
  const format = useFormat();
  const list = useQuery({
    queryKey: ['customer360', customerId, 'owners'],
    queryFn: async ({ signal }) => (await api.get<{ items: Ownership[] }>('/customers/{id}/owners', { params: { id: customerId }, signal })).items,
  });
  if (!list.data?.length) return null;
  return (
    <section>
      <h3>{t('owners')}</h3>
      <ul className="owner-history">
        {list.data.map((one) => (
          <li key={`${one.from}-${one.owner?.id}`} className="s12">
            <b>{one.owner?.name ?? t('noOwner')}</b>
            <span className="m2">{one.from ? format.dateTime(one.from) : t('ownerBefore')} – {one.to ? format.dateTime(one.to) : t('ownerNow')}</span>
            <span className="m2">{format.dots([one.reason ?? t(`ownerCause.${one.cause}`), one.by?.name ?? null])}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
