import { Link } from '@tanstack/react-router';
import type { Target } from '@tashi/shared/forms/index.ts';
import { bytesText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import type { Told } from './RecordsTab';
import { designerText } from './text';

/** Files of an answer, each to be opened; one that has not arrived says so. */
export function FileAnswer({ ids, record }: { ids: readonly string[]; record: Told }) {
  const t = useT(designerText);
  return (
    <ul className="record-files">
      {ids.map((id) => {
        const file = record.files?.find((one) => one.id === id);
        return (
          <li key={id} className="row g6">
            <Icon name="file" size={15} className="m3" />
            {file && record.fileUrl ? <><a href={record.fileUrl(id)} target="_blank" rel="noreferrer">{file.name}</a><span className="s12 m3 nw">{bytesText(file.size)}</span></> : <span className="m3">{record.files ? t('fileWaiting') : t('kind.file')}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** What an answer refers to, as a way to it where there is a page of it. */
export function ReferenceAnswer({ to, id, name }: { to: Target; id: string; name: string | undefined }) {
  const canOrders = useCan('order.read');
  const canCustomers = useCan('customer.read');
  if (name === undefined) return <span className="mono s12">{id}</span>;
  if (to === 'customer' && canCustomers) return <Link to="/customers/$id" params={{ id }}>{name}</Link>;
  if (to === 'equipment' && canOrders) return <Link to="/orders/equipment" search={{ piece: id }}>{name}</Link>;
  if (to === 'product') return <Link to="/business/$key" params={{ key: 'product' }} search={{ record: id }}>{name}</Link>;
  return <>{name}</>;
}
