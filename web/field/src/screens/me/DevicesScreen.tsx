import { useState } from 'react';
import type { Device, DeviceKey, MyPasskeys, Passkey } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Badge, Icon, SkeletonRows, problemText, toast, toastProblem } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { useField } from '../../app/context.tsx';
import { canPasskey, makePasskey } from '../../app/passkey.ts';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { meText } from './text.ts';

/** Which devices speak in my name? */
export function DevicesScreen() {
  const t = useT(meText);
  const f = useFormat();
  const { data, problem, refresh } = useCached('devices', async () => {
    const answer = await client.get<Device[] | { items: Device[] }>('/me/devices');
    return Array.isArray(answer) ? answer : answer.items;
  });
  const revoke = async (device: Device) => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('revokeConfirm', { name: device.name }), confirmText: t('revoke'), cancelText: t('cancel') }))) return;
    try {
      await client.delete('/me/devices/{id}', { params: { id: device.id } });
      toast(t('revoked'));
      await refresh();
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Page title={t('devices')} backTo="/me">
      {data === undefined || (data === null && !problem && navigator.onLine) ? <SkeletonRows rows={3} height={64} /> : null}
      {data === null && (problem || !navigator.onLine) ? <Empty title={t('devicesNeedNet')} /> : null}
      {data ? (
        <ul className="card list mx" style={{ marginTop: 4 }}>
          {data.map((device) => (
            <li key={device.id} className="li">
              <span className="ico"><Icon name={device.kind === 'integration' ? 'link' : device.kind === 'browser' ? 'globe' : 'phone'} size={22} /></span>
              <span style={{ minWidth: 0 }}><b className="clip">{device.name}</b><span className="d" style={{ display: 'block' }}>{t('devicesSeen', { age: f.age(device.last_seen_at) })}</span></span>
              {device.current ? <Badge tone="visit" icon="check">{t('devicesNow')}</Badge> : <button type="button" className="chipbtn" onClick={() => void revoke(device)}>{t('revoke')}</button>}
            </li>
          ))}
        </ul>
      ) : null}
      <SigningPhones />
      <Passkeys />
    </Page>
  );
}

/** Phones whose signature counts as mine: the same list the manager sees. */
function SigningPhones() {
  const t = useT(meText);
  const f = useFormat();
  const { data, refresh } = useCached('device-keys', async () => (await client.get<{ items: DeviceKey[] }>('/me/device-keys')).items);
  const giveUp = async (phone: DeviceKey) => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('giveUpConfirm', { name: phone.name }), confirmText: t('giveUp'), cancelText: t('cancel') }))) return;
    try {
      await client.delete('/me/device-keys/{id}', { params: { id: phone.id } });
      await refresh();
    } catch (error) {
      toastProblem(error);
    }
  };
  if (!data?.length) return null;
  return (
    <>
      <h2 className="h3">{t('signing')}</h2>
      <p className="m3 mx" style={{ font: '13px/18px var(--font)', marginBottom: 6 }}>{t('signingText')}</p>
      <ul className="card list mx" style={{ marginBottom: 16 }}>
        {data.map((phone) => (
          <li key={phone.id} className="li">
            <span className="ico"><Icon name="lock" size={22} /></span>
            <span style={{ minWidth: 0 }}>
              <b className="clip">{phone.name}</b>
              <span className="d" style={{ display: 'block' }}>{f.dots([t(`phone.${phone.status}`), t('signedTimes', { count: phone.seals }), phone.others > 0 ? t('signedOthers', { count: phone.others }) : null, phone.reason || null])}</span>
            </span>
            {phone.status === 'accepted' || phone.status === 'waiting' ? <button type="button" className="chipbtn" onClick={() => void giveUp(phone)}>{t('giveUp')}</button> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Passkeys that say it was me: made with this phone's lock, given up here. */
function Passkeys() {
  const t = useT(meText);
  const f = useFormat();
  const { session } = useField();
  const { data, refresh } = useCached('passkeys', () => client.get<MyPasskeys>('/me/passkeys'));
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const make = async () => {
    setBusy(true);
    setWrong('');
    try {
      const { employee } = session.me;
      await makePasskey({ id: employee.id, name: employee.name }, f.day(f.today()));
      toast(t('passkeyMade'));
      await refresh();
    } catch (error) {
      const name = (error as DOMException).name;
      setWrong(name === 'NotAllowedError' ? t('passkeyNo') : name === 'InvalidStateError' ? t('passkeyHere') : error instanceof DOMException ? t('passkeyUnable') : problemText(error).title);
    } finally {
      setBusy(false);
    }
  };
  const giveUp = async (one: Passkey) => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('passkeyGiveUp', { name: one.name }), confirmText: t('giveUp'), cancelText: t('cancel') }))) return;
    try {
      await client.delete('/me/passkeys/{id}', { params: { id: one.id } });
      await refresh();
    } catch (error) {
      toastProblem(error);
    }
  };
  const mine = data?.items.filter((one) => !one.withdrawn_at) ?? [];
  return (
    <>
      <h2 className="h3">{t('passkeys')}</h2>
      <p className="m3 mx" style={{ font: '13px/18px var(--font)', marginBottom: 6 }}>{t('passkeysText')}</p>
      {mine.length ? (
        <ul className="card list mx" aria-label={t('passkeys')}>
          {mine.map((one) => (
            <li key={one.id} className="li">
              <span className="ico"><Icon name="fingerprint" size={22} /></span>
              <span style={{ minWidth: 0 }}><b className="clip">{t('passkeyOf', { name: one.name })}</b><span className="d" style={{ display: 'block' }}>{f.dots([one.used_at ? t('passkeyUsed', { age: f.age(one.used_at) }) : t('passkeyUnused'), one.synced ? t('passkeySynced') : null])}</span></span>
              <button type="button" className="chipbtn" onClick={() => void giveUp(one)}>{t('giveUp')}</button>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="mx" style={{ padding: '8px 0 20px' }}>
        {canPasskey() ? <button type="button" className="cta sec" disabled={busy} onClick={() => void make()}><Icon name="fingerprint" size={20} />{t('passkeyAdd')}</button> : <p className="m3">{t('passkeyNot')}</p>}
        {wrong ? <p className="err" role="alert"><Icon name="warn" size={16} />{wrong}</p> : null}
      </div>
    </>
  );
}
