import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, toProblem, type PublicOrder, type ServiceReportRef } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, Logo, SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { PublicFrame } from '../../shell/PublicFrame';
import { serviceText } from './text';
import '../orders/orders.css';

/** What a customer sees of his order: how it stands, the report he signed, and his word on it. */
export function ServiceScreen() {
  const t = useT(serviceText);
  const format = useFormat();
  const { token } = useParams({ from: '/service/$token' });
  const order = useQuery({ queryKey: ['service', token], queryFn: () => api.get<PublicOrder>('/public/orders/{token}', { params: { token } }), retry: false, refetchInterval: 60_000 });
  const gone = order.error && toProblem(order.error).status === 404;
  const data = order.data;
  return (
    <PublicFrame title={t('title')} wide>
      <header className="public-head"><Logo size={36} /><div><h1>{data ? t(`status.${data.status}`) : t('title')}</h1>{data ? <p>{format.dots([data.company, data.number])}</p> : null}</div></header>
      {gone ? <div role="alert"><b>{t('gone')}</b><p className="m2">{t('goneText')}</p></div> : order.error ? <ProblemView error={order.error} onRetry={() => void order.refetch()} /> : order.isPending ? <SkeletonRows rows={4} /> : null}
      {data ? (
        <>
          <p><b>{data.title}</b>{data.equipment ? <span className="m2"> · {data.equipment}</span> : null}</p>
          {data.report ? <Report token={token} report={data.report} /> : null}
          <h2 className="s14 w7">{t('progress')}</h2>
          <ol className="service-moves">{data.moves.map((one, k) => <li key={k}><time dateTime={one.at}>{format.dateTime(one.at)}</time><span>{t(`move.${one.move}`)}</span></li>)}</ol>
          {data.report ? <Rating token={token} report={data.report} /> : null}
        </>
      ) : null}
    </PublicFrame>
  );
}

function Report({ token, report }: { token: string; report: ServiceReportRef }) {
  const t = useT(serviceText);
  const format = useFormat();
  const [same, setSame] = useState<boolean | null>(null);
  const compare = async (file: File | undefined) => {
    if (!file) return;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    setSame([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('') === report.pdf_sha256);
  };
  return (
    <section aria-label={t('report')}>
      <p className="m2">{report.signer ? t('signed', { name: report.signer, time: format.dateTime(report.signed_at) }) : t('unsigned')}</p>
      <p className="m2">{t('code')} <b className="tabular">{report.code}</b></p>
      <p className="row g6"><a className="btn pri" href={`/api/v1/public/orders/${token}/report.pdf`} target="_blank" rel="noreferrer"><Icon name="file" size={15} />{t('open')}</a></p>
      {report.pdf_sha256 && crypto.subtle ? (
        <details><summary className="m2">{t('check')}</summary>
          <p className="s12 m3">{t('checkText')}</p>
          <input type="file" accept="application/pdf" aria-label={t('check')} onChange={(event) => void compare(event.target.files?.[0])} />
          {same === null ? null : <p role="status" className={same ? 'fg-visit' : 'fg-problem'}>{t(same ? 'same' : 'other')}</p>}
        </details>
      ) : null}
    </section>
  );
}

function Rating({ token, report }: { token: string; report: ServiceReportRef }) {
  const t = useT(serviceText);
  const client = useQueryClient();
  const [stars, setStars] = useState(0);
  const [words, setWords] = useState('');
  const rate = useMutation({
    mutationFn: () => api.post<PublicOrder>('/public/orders/{token}/rating', { stars, ...(words.trim() ? { words: words.trim() } : {}) }, { params: { token } }),
    onSuccess: (next) => client.setQueryData(['service', token], next),
  });
  if (report.stars) return <p role="status" className="fg-visit">{t('rated', { stars: report.stars })}</p>;
  return (
    <section aria-label={t('rate')} className="public-form">
      <h2 className="s14 w7">{t('rate')}</h2>
      <div className="service-stars" role="radiogroup" aria-label={t('rate')}>
        {[1, 2, 3, 4, 5].map((one) => <button key={one} type="button" role="radio" aria-checked={stars === one} aria-label={t('star', { stars: one })} className={one <= stars ? 'on' : ''} onClick={() => setStars(one)}><Icon name="star" size={24} weight={2} /></button>)}
      </div>
      <label>{t('rateWords')}<textarea className="plain-input" rows={2} maxLength={300} value={words} onChange={(event) => setWords(event.target.value)} /></label>
      {rate.error ? <ProblemView error={rate.error} compact /> : null}
      <button type="button" className="btn pri" disabled={stars === 0 || rate.isPending} onClick={() => rate.mutate()}>{t('rateSend')}</button>
    </section>
  );
}
