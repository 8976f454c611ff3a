import type { EquipmentPage } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { useCached } from '../../app/cached.ts';
import { useField } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { EquipmentFacts } from './OrderScreen.tsx';
import { History } from './facts.tsx';
import { ordersText } from './text.ts';
import './orders.css';

/** What a scanned label says: from the phone for the customers of today, else from the server. */
export function EquipmentScreen({ label }: { label: string }) {
  const t = useT(ordersText);
  const { snapshot } = useField();
  const carried = snapshot?.equipment?.find((one) => one.equipment.label === label);
  const { data, problem } = useCached(`equipment/${label}`, () => client.get<EquipmentPage>('/equipment/labels/{label}', { params: { label } }));
  const found = data ?? carried;
  return (
    <Page title={found?.equipment.name ?? t('equipmentTitle')} sub={found?.equipment.customer.name} backTo="/">
      {found ? (
        <>
          <EquipmentFacts equipment={found.equipment} />
          <h2 className="h3">{t('ordersOf')}</h2>
          <History orders={found.orders} />
        </>
      ) : data === null || problem ? <Empty title={t('notHere')} text={t('notHereText')} action={<Link className="textlink" to="/">{t('toToday')}</Link>} /> : null}
    </Page>
  );
}
