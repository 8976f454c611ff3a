import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Device, type Page } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows, toast, type IconName } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { accountText } from './text';

const ICON: Record<Device['kind'], IconName> = { browser: 'globe', phone: 'phone', integration: 'link' };

/** Every sign-in of mine, newest use first; an unknown one can be ended at once. */
export function DevicesCard() {
  const t = useT(accountText);
  const format = useFormat();
  const client = useQueryClient();
  const devices = useQuery({
    queryKey: ['devices'],
    queryFn: async () => (await api.get<Page<Device>>('/me/devices')).items,
  });
  const revoke = useMutation({
    mutationFn: (device: Device) => api.delete('/me/devices/{id}', { params: { id: device.id } }),
    onSuccess: async (_, device) => {
      await client.invalidateQueries({ queryKey: ['devices'] });
      toast(t('devices.revoked', { name: device.name }));
    },
  });
  return (
    <section className="panel-card">
      <h3>{t('devices.title')}</h3>
      <p className="m2">{t('devices.detail')}</p>
      {devices.error ? <ProblemView error={devices.error} onRetry={() => devices.refetch()} compact /> : null}
      {revoke.error ? <ProblemView error={revoke.error} compact /> : null}
      {devices.isPending ? <SkeletonRows rows={2} /> : null}
      <ul>
        {devices.data?.map((device) => (
          <li key={device.id} className="row g12 device">
            <Icon name={ICON[device.kind]} size={18} className="m3" />
            <span className="cell2" style={{ flex: 1 }}>
              <b>{device.name}</b>
              <span className="sub">
                {format.dots([t(`devices.${device.kind}`), t('devices.since', { at: format.dateTime(device.created_at) })])} · <Ago at={device.last_seen_at} words={(age) => t('devices.lastSeen', { age })} />
              </span>
            </span>
            {device.current ? (
              <span className="tag">{t('devices.current')}</span>
            ) : (
              <button type="button" className="btn sm danger" disabled={revoke.isPending} onClick={() => revoke.mutate(device)}>{t('devices.revoke')}</button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
