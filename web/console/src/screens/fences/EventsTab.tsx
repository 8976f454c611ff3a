import { Link, useSearch } from '@tanstack/react-router';
import type { FenceEvent, FenceEventKind } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, type IconName } from '@tashi/shared/ui';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { ViewsMenu } from '../../kit/SavedViews';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import type { FencesSearch } from './search';
import { fencesText } from './text';

const FILTERS = ['person', 'kind'];
const KINDS: FenceEventKind[] = ['enter', 'dwell', 'exit', 'pass'];
const ICONS: Record<FenceEventKind, IconName> = { enter: 'visit', dwell: 'clock', exit: 'logout', pass: 'car' };
const TONES: Record<FenceEventKind, string> = { enter: 'st visit', dwell: 'st idle', exit: 'st moving', pass: 'st silent' };

/** Who came, stayed, left and passed, with what it rests on. */
export function EventsTab() {
  const t = useT(fencesText);
  const common = useT(commonText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/fences' });
  const patch = useSearchPatch<FencesSearch>();
  const employees = useActiveEmployees();
  const people = useOptions(employees.data);
  const today = format.today();
  const day = search.day ?? today;
  const list = useList<FenceEvent>(['fence-events'], '/fence-events', { day, employee_id: search.person, kind: search.kind }, { count: false });
  return (
    <div className="fences-full">
      <div className="fences-bar">
        <DayField label={t('day')} before={t('before')} after={t('after')} value={day} max={today} onChange={(next) => patch({ day: next === today ? undefined : next })} />
        <FilterSelect label={t('person')} value={search.person} options={people} onChange={(person) => patch({ person })} />
        <FilterSelect label={t('kind')} value={search.kind} options={KINDS.map((kind) => ({ value: kind, label: t(`event.${kind}`) }))} onChange={(kind) => patch({ kind: kind as FenceEventKind | undefined })} />
        <ViewsMenu id="fence-events" keys={FILTERS} />
        <span className="note end"><Icon name="eye" size={14} />{t('ledgerNote')}</span>
      </div>
      {list.error ? <div style={{ padding: 16 }}><ProblemView error={list.error} onRetry={list.retry} /></div> : null}
      {list.pending ? <SkeletonRows rows={10} height={44} /> : null}
      {!list.pending && !list.error && list.rows.length === 0 ? <div className="empty" style={{ padding: 32 }}><b>{t('noEvents')}</b><p>{t('noEventsDetail')}</p></div> : null}
      {list.rows.length ? (
        <table className="tbl fences-table">
          <thead><tr><th>{t('time')}</th><th>{t('event')}</th><th>{t('person')}</th><th>{t('place')}</th><th>{t('proof')}</th><th /></tr></thead>
          <tbody>
            {list.rows.map((row) => (
              <tr key={row.id}>
                <td>{format.timeSeconds(row.at)}{row.kind === 'pass' && row.until !== row.at ? <span className="m3"> {t('until', { time: format.timeSeconds(row.until) })}</span> : null}</td>
                <td><span className={TONES[row.kind]}><Icon name={ICONS[row.kind]} size={13} />{t(`event.${row.kind}`)}</span></td>
                <td>{row.employee.name}</td>
                <td>{row.customer_id ? <Link to="/customers/$id" params={{ id: row.customer_id }}>{row.name}</Link> : row.name}</td>
                <td className="m2" title={t('rule', { version: row.rule_version })}>{t('proofText', { accuracy: format.number(row.accuracy_m), probability: format.percent(row.probability) })}</td>
                <td><Link to="/tracks" search={{ person: row.employee.id, day: row.day === today ? undefined : row.day, t: format.timeSeconds(row.at) }}>{t('toTrack')}</Link></td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {list.hasMore ? <div style={{ padding: 16 }}><button type="button" className="btn" disabled={list.loadingMore} onClick={list.more}><Icon name="down" size={14} />{common('more')}</button></div> : null}
    </div>
  );
}
