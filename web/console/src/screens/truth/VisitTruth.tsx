import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, useStreamEvent, type TruthCard, type VisitRow } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { BandWord, FindingWords } from './FindingParts';
import { truthText } from './text';
import './truth.css';

/** What needs a word at this visit, and what was checked and is fine. */
export function VisitTruth({ visit }: { visit: VisitRow }) {
  const t = useT(truthText);
  const format = useFormat();
  const card = useQuery({
    // Not below `truth`: a look is written to a ledger, so only news of this visit repeats it.
    queryKey: ['truth-card', visit.id],
    queryFn: () => api.get<TruthCard>('/truth/visits/{id}', { params: { id: visit.id } }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  useStreamEvent('finding', (news) => {
    if (news.visit_id === visit.id) void card.refetch();
  });
  if (card.error) return <section className="card" style={{ padding: 14 }}><ProblemView error={card.error} onRetry={card.refetch} compact /></section>;
  if (!card.data) return <section className="card"><SkeletonRows rows={3} /></section>;
  const { findings, speaks_for, grade, band, seals } = card.data;
  return (
    <section className="card">
      <div className="hd truth-hd">
        <h2>{findings.length ? t('findings', { count: findings.length }) : t('findingsNone')}</h2>
        <span className="sub">{findings.length ? t('findingsSub') : null}</span>
        <span className="end row g6 s12"><BandWord band={band} /><span className="tag line" title={t(`grade.${grade}`)}>{t('grade', { grade })}</span></span>
      </div>
      {findings.map((finding) => (
        <div key={finding.id}>
          <FindingWords finding={finding} />
          <div style={{ padding: '0 16px 12px' }}><Link to="/truth" search={{ status: 'all', finding: finding.id }} className="btn sm">{t('decide')}</Link></div>
        </div>
      ))}
      {seals.sealed + seals.failed + seals.unsigned > 0 ? (
        <p className="truth-seals">
          <Icon name="lock" size={14} />
          {format.dots([
            seals.sealed ? t('sealed', { count: seals.sealed }) : null,
            seals.failed ? t('sealsFailed', { count: seals.failed }) : null,
            seals.unsigned ? t('sealsUnsigned', { count: seals.unsigned }) : null,
            ...seals.phones.map((phone) => `${phone.name} ${t(`phone.${phone.status}`)}`),
          ])}
        </p>
      ) : null}
      {speaks_for.length ? (
        <div className="truth-fine" role="list" aria-label={t('speaksFor')}>
          <b className="s12">{t('speaksFor')}</b>
          {speaks_for.map((words) => <span key={words} role="listitem" className="row g6"><span className="fg-visit" aria-hidden="true">✓</span>{words}</span>)}
        </div>
      ) : null}
    </section>
  );
}
