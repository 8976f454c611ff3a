import { useQuery } from '@tanstack/react-query';
import { api, type ObjectFace, type ObjectReport, type Query } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { Download } from '../../kit/Download';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { filtered } from './conditions';
import { objectsText } from './text';

const OURS = ['owner', 'department', 'month', 'approval'] as const;

/** The records the list shows, summed up by group: how many, and what a number of theirs comes to. */
export function ReportDrawer({ face, query, onClose }: { face: ObjectFace; query: Query; onClose(): void }) {
  const t = useT(objectsText);
  const format = useFormat();
  const language = useLanguage();
  const label = (key: string) => said(face.spec.fields.find((one) => one.key === key)?.label, language) || key;
  const groups = face.spec.fields.filter((one) => ['word', 'text', 'day'].includes(filtered(one) ?? '')).map((one) => one.key);
  const numbers = face.spec.fields.filter((one) => filtered(one) === 'number').map((one) => one.key);
  const [group, setGroup] = useState<string>(groups[0] ?? 'owner');
  const [sum, setSum] = useState(numbers[0] ?? '');
  const asked = { ...query, group, sum: sum || undefined };
  const report = useQuery({
    queryKey: ['objects', 'report', face.key, asked],
    queryFn: ({ signal }) => api.get<ObjectReport>('/objects/{key}/report', { params: { key: face.key }, query: asked, signal }),
    placeholderData: (old) => old,
  });
  const number = (n: number) => format.number(n, 2);
  return (
    <EntityDrawer
      title={t('report')}
      subtitle={said(face.name, language) || face.key}
      onClose={onClose}
      foot={<><span className="s12 m3">{report.data ? t('reportOf', { count: report.data.records }) : ''}</span><span className="sp" /><Download path={`/objects/${face.key}/report.csv`} query={asked} fallback={`${face.key}-report.csv`} label={t('exportCsv')} /></>}
    >
      <div className="drawer-pad stack">
        <div className="form-2">
          <label className="stack"><span className="s12 m2">{t('groupBy')}</span>
            <select className="plain-input" data-autofocus value={group} onChange={(e) => setGroup(e.target.value)}>
              {groups.map((key) => <option key={key} value={key}>{label(key)}</option>)}
              {OURS.map((key) => <option key={key} value={key}>{t(key)}</option>)}
            </select>
          </label>
          <label className="stack"><span className="s12 m2">{t('sumOf')}</span>
            <select className="plain-input" value={sum} onChange={(e) => setSum(e.target.value)}>
              <option value="">{t('countOnly')}</option>
              {numbers.map((key) => <option key={key} value={key}>{label(key)}</option>)}
            </select>
          </label>
        </div>
        {report.error ? <ProblemView error={report.error} compact onRetry={() => report.refetch()} /> : !report.data ? <SkeletonRows /> : report.data.groups.length === 0 ? <p className="m2">{t('none')}</p> : (
          <table className="report-table" aria-label={t('report')}>
            <thead><tr><th scope="col">{OURS.find((one) => one === group) ? t(group as (typeof OURS)[number]) : label(group)}</th><th scope="col">{t('count')}</th>{sum ? <><th scope="col">{t('sum')}</th><th scope="col">{t('mean')}</th></> : null}</tr></thead>
            <tbody>
              {report.data.groups.map((one) => (
                <tr key={one.key}><th scope="row">{one.label}</th><td>{format.number(one.count)}</td>{sum ? <><td>{one.sum === null ? '—' : number(one.sum)}</td><td>{one.sum === null ? '—' : number(one.sum / one.answered)}</td></> : null}</tr>
              ))}
            </tbody>
          </table>
        )}
        {report.data?.truncated ? <p className="s12 fg-late">{t('reportCut')}</p> : null}
      </div>
    </EntityDrawer>
  );
}
