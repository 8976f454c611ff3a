import { useLiveQuery } from 'dexie-react-hooks';
import Dexie from 'dexie';
import { Suspense, lazy, useEffect, useState } from 'react';
import type { UrgentCall } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, toast } from '@tashi/shared/ui';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { acceptUrgent, isAnswer, refuseUrgent } from '../../work/record.ts';
import { urgentText } from './urgentText.ts';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));

/** Calls that shook the phone since the app was opened. */
const shaken = new Set<string>();

/** What this phone has of the person's answer. */
interface Said {
  yes: boolean;
  state: 'waiting' | 'taken' | 'late';
}

/** Urgent tasks this person is asked to take: first on the screen, with the time that is left. */
export function UrgentCards({ owner, calls, online }: { owner: string; calls: readonly UrgentCall[]; online: boolean }) {
  const answers = useLiveQuery(async () => {
    const rows = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey]).filter((row) => isAnswer(row.kind)).toArray();
    return new Map(rows.map((row): [string, Said] => [(row.body as { offer_id: string }).offer_id, {
      yes: row.kind === 'urgent.accept',
      state: row.status === 'receipted' ? 'taken' : row.status === 'refused' || row.status === 'set_aside' ? 'late' : 'waiting',
    }]));
  }, [owner]);
  if (!answers) return null;
  return calls.map((call) => <UrgentCard key={call.id} owner={owner} call={call} said={answers.get(call.id) ?? null} online={online} />);
}

function UrgentCard({ owner, call, said, online }: { owner: string; call: UrgentCall; said: Said | null; online: boolean }) {
  const t = useT(urgentText);
  const f = useFormat();
  const now = useNow(1000);
  const [refusing, setRefusing] = useState(false);
  const left = Math.max(0, Math.round((Date.parse(call.expires_at) - now) / 1000));
  const over = left === 0 && (!said || said.state === 'waiting');
  useEffect(() => {
    if (said || shaken.has(call.id)) return;
    shaken.add(call.id);
    navigator.vibrate?.([200, 80, 200]);
  }, [call.id, said]);
  // What was refused and has arrived is over for this person.
  if (said?.state === 'taken' && !said.yes) return null;
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  const { customer, moved } = call;
  return (
    <section className={over || said?.state === 'late' ? 'card mx urgent over' : 'card mx urgent'} aria-label={t('label', { name: customer.name })}>
      <div className="row urgent-head">
        <Icon name="bolt" size={20} weight={2} />
        <b>{t(`priority.${call.priority === 3 ? 3 : call.priority === 2 ? 2 : 1}`)}</b>
        <span className="sp" />
        {said || over ? null : <span className="urgent-left" role="timer" aria-label={t('left', { clock })}>{clock}</span>}
      </div>
      <h2 className="row g6">{customer.grade ? <GradeTag grade={customer.grade} /> : null}<span>{customer.name}</span></h2>
      <p className="urgent-what">{call.title}{call.note ? <span className="m2"> · {call.note}</span> : null}</p>
      <p className="d">{[customer.address, call.line_m === null ? null : t('line', { distance: f.distance(call.line_m) }), t('takes', { minutes: call.service_minutes })].filter(Boolean).join(' · ')}</p>
      <p className="d">
        {call.eta ? t('eta', { time: f.time(call.eta) }) : null}
        {call.latest_at ? <b className="fg-late"> {t('latest', { time: f.time(call.latest_at) })}</b> : null}
      </p>
      <p className="d">{moved.length === 0 ? t('movesNothing') : moved.map((one) => t(one.handed_over ? 'handedOver' : 'later', { name: one.customer })).join(t('joiner'))}</p>
      {said?.state === 'late' ? <p className="say late"><Icon name="info" size={20} />{t('late')}</p>
        : over ? <p className="say late"><Icon name="info" size={20} />{t(said ? 'overUnsent' : 'over')}</p>
        : said?.state === 'waiting' ? <p className="say" role="status"><Icon name="sync" size={20} />{t(said.yes ? (online ? 'sending' : 'waitsYes') : 'waitsNo', { time: f.time(call.expires_at) })}</p>
        : said ? <p className="say" role="status"><Icon name="okCircle" size={20} />{t('accepted')}</p>
        : (
          <>
            {online ? null : <p className="say late"><Icon name="info" size={20} />{t('offline', { time: f.time(call.expires_at) })}</p>}
            <div className="row urgent-do">
              <button type="button" className="cta" onClick={() => void saving(acceptUrgent(owner, call))}><Icon name="check" size={22} weight={2} />{t('accept')}</button>
              <button type="button" className="cta sec" onClick={() => setRefusing(true)}>{t('refuse')}</button>
            </div>
            <p className="m3 urgent-by">{call.by ? t('by', { name: call.by }) : t('byRule')}</p>
          </>
        )}
      {refusing ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t('refuseTitle', { name: customer.name })} reasons={[t('refuseBusy'), t('refuseFar'), t('refuseCar'), t('refuseParts'), t('refuseOther')]}
            ownWords={t('refuseWhy')} confirmText={t('refuseDo')} onClose={() => setRefusing(false)}
            onReason={async (reason) => {
              setRefusing(false);
              if (await saving(refuseUrgent(owner, call, reason))) toast(t('refused'));
            }}
          />
        </Suspense>
      ) : null}
    </section>
  );
}
