import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Company, type Goal } from '@tashi/shared/api';
import { commonText, setTimeZone, useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Form, Input, Select } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { endSession, meQuery } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { ProblemView } from '../../kit/ProblemView';
import { timeZoneOptions } from '../../kit/timeZones';
import { useProblemFields } from '../../kit/useProblemFields';
import { PanelHead } from './PanelHead';
import { RetentionCard } from './RetentionCard';
import { setupText } from '../setup/text';
import { settingsText } from './text';

const GOALS: Goal[] = ['truth', 'efficiency', 'cost'];

interface Values {
  name: string;
  time_zone: string;
  goal: Goal;
}

/** Name, time zone and goal of the company; resetting the demo. */
export function CompanyPanel() {
  const t = useT(settingsText);
  const setup = useT(setupText);
  const common = useT(commonText);
  const client = useQueryClient();
  const company = useQuery({ queryKey: ['company'], queryFn: () => api.get<Company>('/company') });
  const navigate = useNavigate();
  const zones = useMemo(timeZoneOptions, []);
  const [form] = Form.useForm<Values>();
  const goal = Form.useWatch('goal', form) ?? company.data?.goal;
  const problem = useProblemFields(form);
  const [reset, setReset] = useState(false);
  const save = useMutation({
    mutationFn: (values: Values) =>
      api.patch<Company>('/company', values, { version: company.data?.version ?? 0 }),
    onSuccess: async (next) => {
      problem.clear();
      client.setQueryData(['company'], next);
      setTimeZone(next.time_zone);
      toast(t('saved'));
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
    onError: problem.show,
  });

  return (
    <div className="panel-page">
      <PanelHead title={t('company')} />
      {company.error ? <ProblemView error={company.error} onRetry={() => company.refetch()} /> : null}
      {company.isPending ? <SkeletonRows rows={3} /> : null}
      {company.data ? (
        <Form
          key={company.data.version}
          form={form}
          className="panel-card"
          layout="vertical"
          requiredMark={false}
          initialValues={company.data}
          onFinish={(values) => save.mutate(values)}
        >
          <Form.Item name="name" label={t('company.name')} rules={[{ required: true, whitespace: true, message: t('needed') }]} style={{ maxWidth: 420 }}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="time_zone" label={t('company.timeZone')} extra={t('company.timeZoneHint')} style={{ maxWidth: 420 }}>
            <Select showSearch options={zones} />
          </Form.Item>
          <Form.Item name="goal" label={t('company.goal')} extra={goal ? setup(`goal.${goal}Detail`) : null} style={{ maxWidth: 420 }}>
            <Select options={GOALS.map((value) => ({ value, label: setup(`goal.${value}`) }))} />
          </Form.Item>
          {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
          <div><Button type="primary" htmlType="submit" loading={save.isPending}>{common('save')}</Button></div>
        </Form>
      ) : null}
      <RetentionCard />
      {company.data?.demo ? (
        <section className="panel-card">
          <h3>{t('company.demo')}</h3>
          <p className="m2">{t('company.demoDetail')}</p>
          <div><button type="button" className="btn danger" onClick={() => setReset(true)}>{t('company.reset')}</button></div>
        </section>
      ) : null}
      {reset ? (
        <Confirm
          title={t('company.resetTitle')}
          detail={t('company.demoDetail')}
          verb={t('company.reset')}
          onClose={() => setReset(false)}
          run={async () => {
            await api.post('/demo/reset', {});
            // All sign-ins of the old demo end with it.
            endSession();
            await navigate({ to: '/login' });
            toast(t('company.resetDone'));
          }}
        />
      ) : null}
    </div>
  );
}
