import type { Device } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Badge, Icon, SkeletonRows, problemText, toast } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
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
      toast(problemText(error).title);
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
    </Page>
  );
}
