import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newId, type LocationPolicy, type PolicyMode } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { Button, Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, usePolicies } from '../../kit/refs';
import { toastChange } from '../../kit/undo';
import { PanelHead } from './PanelHead';
import { settingsText } from './text';

type Draft = Omit<LocationPolicy, 'version'> & { version: number | null };
type Numbers = Pick<LocationPolicy, 'interval_s' | 'distance_m' | 'heartbeat_s'>;

const MODES: PolicyMode[] = ['off', 'saving', 'balanced', 'precise'];
/** Usual numbers of each mode, filled in when the mode is chosen. */
const USUAL: Record<PolicyMode, Numbers> = {
  off: { interval_s: 0, distance_m: 0, heartbeat_s: 0 },
  saving: { interval_s: 180, distance_m: 200, heartbeat_s: 1800 },
  balanced: { interval_s: 30, distance_m: 50, heartbeat_s: 600 },
  precise: { interval_s: 5, distance_m: 10, heartbeat_s: 300 },
};
const DAY_S = 8 * 3600;
/** Stored bytes of one position with all its indices (the server's own limit). */
const BYTES_PER_FIX = 9;

/** Location policies: how dense positions are taken, and what that costs. */
export function PoliciesPanel() {
  const t = useT(settingsText);
  const common = useT(commonText);
  const canWrite = useCan('org.write');
  const policies = usePolicies();
  const [draft, setDraft] = useState<Draft | null>(null);
  useEffect(() => {
    if (!draft && policies.data?.[0]) setDraft(policies.data[0]);
  }, [policies.data, draft]);
  // What was taken back from the toast stands in the form again.
  useEffect(() => {
    const kept = policies.data?.find((one) => one.id === draft?.id);
    if (kept && draft?.version && kept.version > draft.version) setDraft(kept);
  }, [policies.data, draft]);

  return (
    <div className="panel-page wide">
      <PanelHead
        title={t('policies')}
        intro={t('policy.intro')}
        action={
          canWrite ? (
            <button
              type="button"
              className="btn"
              onClick={() => setDraft({ id: newId(), name: t('policy.newName'), mode: 'balanced', ...USUAL.balanced, posts: [], version: null })}
            >
              <Icon name="plus" size={15} />{t('new')}
            </button>
          ) : undefined
        }
      />
      {policies.error ? <ProblemView error={policies.error} onRetry={() => policies.refetch()} /> : null}
      {policies.isPending ? <SkeletonRows rows={6} /> : null}
      {policies.data ? (
        <div className="split">
          <ul className="pick-list">
            {policies.data.map((one) => (
              <li key={one.id}>
                <button type="button" className={one.id === draft?.id ? 'on' : ''} aria-current={one.id === draft?.id || undefined} onClick={() => setDraft(one)}>
                  <span className="cell2">
                    <b>{one.name}</b>
                    <span className="sub">{common(`policy.${one.mode}`)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {draft ? <PolicyForm key={`${draft.id}-${draft.version}`} start={draft} canWrite={canWrite} onSaved={setDraft} /> : null}
        </div>
      ) : null}
    </div>
  );
}

function PolicyForm({ start, canWrite, onSaved }: { start: Draft; canWrite: boolean; onSaved(next: LocationPolicy): void }) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const [name, setName] = useState(start.name);
  const [mode, setMode] = useState(start.mode);
  const [numbers, setNumbers] = useState<Numbers>(start);
  const [posts, setPosts] = useState(start.posts);
  const people = useActiveEmployees();
  const known = [...new Set((people.data ?? []).flatMap((one) => (one.post ? [one.post] : [])))].sort((a, b) => a.localeCompare(b, 'zh-CN'));
  const off = mode === 'off';
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), mode, interval_s: numbers.interval_s, distance_m: numbers.distance_m, heartbeat_s: numbers.heartbeat_s, posts };
      return start.version === null
        ? api.post<LocationPolicy>('/policies', body)
        : api.patch<LocationPolicy>('/policies/{id}', body, { params: { id: start.id }, version: start.version });
    },
    onSuccess: async (next) => {
      await client.invalidateQueries({ queryKey: ['policies'] });
      const { name: was, mode: oldMode, interval_s, distance_m, heartbeat_s, posts: oldPosts } = start;
      toastChange(t('savedName', { name: next.name }), start.version === null ? null : {
        method: 'patch', path: '/policies/{id}', params: { id: start.id }, body: { name: was, mode: oldMode, interval_s, distance_m, heartbeat_s, posts: oldPosts }, version: next.version, lists: ['policies'],
      });
      onSaved(next);
    },
  });
  const points = off || !numbers.interval_s ? 0 : Math.round(DAY_S / numbers.interval_s);

  return (
    <section className="panel-card">
      <label className="stack" style={{ maxWidth: 320 }}>
        <span className="m2">{t('name')}</span>
        <Input value={name} maxLength={40} disabled={!canWrite} onChange={(event) => setName(event.target.value)} />
      </label>
      <fieldset className="plain-set" disabled={!canWrite}>
        <legend>{t('policy.mode')}</legend>
        {MODES.map((one) => (
          <label key={one} className="radio-line">
            <input
              type="radio"
              name="mode"
              checked={mode === one}
              onChange={() => {
                setMode(one);
                setNumbers(USUAL[one]);
              }}
            />
            <span><b>{common(`policy.${one}`)}</b> <span className="m3">{t(`policy.${one}Detail`)}</span></span>
          </label>
        ))}
      </fieldset>
      {off ? null : (
        <>
          <div className="number-line">
            <NumberField label={t('policy.interval')} hint={t('policy.intervalHint')} unit={t('policy.second')} min={1} max={3600} value={numbers.interval_s} disabled={!canWrite} onChange={(interval_s) => setNumbers({ ...numbers, interval_s })} />
            <NumberField label={t('policy.distance')} hint={t('policy.distanceHint')} unit={t('policy.meter')} min={5} max={5000} value={numbers.distance_m} disabled={!canWrite} onChange={(distance_m) => setNumbers({ ...numbers, distance_m })} />
            <NumberField label={t('policy.heartbeat')} hint={t('policy.heartbeatHint')} unit={t('policy.second')} min={60} max={7200} value={numbers.heartbeat_s} disabled={!canWrite} onChange={(heartbeat_s) => setNumbers({ ...numbers, heartbeat_s })} />
          </div>
          <p className="note">
            <Icon name="info" size={13} />
            {t('policy.estimate', { points: format.number(points), size: format.number((points * BYTES_PER_FIX) / 1024, 1) })}
          </p>
        </>
      )}
      <label className="stack">
        <span className="m2">{t('policy.posts')}</span>
        <Select
          mode="tags"
          value={posts}
          disabled={!canWrite}
          tokenSeparators={[',', '，', '、']}
          placeholder={t('policy.postsHolder')}
          options={known.map((post) => ({ value: post, label: post }))}
          onChange={(next: string[]) => setPosts([...new Set(next.map((post) => post.trim()).filter(Boolean))])}
        />
        <span className="hint">{t('policy.postsHint')}</span>
      </label>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      {canWrite ? (
        <div><Button type="primary" loading={save.isPending} disabled={!name.trim()} onClick={() => save.mutate()}>{common('save')}</Button></div>
      ) : (
        <p className="note"><Icon name="lock" size={13} />{t('readOnly')}</p>
      )}
    </section>
  );
}

function NumberField({ label, hint, unit, value, min, max, disabled, onChange }: {
  label: string;
  hint: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  disabled: boolean;
  onChange(next: number): void;
}) {
  return (
    <label className="stack">
      <span className="m2">{label}</span>
      <InputNumber value={value} min={min} max={max} precision={0} suffix={unit} disabled={disabled} style={{ width: '100%' }} onChange={(next) => onChange(next ?? min)} />
      <span className="hint">{hint}</span>
    </label>
  );
}
