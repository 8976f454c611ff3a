import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, newId, type Id, type Page, type Patrol, type PatrolDay, type PatrolState } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { DayField } from '../../kit/DayField';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees } from '../../kit/refs';
import { TimeInput } from '../../kit/TimeInput';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { CustomerPick } from './CustomerPick';
import type { FencesSearch } from './search';
import { fencesText } from './text';

const TONES: Record<PatrolState, string> = { open: 'st silent', overdue: 'st late', in_time: 'st visit', early: 'st moving', late: 'st late', missed: 'st problem' };

/** The rounds of a day: each point with due time, actual time and result. */
export function RoundsTab() {
  const t = useT(fencesText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/fences' });
  const patch = useSearchPatch<FencesSearch>();
  const canWrite = useCan('task.write');
  const canTrack = useCan('track.read');
  const today = format.today();
  const day = search.day ?? today;
  const [draft, setDraft] = useState<RoundDraft | null>(null);
  const days = useQuery({
    queryKey: ['patrol-days', day],
    queryFn: () => api.get<{ items: PatrolDay[] }>('/patrol-days', { query: { day } }),
    enabled: canTrack,
    refetchInterval: day === today ? 60_000 : false,
  });
  const rounds = useQuery({ queryKey: ['patrols'], queryFn: () => api.get<Page<Patrol>>('/patrols', { query: { limit: 200 } }) });
  const items = days.data?.items;
  const resting = (rounds.data?.items ?? []).filter((one) => !items?.some((shown) => shown.id === one.id));
  const open = (id: Id) => {
    const round = rounds.data?.items.find((one) => one.id === id);
    if (round) setDraft(draftOf(round));
  };
  return (
    <div className="fences-full">
      <div className="fences-bar">
        <DayField label={t('day')} before={t('before')} after={t('after')} value={day} onChange={(next) => patch({ day: next === today ? undefined : next })} />
        <span className="note"><Icon name="eye" size={14} />{t('ledgerNote')}</span>
        {canWrite ? <button type="button" className="btn pri end" onClick={() => setDraft(emptyRound())}><Icon name="plus" size={15} />{t('newRound')}</button> : null}
      </div>
      {days.error ? <div style={{ padding: 16 }}><ProblemView error={days.error} onRetry={days.refetch} /></div> : null}
      {days.isPending && canTrack ? <SkeletonRows rows={8} height={44} /> : null}
      {items?.length === 0 ? <div className="empty" style={{ padding: 32 }}><b>{t('noRounds')}</b><p>{t('noRoundsDetail')}</p></div> : null}
      {(items ?? []).map((round) => (
        <section key={round.id} className="round">
          <div className="hd">
            <h2>{round.name}</h2>
            <span className="sub">{round.employee.name}</span>
            <span className="sub sp">{t('roundSum', { reached: round.reached, count: round.points.length, late: round.late, missed: round.missed, order: round.out_of_order })}</span>
            {canWrite ? <button type="button" className="btn sm" onClick={() => open(round.id)}><Icon name="edit" size={14} /></button> : null}
          </div>
          <table className="tbl fences-table">
            <thead><tr><th style={{ width: 40 }} /><th>{t('place')}</th><th>{t('due')}</th><th>{t('arrived')}</th><th>{t('result')}</th></tr></thead>
            <tbody>
              {round.points.map((point, i) => (
                <tr key={point.customer.id}>
                  <td className="m3">{i + 1}</td>
                  <td>{point.customer.name}</td>
                  <td>{format.time(point.due_from)}–{format.time(point.due_to)}</td>
                  <td>{point.arrived_at ? <>{format.time(point.arrived_at)} <span className="m3 s12">{t(point.checked_in ? 'byCheckIn' : 'byFence')}</span></> : '—'}</td>
                  <td>
                    <span className="row g6">
                      <span className={TONES[point.state]}>{t(`state.${point.state}`)}</span>
                      {point.off_s > 0 ? <span className="m2 s12">{t('lateBy', { minutes: format.minutes(point.off_s) })}</span> : null}
                      {point.off_s < 0 ? <span className="m2 s12">{t('earlyBy', { minutes: format.minutes(-point.off_s) })}</span> : null}
                      {point.out_of_order ? <span className="st late"><Icon name="sync" size={12} />{t('outOfOrder')}</span> : null}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {resting.length ? (
        <section className="round">
          <div className="hd"><h2>{t('rounds')}</h2></div>
          {resting.map((round) => (
            <button key={round.id} type="button" className="fences-row" disabled={!canWrite} onClick={() => open(round.id)}>
              <Icon name="flag" />
              <span className="cell2"><b>{round.name}</b><span className="sub">{format.dots([round.employee.name, round.weekdays.map((one) => format.weekday(one)).join(' '), String(round.points.length)])}</span></span>
            </button>
          ))}
        </section>
      ) : null}
      {draft ? <RoundForm draft={draft} onChange={setDraft} onClose={() => setDraft(null)} /> : null}
    </div>
  );
}

interface RoundDraft {
  id: Id;
  version: number | null;
  name: string;
  employee: Id | undefined;
  weekdays: number[];
  points: { key: Id; customer: { id: Id; name: string } | null; from: number; to: number }[];
  graceS: number;
}

function emptyRound(): RoundDraft {
  const point = (from: number) => ({ key: newId(), customer: null, from, to: from + 20 });
  return { id: newId(), version: null, name: '', employee: undefined, weekdays: [1, 2, 3, 4, 5], points: [point(540), point(570)], graceS: 3600 };
}

function draftOf(round: Patrol): RoundDraft {
  return {
    id: round.id, version: round.version, name: round.name, employee: round.employee.id, weekdays: round.weekdays, graceS: round.grace_s,
    points: round.points.map((one) => ({ key: newId(), customer: one.customer, from: one.from_minute, to: one.to_minute })),
  };
}

function RoundForm({ draft, onChange, onClose }: { draft: RoundDraft; onChange(next: RoundDraft): void; onClose(): void }) {
  const t = useT(fencesText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const employees = useActiveEmployees();
  const [ending, setEnding] = useState(false);
  const set = (patch: Partial<RoundDraft>) => onChange({ ...draft, ...patch });
  const setPoint = (key: Id, patch: Partial<RoundDraft['points'][number]>) => set({ points: draft.points.map((one) => (one.key === key ? { ...one, ...patch } : one)) });
  const move = (index: number, by: number) => {
    const points = [...draft.points];
    const [one] = points.splice(index, 1);
    if (one) points.splice(index + by, 0, one);
    set({ points });
  };
  const save = useMutation({
    mutationFn: (active: boolean) => {
      const body = {
        ...(draft.version === null ? { id: draft.id } : {}), name: draft.name.trim(), employee_id: draft.employee, weekdays: draft.weekdays, grace_s: draft.graceS, active,
        points: draft.points.map((one) => ({ customer_id: one.customer?.id, from_minute: one.from, to_minute: one.to })),
      };
      return draft.version === null ? api.post<Patrol>('/patrols', body) : api.patch<Patrol>('/patrols/{id}', body, { params: { id: draft.id }, version: draft.version });
    },
    onSuccess: async (round) => {
      onClose();
      await Promise.all([client.invalidateQueries({ queryKey: ['patrols'] }), client.invalidateQueries({ queryKey: ['patrol-days'] })]);
      toast(t(round.active ? 'roundSaved' : 'roundEnded', { name: round.name }));
    },
  });
  const ready = draft.name.trim() && draft.employee && draft.weekdays.length && draft.points.length && draft.points.every((one) => one.customer && one.to >= one.from);
  return (
    <EntityDrawer
      title={draft.name || t('newRound')}
      label={t('rounds')}
      onClose={onClose}
      foot={
        <>
          <Button type="primary" loading={save.isPending} disabled={!ready} onClick={() => save.mutate(true)}>{common('save')}</Button>
          <Button onClick={onClose}>{common('cancel')}</Button>
          {draft.version === null ? null : <button type="button" className="btn ghost danger end" onClick={() => setEnding(true)}>{t('roundEnd')}</button>}
        </>
      }
    >
      <div className="drawer-pad map-form">
        <div className="map-field">
          <span>{t('roundName')}</span>
          <Input aria-label={t('roundName')} value={draft.name} maxLength={60} onChange={(event) => set({ name: event.target.value })} />
        </div>
        <div className="map-field">
          <span>{t('person')}</span>
          <Select aria-label={t('person')} value={draft.employee} showSearch={{ optionFilterProp: 'label' }} options={(employees.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={(employee) => set({ employee })} />
        </div>
        <div className="map-field">
          <span>{t('weekdays')}</span>
          <span className="row g4" style={{ flexWrap: 'wrap' }}>
            {[1, 2, 3, 4, 5, 6, 7].map((one) => {
              const on = draft.weekdays.includes(one);
              return <button key={one} type="button" className={on ? 'chip on' : 'chip'} aria-pressed={on} onClick={() => set({ weekdays: on ? draft.weekdays.filter((other) => other !== one) : [...draft.weekdays, one].sort() })}>{format.weekday(one)}</button>;
            })}
          </span>
        </div>
        <div className="map-field">
          <span>{t('points')}</span>
          <div className="round-points">
            {draft.points.map((one, i) => (
              <div key={one.key} className="round-point">
                <span className="m3">{i + 1}</span>
                <CustomerPick label={`${t('place')} ${i + 1}`} value={one.customer?.id} name={one.customer?.name} onChange={(customer) => setPoint(one.key, { customer: customer ? { id: customer.id, name: customer.name } : null })} />
                <span className="row g4">
                  <TimeInput label={`${t('due')} ${i + 1}`} value={one.from} onChange={(from) => setPoint(one.key, { from })} />
                  –
                  <TimeInput label={`${t('due')} ${i + 1}`} value={one.to} onChange={(to) => setPoint(one.key, { to })} />
                  <button type="button" className="icb tiny" aria-label="↑" disabled={i === 0} onClick={() => move(i, -1)}><Icon name="up" size={14} /></button>
                </span>
                <button type="button" className="icb small" aria-label={common('remove')} title={common('remove')} onClick={() => set({ points: draft.points.filter((other) => other.key !== one.key) })}><Icon name="close" size={14} /></button>
              </div>
            ))}
            <button
              type="button"
              className="btn sm"
              style={{ alignSelf: 'flex-start' }}
              onClick={() => {
                const from = Math.min(1420, (draft.points.at(-1)?.from ?? 510) + 30);
                set({ points: [...draft.points, { key: newId(), customer: null, from, to: from + 20 }] });
              }}
            >
              <Icon name="plus" size={14} />{t('addPoint')}
            </button>
          </div>
        </div>
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </div>
      {ending ? <Confirm title={t('roundEnd')} detail={t('roundEndDetail')} verb={t('roundEnd')} run={() => save.mutateAsync(false)} onClose={() => setEnding(false)} /> : null}
    </EntityDrawer>
  );
}
