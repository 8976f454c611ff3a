import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api, useStreamEvent, type Finding, type FindingDetail, type TruthCard } from '@tashi/shared/api';
import { commonText, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useMe } from '../../app/session';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useDepartmentOptions, useOptions } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import { BandWord, DayOf, FindingWords, PhotoPairs, Said, TrackMap, TwoTracks } from './FindingParts';
import { Measured } from './Measured';
import { PhonesView } from './PhonesView';
import { RulesView } from './RulesView';
import { STATUSES, type TruthSearch } from './search';
import { StatisticsView, useStatistics } from './StatisticsView';
import { truthText } from './text';
import { TryView } from './TryView';
import './truth.css';

const FILTERS = ['status', 'code', 'person', 'department', 'from', 'to'];

/** What needs a word, with the evidence beside it; three ways on: wait for the person, clear, uphold. */
export function TruthScreen() {
  const t = useT(truthText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/truth' });
  const patch = useSearchPatch<TruthSearch>();
  const navigate = useNavigate();
  const employees = useActiveEmployees();
  const people = useOptions(employees.data);
  const departments = useDepartmentOptions();
  const statistics = useStatistics();
  const me = useMe();
  const status = search.status ?? 'pending';
  const list = useList<Finding>(['findings'], '/truth/findings', {
    status: status === 'all' ? undefined : status,
    code: search.code,
    employee_id: search.person,
    department_id: search.department,
    day_from: search.from,
    day_to: search.to,
  }, { limit: 50, count: false });
  const chosen = search.finding ?? list.rows[0]?.id;
  const step = (by: 1 | -1) => {
    const next = list.rows[list.rows.findIndex((row) => row.id === chosen) + by];
    if (next) patch({ finding: next.id }, { replace: true });
  };
  useShortcuts([
    { keys: 'j', label: t('list'), run: () => step(1) },
    { keys: 'k', label: t('list'), run: () => step(-1) },
  ]);
  return (
    <div className="truth-page">
      <div className="bar">
        <span className="seg" role="tablist" aria-label={t('title')}>
          {([undefined, 'phones', 'numbers', 'rules', ...(me.company.demo ? (['try'] as const) : [])] as const).map((view) => (
            <button key={view ?? 'inbox'} type="button" role="tab" aria-selected={search.view === view} className={search.view === view ? 'on' : ''} onClick={() => patch({ view })}>
              {t(view ?? 'inbox')}
            </button>
          ))}
        </span>
        {search.view ? null : (
          <>
            <FilterSelect label={t('statusLabel')} value={status} options={[...STATUSES, 'all' as const].map((value) => ({ value, label: t(`status.${value}`) }))} onChange={(next) => patch({ status: (next as TruthSearch['status']) ?? 'all', finding: undefined })} />
            <FilterSelect label={t('rule')} value={search.code} options={(statistics.data?.rules ?? []).map((one) => ({ value: one.code, label: one.title }))} onChange={(code) => patch({ code, finding: undefined })} />
            <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department, finding: undefined })} />
            <FilterSelect label={t('employee')} value={search.person} options={people} onChange={(person) => patch({ person, finding: undefined })} />
            <DayField label={t('from')} value={search.from ?? ''} max={search.to ?? format.today()} onChange={(from) => patch({ from })} />
            <DayField label={t('to')} value={search.to ?? ''} min={search.from} onChange={(to) => patch({ to })} />
            <ViewsMenu id="truth" keys={FILTERS} />
          </>
        )}
      </div>
      {search.view === 'numbers' ? <div className="truth-main" style={{ gridColumn: '1 / -1' }}><StatisticsView /></div> : null}
      {search.view === 'phones' ? <div className="truth-main" style={{ gridColumn: '1 / -1' }}><PhonesView /></div> : null}
      {search.view === 'try' ? <div className="truth-main" style={{ gridColumn: '1 / -1' }}><TryView /></div> : null}
      {search.view === 'rules' ? <div className="truth-main" style={{ gridColumn: '1 / -1' }}><RulesView /></div> : null}
      {search.view ? null : (
        <>
          <nav className="truth-rail" aria-label={t('list')}>
            {list.pending ? <SkeletonRows rows={6} height={76} /> : null}
            {list.error ? <ProblemView error={list.error} onRetry={list.retry} compact /> : null}
            {!list.pending && !list.error && list.rows.length === 0 ? <div className="empty"><b>{t('emptyTitle')}</b><p>{t('emptyDetail')}</p></div> : null}
            <ul>
              {list.rows.map((row) => (
                <li key={row.id}>
                  <button type="button" className={row.id === chosen ? 'truth-item on' : 'truth-item'} aria-current={row.id === chosen || undefined} onClick={() => patch({ finding: row.id }, { replace: true })}>
                    <span className="row"><b className="clip">{row.title}</b><span className="end s12"><BandWord band={row.band} /></span></span>
                    <span className="s12 m3 clip">{row.employee.name}·{format.dayWeek(row.day)}</span>
                    <span className="s12 m2">{t(`status.${row.status}`)}</span>
                  </button>
                </li>
              ))}
              {list.hasMore ? <li style={{ padding: 12 }}><button type="button" className="btn sm" disabled={list.loadingMore} onClick={list.more}>{t('more')}</button></li> : null}
            </ul>
          </nav>
          <div className="truth-main">
            {chosen ? <OneFinding key={chosen} id={chosen} onGone={() => void navigate({ to: '/truth' })} /> : null}
          </div>
        </>
      )}
    </div>
  );
}

