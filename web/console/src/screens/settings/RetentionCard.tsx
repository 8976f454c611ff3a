import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Retention } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { ProblemView } from '../../kit/ProblemView';
import { settingsText } from './text';

/** Choices in days; 0 stands for no end. */
const CHOICES = [0, 62, 90, 180, 365, 730, 1095] as const;

/** How long positions are kept. Choosing less deletes for good, so it is asked first. */
export function RetentionCard() {
  const t = useT(settingsText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const canWrite = useCan('company.write');
  const retention = useQuery({ queryKey: ['company', 'retention'], queryFn: () => api.get<Retention>('/company/retention') });
  const [chosen, setChosen] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const save = useMutation({
    mutationFn: (days: number) => api.put<Retention>('/company/retention', { positions_days: days === 0 ? null : days }),
    onSuccess: (next) => {
      client.setQueryData(['company', 'retention'], next);
      setChosen(null);
      toast(t('saved'));
    },
  });
  if (!retention.data) return retention.error ? <ProblemView error={retention.error} onRetry={retention.refetch} /> : null;
  const now = retention.data.positions_days ?? 0;
  const value = chosen ?? now;
  const shorter = value !== 0 && (now === 0 || value < now);
  const known = CHOICES.some((days) => days === now) ? [...CHOICES] : [...CHOICES, now].sort((a, b) => a - b);
  return (
    <section className="panel-card">
      <h3>{t('retention')}</h3>
      <p className="m2">{t('retention.detail')}</p>
      <div className="row">
        <Select
          aria-label={t('retention')}
          style={{ width: 220 }}
          disabled={!canWrite}
          value={value}
          onChange={setChosen}
          options={known.map((days) => ({ value: days, label: days === 0 ? t('retention.forever') : t('retention.days', { count: days }) }))}
        />
        <button type="button" className="btn pri" disabled={!canWrite || value === now || save.isPending} onClick={() => (shorter ? setAsking(true) : save.mutate(value))}>{common('save')}</button>
      </div>
      {retention.data.purged_before ? <p className="m3 s12">{t('retention.purged', { day: format.day(retention.data.purged_before) })}</p> : null}
      {save.error ? <ProblemView error={save.error} compact /> : null}
      {asking ? (
        <Confirm
          title={t('retention.askTitle', { count: value })}
          detail={t('retention.ask')}
          verb={t('retention.verb')}
          onClose={() => setAsking(false)}
          run={() => save.mutateAsync(value)}
        />
      ) : null}
    </section>
  );
}
