import { useLiveQuery } from 'dexie-react-hooks';
import type { EquipmentPage } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { useCached } from '../../app/cached.ts';
import { useField } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Icon } from '@tashi/shared/ui';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { saveAnswer } from '../../work/record.ts';
import { placeSteps } from '../../work/steps.ts';
import { EquipmentFacts } from './OrderScreen.tsx';
import { History } from './facts.tsx';
import { ordersText } from './text.ts';
import './orders.css';

/** What a scanned label says: from the phone for the customers of today, else from the server. */
export function EquipmentScreen({ label }: { label: string }) {
  const t = useT(ordersText);
  const { owner, snapshot } = useField();
  const point = usePoint(owner, label);
  const carried = snapshot?.equipment?.find((one) => one.equipment.label === label);
  const { data, problem } = useCached(`equipment/${label}`, () => client.get<EquipmentPage>('/equipment/labels/{label}', { params: { label } }));
  const found = data ?? carried;
  return (
    <Page title={found?.equipment.name ?? t('equipmentTitle')} sub={found?.equipment.customer.name} backTo="/">
      {found ? (
        <>
          <EquipmentFacts equipment={found.equipment} manuals={found.manuals} />
          {point ? (
            <div className="mx" style={{ marginTop: 10 }}>
              <button type="button" className="cta" onClick={() => void saving(saveAnswer(point.visit, point.step, { scan: { code: label, typed: false } })).then((ok) => { if (ok) go(`/visit/${point.visit}`); })}><Icon name="okCircle" size={22} weight={2} />{t('toPoint')}</button>
            </div>
          ) : null}
          <h2 className="h3">{t('ordersOf')}</h2>
          <History orders={found.orders} />
        </>
      ) : data === null || problem ? <Empty title={t('notHere')} text={t('notHereText')} action={<Link className="textlink" to="/">{t('toToday')}</Link>} /> : null}
    </Page>
  );
}

/** The point of an open round this label belongs to, when it is its turn: scanned with the phone's own camera it counts too. */
function usePoint(owner: string, label: string): { visit: string; step: string } | undefined {
  return useLiveQuery(async () => {
    for (const visit of await db.visits.where('owner').equals(owner).filter((one) => one.status === 'open').toArray()) {
      const place = placeSteps(visit.steps, visit.answers).find((one) => one.step.point?.code === label && one.state === 'open' && !one.answer.scan);
      if (place) return { visit: visit.id, step: place.step.id };
    }
    return undefined;
  }, [owner, label]);
}
