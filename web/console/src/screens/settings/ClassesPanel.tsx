import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newId, type CustomerClass } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useCustomerClasses } from '../../kit/refs';
import { toastChange } from '../../kit/undo';
import { GradesCard } from './GradesCard';
import { PanelHead } from './PanelHead';
import { settingsText } from './text';

const OUTSIDE = ['company', 'reason', 'photo', 'no'] as const;

type Draft = Omit<CustomerClass, 'version'> & { version: number | null };

/** Classes of customers: radius of the fence and shortest stay, edited in place. */
export function ClassesPanel() {
  const t = useT(settingsText);
  const canWrite = useCan('org.write');
  const canGrade = useCan('company.write');
  const classes = useCustomerClasses();
  const [fresh, setFresh] = useState<Draft | null>(null);
  const rows: Draft[] = [...(classes.data ?? []), ...(fresh ? [fresh] : [])];

  return (
    <div className="panel-page">
      <PanelHead
        title={t('classes')}
        intro={t('class.intro')}
        action={
          canWrite ? (
            <button type="button" className="btn" disabled={!!fresh} onClick={() => setFresh({ id: newId(), name: t('class.newName'), radius_m: 150, min_stay_s: 300, outside: null, is_default: false, version: null })}>
              <Icon name="plus" size={15} />{t('new')}
            </button>
          ) : undefined
        }
      />
      {classes.error ? <ProblemView error={classes.error} onRetry={() => classes.refetch()} /> : null}
      {classes.isPending ? <SkeletonRows rows={4} /> : null}
      {classes.data ? (
        <div className="panel-card flush">
          <table className="tbl">
            <thead>
              <tr>
                <th style={{ paddingLeft: 16 }}>{t('name')}</th>
                <th style={{ width: 150 }}>{t('class.radius')}</th>
                <th style={{ width: 150 }}>{t('class.minStay')}</th>
                <th style={{ width: 210 }}>{t('class.outside')}</th>
                <th style={{ width: 150 }} />
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <ClassRow key={`${one.id}-${one.version}`} start={one} canWrite={canWrite} onSaved={() => setFresh(null)} onDrop={one === fresh ? () => setFresh(null) : undefined} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <GradesCard canWrite={canGrade} />
    </div>
  );
}

function ClassRow({ start, canWrite, onSaved, onDrop }: { start: Draft; canWrite: boolean; onSaved(): void; onDrop?(): void }) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const client = useQueryClient();
  const [name, setName] = useState(start.name);
  const [radius, setRadius] = useState(start.radius_m);
  const [stay, setStay] = useState(start.min_stay_s / 60);
  const [outside, setOutside] = useState(start.outside);
  const changed = start.version === null || name !== start.name || radius !== start.radius_m || stay * 60 !== start.min_stay_s || outside !== start.outside;
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), radius_m: radius, min_stay_s: Math.round(stay * 60), outside };
      return start.version === null
        ? api.post<CustomerClass>('/customer-classes', body)
        : api.patch<CustomerClass>('/customer-classes/{id}', body, { params: { id: start.id }, version: start.version });
    },
    onSuccess: async (next) => {
      onSaved();
      await client.invalidateQueries({ queryKey: ['customer-classes'] });
      const { name, radius_m, min_stay_s, outside } = start;
      toastChange(t('savedName', { name: next.name }), start.version === null ? null : {
        method: 'patch', path: '/customer-classes/{id}', params: { id: start.id }, body: { name, radius_m, min_stay_s, outside }, version: next.version, lists: ['customer-classes'],
      });
    },
  });
  return (
    <>
      <tr>
        <td style={{ paddingLeft: 16, height: 48 }}>
          <Input aria-label={t('name')} value={name} maxLength={40} disabled={!canWrite} autoFocus={start.version === null} onChange={(event) => setName(event.target.value)} />
        </td>
        <td><InputNumber aria-label={t('class.radius')} value={radius} min={20} max={5000} precision={0} suffix="m" disabled={!canWrite} onChange={(next) => setRadius(next ?? 20)} /></td>
        <td><InputNumber aria-label={t('class.minStay')} value={stay} min={0} max={480} suffix={t('class.minutes')} disabled={!canWrite} onChange={(next) => setStay(next ?? 0)} /></td>
        <td>
          <Select
            aria-label={t('class.outside')}
            value={outside ?? 'company'}
            disabled={!canWrite}
            style={{ width: '100%' }}
            onChange={(next: (typeof OUTSIDE)[number]) => setOutside(next === 'company' ? null : next)}
            options={OUTSIDE.map((value) => ({ value, label: t(`class.outside.${value}`) }))}
          />
        </td>
        <td>
          {canWrite && changed ? (
            <span className="row g6">
              <Button type="primary" size="small" loading={save.isPending} disabled={!name.trim()} onClick={() => save.mutate()}>{common('save')}</Button>
              <Button
                size="small"
                onClick={() => {
                  if (onDrop) onDrop();
                  setName(start.name);
                  setRadius(start.radius_m);
                  setStay(start.min_stay_s / 60);
                  setOutside(start.outside);
                }}
              >
                {common('cancel')}
              </Button>
            </span>
          ) : null}
        </td>
      </tr>
      {save.error ? <tr><td colSpan={5} className="wrap"><ProblemView error={save.error} compact /></td></tr> : null}
    </>
  );
}
