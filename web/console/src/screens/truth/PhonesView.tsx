import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type DeviceKey, type DeviceStatus, type Passkey } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useMe } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { truthText } from './text';

const TONE: Record<DeviceStatus, string> = { waiting: 'fg-late', accepted: 'fg-visit', refused: 'fg-problem', revoked: 'fg-silent' };

/** Which phones sign for whom, and which wait for a decision. */
export function PhonesView() {
  const t = useT(truthText);
  const list = useList<DeviceKey>(['device-keys'], '/device-keys', {}, { limit: 50, count: false });
  if (list.error) return <ProblemView error={list.error} onRetry={list.retry} />;
  return (
    <>
    <section className="card">
      <div className="hd"><h2>{t('phones')}</h2><span className="sub">{t('phonesSub')}</span></div>
      {list.pending ? <SkeletonRows rows={4} /> : null}
      {!list.pending && list.rows.length === 0 ? <div className="empty"><b>{t('phonesNone')}</b><p>{t('phonesNoneText')}</p></div> : null}
      <ul className="truth-phones">
        {[...list.rows].sort((a, b) => Number(b.status === 'waiting') - Number(a.status === 'waiting')).map((phone) => <OnePhone key={phone.id} phone={phone} />)}
      </ul>
      {list.hasMore ? <div style={{ padding: 12 }}><button type="button" className="btn sm" disabled={list.loadingMore} onClick={list.more}>{t('more')}</button></div> : null}
    </section>
    <Passkeys />
    </>
  );
}

/** Passkeys of the people in reach: who can confirm himself, and what may be withdrawn. */
function Passkeys() {
  const t = useT(truthText);
  const format = useFormat();
  const me = useMe();
  const client = useQueryClient();
  const list = useQuery({ queryKey: ['passkeys'], queryFn: async () => (await api.get<{ items: Passkey[] }>('/passkeys')).items });
  const withdraw = useMutation({
    mutationFn: (one: Passkey) => api.delete('/passkeys/{id}', { params: { id: one.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['passkeys'] }),
  });
  return (
    <section className="card" style={{ marginTop: 12 }}>
      <div className="hd"><h2>{t('passkeys')}</h2><span className="sub">{t('passkeysSub')}</span></div>
      {list.error ?? withdraw.error ? <ProblemView error={list.error ?? withdraw.error} compact /> : null}
      {list.isPending ? <SkeletonRows rows={2} /> : null}
      {list.data?.length === 0 ? <div className="empty"><b>{t('passkeysNone')}</b><p>{t('passkeysNoneText')}</p></div> : null}
      <ul className="truth-phones">
        {list.data?.map((one) => (
          <li key={one.id}>
            <div className="truth-phone">
              <Icon name="fingerprint" size={20} className="m3" />
              <div style={{ minWidth: 0 }}>
                <b>{one.employee.name}</b>
                <p className="s12 m2">{format.dots([t('phoneSince', { time: format.dateTime(one.made_at) }), one.used_at ? t('passkeyUsed', { time: format.dateTime(one.used_at) }) : null, one.synced ? t('passkeySynced') : null])}</p>
              </div>
              <span className={`s12 ${one.withdrawn_at ? 'fg-silent' : 'fg-visit'}`}>{t(one.withdrawn_at ? 'passkeyWithdrawn' : 'passkeyInUse')}</span>
              {me.permissions.includes('org.write') && !one.withdrawn_at ? <button type="button" className="btn sm" disabled={withdraw.isPending} onClick={() => withdraw.mutate(one)}>{t('passkeyWithdraw')}</button> : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OnePhone({ phone }: { phone: DeviceKey }) {
  const t = useT(truthText);
  const format = useFormat();
  const me = useMe();
  const client = useQueryClient();
  const [refusing, setRefusing] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const may = me.permissions.includes('task.write') && (phone.employee.id !== me.employee.id || me.reach === 'company') && phone.status !== 'revoked';
  const decide = async (accept: boolean) => {
    setBusy(true);
    setError(null);
    try {
      await api.post('/device-keys/{id}/decision', { accept, reason: accept ? '' : reason.trim() }, { params: { id: phone.id } });
      toast(t(accept ? 'phoneAccepted' : 'phoneRefused', { name: phone.employee.name }));
      setRefusing(false);
      await client.invalidateQueries({ queryKey: ['device-keys'] });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <div className="truth-phone">
        <Icon name="phone" size={20} className="m3" />
        <div style={{ minWidth: 0 }}>
          <b>{phone.employee.name}·{phone.name}</b>
          <p className="s12 m2">
            {format.dots([
              t('phoneSince', { time: format.dateTime(phone.enrolled_at) }),
              phone.seen_at ? t('phoneSeen', { time: format.dateTime(phone.seen_at) }) : null,
              t('phoneSeals', { count: phone.seals }),
              phone.others > 0 ? t('phoneOthers', { count: phone.others }) : null,
            ])}
          </p>
          {phone.decided_by ? <p className="s12 m2">{format.dots([t('phoneDecided', { name: phone.decided_by.name, time: format.dateTime(phone.decided_at ?? phone.enrolled_at) }), phone.reason || null])}</p> : null}
        </div>
        <span className={`s12 ${TONE[phone.status]}`}>{t(`phone.${phone.status}`)}</span>
        {may ? (
          <span className="row g6">
            {phone.status !== 'accepted' ? <button type="button" className={phone.status === 'waiting' ? 'btn sm pri' : 'btn sm'} disabled={busy} onClick={() => void decide(true)}>{t('phoneAccept')}</button> : null}
            {phone.status !== 'refused' ? <button type="button" className="btn sm" disabled={busy} aria-expanded={refusing} onClick={() => setRefusing(!refusing)}>{t('phoneRefuse')}</button> : null}
          </span>
        ) : null}
      </div>
      {refusing ? (
        <div className="truth-decide" style={{ paddingTop: 4 }}>
          <label className="col" style={{ gap: 4 }}>
            <span className="s12 m2">{t('phoneWhy')}</span>
            <textarea value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
          </label>
          <div className="row"><button type="button" className="btn" disabled={busy || !reason.trim()} onClick={() => void decide(false)}>{t('phoneRefuseDo')}</button></div>
        </div>
      ) : null}
      {error ? <div style={{ padding: '0 16px 12px' }}><ProblemView error={error} compact /></div> : null}
    </li>
  );
}
