import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { api, toProblem, useStreamEvent, type Visit } from '@tashi/shared/api';
import { commonText, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Bone, GradeTag, Icon, SkeletonRows, VERDICT_LOOK } from '@tashi/shared/ui';
import { Download } from '../../kit/Download';
import { ProblemView } from '../../kit/ProblemView';
import { useShortcuts } from '../../kit/shortcuts';
import { VisitTruth } from '../truth/VisitTruth';
import { ChecksCard } from './ChecksCard';
import { PhotoCard } from './PhotoCard';
import { PlaceCard } from './PlaceCard';
import { StepsCard } from './StepsCard';
import { visitsText } from './text';
import { TimesCard } from './TimesCard';
import { useVisits } from './useVisits';
import { VerdictCard } from './VerdictCard';
import { EffectiveWord } from './VisitsScreen';
import { VisitRail } from './VisitRail';
import './visits.css';

/** Did this happen, how sure are we, what would clear it? */
export function VisitScreen() {
  const t = useT(visitsText);
  const { id } = useParams({ from: '/shell/visits/$id' });
  const search = useSearch({ from: '/shell/visits/$id' });
  const navigate = useNavigate();
  const list = useVisits(search);
  const visit = useQuery({
    // Not below `visits`: a look at a visit is written to a ledger, so neither a change of another visit nor coming back to
    // the tab may repeat it.
    queryKey: ['visit', id],
    queryFn: () => api.get<Visit>('/visits/{id}', { params: { id } }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  useStreamEvent('visit', (row) => {
    if (row.id === id) void visit.refetch();
  });
  const step = (by: 1 | -1) => {
    const at = list.rows.findIndex((row) => row.id === id);
    const next = list.rows[at + by];
    if (next) void navigate({ to: '/visits/$id', params: { id: next.id }, search, replace: true });
  };
  useShortcuts([
    { keys: 'j', label: t('next'), run: () => step(1) },
    { keys: 'k', label: t('previous'), run: () => step(-1) },
  ]);
  return (
    <div className="visit-page">
      <VisitRail list={list} id={id} search={search} />
      {visit.data ? (
        <VisitCard visit={visit.data} />
      ) : visit.error ? (
        <div className="visit-failed">
          {toProblem(visit.error).status === 404 ? <b>{t('notFound')}</b> : <ProblemView error={visit.error} onRetry={visit.refetch} />}
          <Link to="/visits" search={search} className="btn">{t('back')}</Link>
        </div>
      ) : (
        <Loading />
      )}
    </div>
  );
}

function Loading() {
  return (
    <div className="visit-main">
      <div className="visit-head"><Bone width={260} height={20} /></div>
      <div className="visit-grid">
        <div className="card"><div className="visit-photo" /></div>
        <div className="card"><SkeletonRows rows={6} /></div>
        <div className="card"><div className="map visit-place" /></div>
      </div>
    </div>
  );
}

function VisitCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const common = useT(commonText);
  const format = useFormat();
  const now = useNow(30_000);
  const look = VERDICT_LOOK[visit.verdict];
  const open = visit.status === 'open';
  const stay = open ? (now - Date.parse(visit.check_in_at)) / 1000 : visit.stay_s;
  return (
    <article className="visit-main" aria-label={visit.customer.name}>
      <header className="visit-head">
        <div className="visit-who">
          <div className="row">
            <GradeTag grade={visit.customer.grade} />
            <h2 className="s16 w7">{visit.customer.name}</h2>
            <span className="tag">{visit.task_id ? t('planned') : t('adHoc')}</span>
            {visit.offline ? <span className="tag">{t('offline')}</span> : null}
          </div>
          <div className="s12 m2">
            {visit.employee.name}·{format.dayWeek(visit.day)} {format.time(visit.check_in_at)}–{open ? common('visit.open') : format.time(visit.check_out_at)}·
            {open ? t('countsOpen', { duration: format.duration(stay) }) : t('counts', { duration: format.duration(stay) })}
          </div>
        </div>
        <span className="vr" />
        <div>
          <div className="s12 m3">{t('arrived')}</div>
          <div className="row g6">
            <Icon name={look.icon} size={18} weight={2} className={`fg-${look.tone}`} />
            <b className="s14 w5">{common(`verdict.${visit.verdict}`)}</b>
          </div>
        </div>
        <div>
          <div className="s12 m3">{t('probability')}</div>
          <b className="s14 w5">{format.percent(visit.check_in.probability)}</b>
        </div>
        <div>
          <div className="s12 m3">{t('effective')}</div>
          <EffectiveWord row={visit} />
        </div>
        <span className="sp" />
        <Link to="/customers/$id" params={{ id: visit.customer.id }} className="btn">{t('toCustomer')}</Link>
        <Link to="/tracks" search={{ person: visit.employee.id, day: visit.day, t: format.timeSeconds(visit.check_in_at) }} className="btn">
          <Icon name="track" />
          {t('toTrack')}
        </Link>
        <Download path={`/ledger/bundles/visits/${visit.id}`} fallback={`tashi-visit-${visit.id}.zip`} label={t('bundle')} title={format.dots([t('bundle'), visit.customer.name])} hint={t('bundleHint')} />
      </header>
      <div className="visit-grid">
        <div>
          <PhotoCard key={visit.id} visit={visit} />
          <StepsCard visit={visit} />
        </div>
        <div>
          <VisitTruth visit={visit} />
          <VerdictCard visit={visit} />
          <ChecksCard visit={visit} />
          <section className="card visit-words">
            <div className="hd"><h2>{t('words')}</h2></div>
            <p className={visit.summary ? undefined : 'm3'}>{visit.summary ?? t('wordsNone')}</p>
          </section>
        </div>
        <div>
          <PlaceCard visit={visit} />
          <TimesCard visit={visit} />
          <p className="note"><Icon name="eye" size={14} />{t('ledger', { name: visit.employee.name })}</p>
        </div>
      </div>
    </article>
  );
}
