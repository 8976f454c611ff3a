import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type DayPolicy } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Form, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { PointField } from '../../kit/PointField';
import { ProblemView } from '../../kit/ProblemView';
import { useProblemFields } from '../../kit/useProblemFields';
import { dayText } from '../people/dayText';
import { PanelHead } from './PanelHead';

const KEY = ['company', 'day'];

/** How days begin and end and what they may hold, for everybody of whom nothing else is said. */
export function DayPanel() {
  const t = useT(dayText);
  const policy = useQuery({ queryKey: KEY, queryFn: () => api.get<DayPolicy>('/company/day') });
  return (
    <div className="panel-page">
      <PanelHead title={t('title')} intro={t('intro')} />
      {policy.error ? <ProblemView error={policy.error} onRetry={() => policy.refetch()} /> : null}
      {policy.isPending ? <SkeletonRows rows={5} /> : null}
      {policy.data ? <DayForm key={JSON.stringify(policy.data)} policy={policy.data} /> : null}
    </div>
  );
}

function DayForm({ policy }: { policy: DayPolicy }) {
  const t = useT(dayText);
  const client = useQueryClient();
  const canWrite = useCan('company.write');
  const [form] = Form.useForm<DayPolicy>();
  const problem = useProblemFields(form);
  const [dirty, setDirty] = useState(false);
  const save = useMutation({
    mutationFn: (values: DayPolicy) => api.put<DayPolicy>('/company/day', { ...values, most_visits: values.most_visits ?? null, most_km: values.most_km ?? null, office: values.office ?? null }),
    onSuccess: (next) => {
      client.setQueryData(KEY, next);
      toast(t('saved'));
    },
    onError: problem.show,
  });
  return (
    <Form<DayPolicy> form={form} layout="vertical" requiredMark={false} className="panel-card" disabled={!canWrite} initialValues={policy} onValuesChange={() => setDirty(true)} onFinish={(values) => save.mutate(values)}>
      {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
      <div className="form-2">
        <Form.Item name="start" label={t('start')}>
          <Select options={(['home', 'office', 'first'] as const).map((one) => ({ value: one, label: t(`start.${one}`) }))} />
        </Form.Item>
        <Form.Item name="end" label={t('end')}>
          <Select options={(['home', 'office', 'open'] as const).map((one) => ({ value: one, label: t(`end.${one}`) }))} />
        </Form.Item>
        <Form.Item name="most_visits" label={t('mostVisits')}>
          <InputNumber min={1} max={40} precision={0} style={{ width: '100%' }} suffix={t('visitsUnit')} placeholder={t('unlimited')} />
        </Form.Item>
        <Form.Item name="most_km" label={t('mostKm')}>
          <InputNumber min={1} max={2000} precision={0} style={{ width: '100%' }} suffix="km" placeholder={t('unlimited')} />
        </Form.Item>
        <Form.Item name="detour_permille" label={t('detour')} extra={t('detourHint')} getValueProps={(value: number) => ({ value: value / 1000 })} normalize={(value: number | null) => Math.round((value ?? 1.35) * 1000)}>
          <InputNumber min={1.05} max={5} step={0.05} precision={2} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="office" label={t('office')} extra={t('officeHint')}>
        <PointField />
      </Form.Item>
      {canWrite ? (
        <div><Button type="primary" htmlType="submit" loading={save.isPending} disabled={!dirty}>{t('save')}</Button></div>
      ) : (
        <p className="note"><Icon name="lock" size={13} />{t('readOnly')}</p>
      )}
    </Form>
  );
}