function OneFinding({ id, onGone }: { id: string; onGone(): void }) {
  const t = useT(truthText);
  const common = useT(commonText);
  const detail = useQuery({
    queryKey: ['truth', 'finding', id],
    queryFn: () => api.get<FindingDetail>('/truth/findings/{id}', { params: { id } }),
  });
  const visitId = detail.data?.finding.visit_id;
  const card = useQuery({
    // A look at positions is written to the person's ledger: news of this visit repeats it, nothing else does.
    queryKey: ['truth-card', visitId],
    queryFn: () => api.get<TruthCard>('/truth/visits/{id}', { params: { id: visitId ?? '' } }),
    enabled: Boolean(visitId),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  useStreamEvent('finding', (news) => {
    if (news.id === id) void detail.refetch();
  });
  if (detail.error) {
    return (
      <div className="col g6" style={{ alignItems: 'flex-start' }}>
        <ProblemView error={detail.error} onRetry={detail.refetch} />
        <button type="button" className="btn" onClick={onGone}>{common('back')}</button>
      </div>
    );
  }
  if (!detail.data) return <SkeletonRows rows={6} />;
  const { finding, events } = detail.data;
  return (
    <article className="truth-grid" aria-label={finding.title}>
      <div>
        <section className="card">
          <FindingWords finding={finding} level={2} />
          <Measured finding={finding} />
        </section>
        <PhotoPairs finding={finding} />
        <TwoTracks finding={finding} />
        {visitId ? (card.data ? <TrackMap card={card.data} /> : null) : <DayOf finding={finding} />}
      </div>
      <div>
        <Said events={events} />
        <Decide finding={finding} />
        {card.data?.speaks_for.length ? (
          <section className="card">
            <div className="hd"><h2>{t('speaksFor')}</h2><span className="end tag line" title={t(`grade.${card.data.grade}`)}>{t('grade', { grade: card.data.grade })}</span></div>
            <ul className="truth-fine">
              {card.data.speaks_for.map((words) => <li key={words}><Icon name="okCircle" size={15} weight={2} className="fg-visit" />{words}</li>)}
            </ul>
          </section>
        ) : null}
        <div className="row" style={{ flexWrap: 'wrap' }}>
          {visitId ? <Link to="/visits/$id" params={{ id: visitId }} className="btn">{t('openVisit')}</Link> : null}
          <Link to="/tracks" search={{ person: finding.employee.id, day: finding.day }} className="btn"><Icon name="track" />{t('wholeDay')}</Link>
        </div>
        {card.data ? <p className="note"><Icon name="eye" size={14} />{t('ledger', { name: finding.employee.name })}</p> : null}
      </div>
    </article>
  );
}

function Decide({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  const format = useFormat();
  const now = useNow(30_000);
  const me = useMe();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [pay, setPay] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const second = finding.status === 'second';
  // The person is heard first: until then it can only be cleared.
  const unheard = finding.status === 'open' && now < Date.parse(finding.answer_by);
  if (!['open', 'answered', 'second'].includes(finding.status) || !me.permissions.includes('task.write')) return null;
  if (finding.employee.id === me.employee.id) return <p className="note">{t('notYou')}</p>;
  const send = async (outcome: 'upheld' | 'cleared') => {
    setBusy(true);
    setError(null);
    try {
      const path = second ? '/truth/findings/{id}/second' : '/truth/findings/{id}/decision';
      await api.post(path, { outcome, reason, affects_pay: pay && outcome === 'upheld' }, { params: { id: finding.id } });
      toast(t('decided'));
      for (const key of ['findings', 'truth', 'truth-card', 'visits', 'visit']) void client.invalidateQueries({ queryKey: [key] });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="card">
      <div className="hd"><h2>{t(second ? 'second' : 'decide')}</h2><span className="sub">{finding.status === 'open' ? t('answerBy', { time: format.dateTime(finding.answer_by) }) : null}</span></div>
      <div className="truth-decide">
        <label className="col" style={{ gap: 4 }}>
          <span className="s12 m2">{t('why')}</span>
          <textarea value={reason} maxLength={1000} placeholder={t('whyHint')} onChange={(event) => setReason(event.target.value)} />
        </label>
        {second ? null : (
          <label className="row g6 s12"><input type="checkbox" checked={pay} onChange={(event) => setPay(event.target.checked)} />{t('affectsPay')}</label>
        )}
        {error ? <ProblemView error={error} compact /> : null}
        <div className="row">
          <button type="button" className="btn pri" disabled={busy || !reason.trim()} onClick={() => void send('cleared')}><Icon name="check" size={15} />{t('clear')}</button>
          <button type="button" className="btn" disabled={busy || unheard || !reason.trim()} onClick={() => void send('upheld')}>{t('uphold')}</button>
        </div>
        {unheard ? <p className="note">{t('upholdLater', { time: format.dateTime(finding.answer_by) })}</p> : null}
      </div>
    </section>
  );
}
