import { useQuery } from '@tanstack/react-query';
import { api, type DayPolicy } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Form, InputNumber, Select } from 'antd';
import { dayText } from './dayText';

/** How a person gets about, how the day begins and ends, and what it may hold. What is left empty follows the company. */
export function DayFields() {
  const t = useT(dayText);
  const format = useFormat();
  const policy = useQuery({ queryKey: ['company', 'day'], queryFn: () => api.get<DayPolicy>('/company/day') }).data;
  const company = (value: string | undefined) => (value ? t('asCompanyIs', { value }) : t('asCompany'));
  const number = (value: number | null | undefined, unit: string) => (policy ? (value ? t('asCompanyIs', { value: `${format.number(value)} ${unit}` }) : t('noLimit')) : t('asCompany'));
  return (
    <div className="form-2">
      <Form.Item name={['day', 'travel']} label={t('travel')} extra={t('travelHint')}>
        <Select allowClear placeholder={t('asCompany')} options={(['car', 'ebike', 'foot'] as const).map((one) => ({ value: one, label: t(`travel.${one}`) }))} />
      </Form.Item>
      <Form.Item name={['day', 'start']} label={t('start')}>
        <Select allowClear placeholder={company(policy && t(`start.${policy.start}`))} options={(['home', 'office', 'first'] as const).map((one) => ({ value: one, label: t(`start.${one}`) }))} />
      </Form.Item>
      <Form.Item name={['day', 'end']} label={t('end')}>
        <Select allowClear placeholder={company(policy && t(`end.${policy.end}`))} options={(['home', 'office', 'open'] as const).map((one) => ({ value: one, label: t(`end.${one}`) }))} />
      </Form.Item>
      <Form.Item name={['day', 'most_visits']} label={t('mostVisits')}>
        <InputNumber min={1} max={40} precision={0} style={{ width: '100%' }} suffix={t('visitsUnit')} placeholder={number(policy?.most_visits, t('visitsUnit'))} />
      </Form.Item>
      <Form.Item name={['day', 'most_km']} label={t('mostKm')}>
        <InputNumber min={1} max={2000} precision={0} style={{ width: '100%' }} suffix="km" placeholder={number(policy?.most_km, 'km')} />
      </Form.Item>
    </div>
  );
}
