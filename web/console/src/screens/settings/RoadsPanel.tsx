import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type TravelProvider, type TravelSetting } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { LearnedCard } from './LearnedCard';
import { PanelHead } from './PanelHead';
import { settingsText } from './text';

const PROVIDERS: TravelProvider[] = ['straight_line', 'own_map', 'osrm', 'valhalla', 'amap', 'baidu'];
const PROFILES = ['car', 'ebike', 'foot'] as const;
const byKey = (provider: TravelProvider) => provider === 'amap' || provider === 'baidu';

/** Where times and distances between places come from. */
export function RoadsPanel() {
  const t = useT(settingsText);
  const setting = useQuery({ queryKey: ['travel'], queryFn: () => api.get<TravelSetting>('/travel/setting') });
  return (
    <div className="panel-page">
      <PanelHead title={t('roads')} intro={t('roads.intro')} />
      {setting.error ? <ProblemView error={setting.error} onRetry={() => setting.refetch()} /> : null}
      {setting.isPending ? <SkeletonRows rows={6} /> : null}
      {setting.data ? <RoadsForm key={setting.data.version} start={setting.data} /> : null}
      <LearnedCard />
    </div>
  );
}

function RoadsForm({ start }: { start: TravelSetting }) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const [draft, setDraft] = useState(start);
  const [key, setKey] = useState('');
  const set = (change: Partial<TravelSetting>) => setDraft((old) => ({ ...old, ...change }));
  const keyed = byKey(draft.provider);
  const keyKept = start.key_set && draft.provider === start.provider;
  const save = useMutation({
    mutationFn: () => {
      const { provider, profile, detour_permille, speed_kmh, daily_quota } = draft;
      const choice = { provider, profile, detour_permille, speed_kmh, daily_quota };
      return api.put<TravelSetting>('/travel/setting', key.trim() ? { ...choice, key: key.trim() } : choice, { version: start.version });
    },
    onSuccess: (next) => {
      client.setQueryData(['travel'], next);
      toast(t('saved'));
    },
  });

  return (
    <form
      className="panel-card"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className="plain-set">
        <legend>{t('roads.provider')}</legend>
        {PROVIDERS.map((one) => {
          const there = start.available.includes(one);
          return (
            <label key={one} className="radio-line">
              <input type="radio" name="provider" checked={draft.provider === one} disabled={!there} onChange={() => set({ provider: one })} />
              <span>
                <b className={there ? undefined : 'm3'}>{t(`roads.${one}`)}</b>{' '}
                <span className="m3">{there ? t(`roads.${one}Detail`) : t(`roads.${one === 'own_map' ? 'noMap' : 'noServer'}`)}</span>
              </span>
            </label>
          );
        })}
      </fieldset>
      <fieldset className="plain-set">
        <legend>{t('roads.profile')}</legend>
        <div className="row g16 wrap-line">
          {PROFILES.map((one) => (
            <label key={one} className="radio-line">
              <input type="radio" name="profile" checked={draft.profile === one} onChange={() => set({ profile: one })} />
              <span>{t(`roads.${one}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {keyed ? (
        <div className="number-line">
          <label className="stack">
            <span className="m2">{t('roads.key')}</span>
            <Input.Password value={key} maxLength={200} autoComplete="off" placeholder={keyKept ? t('roads.keyKept') : undefined} onChange={(event) => setKey(event.target.value)} />
            <span className="hint">{t('roads.keyHint')}</span>
          </label>
          <label className="stack">
            <span className="m2">{t('roads.quota')}</span>
            <InputNumber min={0} max={1_000_000} value={draft.daily_quota} onChange={(next) => set({ daily_quota: next ?? 0 })} />
            <span className="hint">{t(draft.provider === 'amap' ? 'roads.quotaAmap' : 'roads.quotaBaidu')}{keyKept ? `·${t('roads.used', { used: format.number(start.used_today) })}` : ''}</span>
          </label>
        </div>
      ) : null}
      <div className="number-line">
        <label className="stack">
          <span className="m2">{t('roads.detour')}</span>
          <InputNumber min={1} max={3} step={0.05} value={draft.detour_permille / 1000} onChange={(next) => set({ detour_permille: Math.round((next ?? 1.35) * 1000) })} />
          <span className="hint">{t('roads.detourHint')}</span>
        </label>
        <label className="stack">
          <span className="m2">{t('roads.speed')}</span>
          <span className="row g6"><InputNumber min={3} max={120} value={draft.speed_kmh} onChange={(next) => set({ speed_kmh: next ?? 24 })} />km/h</span>
          <span className="hint">{t('roads.speedHint')}</span>
        </label>
      </div>
      <p className="note"><Icon name="info" size={13} />{t(keyed && draft.profile === 'car' ? 'roads.traffic' : 'roads.noTraffic')}</p>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      <div><Button type="primary" htmlType="submit" loading={save.isPending} disabled={keyed && !keyKept && !key.trim()}>{common('save')}</Button></div>
    </form>
  );
}
