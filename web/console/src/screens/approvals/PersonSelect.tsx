import { useT } from '@tashi/shared/i18n';
import { Select } from 'antd';
import { useState } from 'react';
import { approvalText } from './text';
import { useColleagues } from './useApprovals';

/** A colleague of the whole company, found by name or pinyin. */
export function PersonSelect({ label, value, onChange }: { label: string; value: string | null; onChange(id: string | null): void }) {
  const t = useT(approvalText);
  const [q, setQ] = useState('');
  const found = useColleagues(q, true);
  return (
    <Select
      showSearch
      aria-label={label}
      value={value}
      filterOption={false}
      placeholder={t('pick')}
      options={found.data?.map((one) => ({ value: one.id, label: `${one.name} · ${one.department}` }))}
      onSearch={setQ}
      onChange={(id: string) => onChange(id)}
      style={{ width: '100%' }}
    />
  );
}
