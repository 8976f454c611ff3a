import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type CheckpointInfo, type Inspection, type LedgerState, type LogLine } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Figure, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button } from 'antd';
import { CopyLine } from '../../kit/CopyLine';
import { Download } from '../../kit/Download';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { PanelHead } from './PanelHead';
import { auditText } from './auditWords';
import { kindWord, proofText, type ProofWords } from './proofText';
import './proof.css';

/** The company's log: does it hold, what was signed, and how others check it without us. */
export function ProofPanel() {
  const t = useT(proofText);
  const client = useQueryClient();
  const state = useQuery({ queryKey: ['proof'], queryFn: () => api.get<LedgerState>('/ledger') });
  const again = () => Promise.all([client.invalidateQueries({ queryKey: ['proof'] }), client.invalidateQueries({ queryKey: ['proof-list'] })]);
  const sign = useMutation({
    mutationFn: () => api.post<CheckpointInfo>('/ledger/checkpoints', undefined),
    onSuccess: (signed) => {
      toast(t('signedDone', { size: signed.size }));
      return again();
    },
  });
  const inspect = useMutation({ mutationFn: () => api.post<Inspection>('/ledger/inspections', undefined), onSuccess: again });
  return (
    <div className="panel-page wide">
      <PanelHead
        title={t('title')}
        intro={t('intro')}
        action={
          <span className="row">
            <Button loading={inspect.isPending} onClick={() => inspect.mutate()}>{t('inspect')}</Button>
            <Button type="primary" loading={sign.isPending} onClick={() => sign.mutate()}>{t('sign')}</Button>
          </span>
        }
      />
      {sign.error ? <ProblemView error={sign.error} compact /> : null}
      {inspect.error ? <ProblemView error={inspect.error} compact /> : null}
      {state.error ? <ProblemView error={state.error} onRetry={state.refetch} /> : null}
      {state.data ? <Standing state={state.data} /> : state.error ? null : <SkeletonRows rows={6} />}
      {state.data ? <Outside state={state.data} /> : null}
      <div className="proof-lists">
        <Checkpoints />
        <Lines />
      </div>
    </div>
  );
}

function Standing({ state }: { state: LedgerState }) {
  const t = useT(proofText);
  const format = useFormat();
  const found = state.inspection;
  const bad = found !== null && found.item !== null;
  return (
    <section className="panel-card" aria-label={t('standing')}>
      <div className="proof-figures">
        <div><span>{t('size')}</span><Figure value={format.number(state.size)} unit={t('entries')} size={20} /></div>
        <div><span>{t('today')}</span><Figure value={format.number(state.today)} unit={t('entries')} size={20} /></div>
        <div><span>{t('signedTo')}</span><Figure value={state.checkpoint ? format.number(state.checkpoint.size) : '—'} unit={state.checkpoint ? format.dateTime(state.checkpoint.at) : t('never')} size={20} /></div>
      </div>
      <div className={`proof-verdict ${bad ? 'bad' : found ? 'good' : ''}`} role="status">
        <Icon name={bad ? 'warn' : found ? 'shield' : 'info'} size={20} />
        <div>
          <b>{bad ? t('broken', { item: itemWord(t, found.item ?? '') }) : found ? t('holds') : t('unchecked')}</b>
          <span className="m2">
            {found ? t('checkedAt', { at: format.dateTime(found.at), size: format.number(found.size), checkpoints: format.number(found.checkpoints) }) : t('uncheckedDetail')}
          </span>
        </div>
      </div>
    </section>
  );
}

/** `entry 12` in the reader's words. */
function itemWord(t: ProofWords, item: string): string {
  const [kind = '', where = ''] = item.split(' ');
  return kind === 'entry' || kind === 'entries' ? t('itemEntries', { where }) : kind === 'checkpoint' ? t('itemCheckpoint', { where }) : item;
}

function Outside({ state }: { state: LedgerState }) {
  const t = useT(proofText);
  return (
    <section className="panel-card">
      <h3>{t('outside')}</h3>
      <p className="m2">{t('outsideDetail')}</p>
      <CopyLine label={t('address')} value={state.checkpoint_url} />
      <CopyLine label={t('fingerprint')} value={state.fingerprint} />
      <CopyLine label={t('key')} value={state.key} />
      <div className="row" style={{ flexWrap: 'wrap' }}>
        <Download path="/ledger/bundles/log" fallback="tashi-log.zip" label={t('wholeLog')} />
        <a className="btn" href="/verify" target="_blank" rel="noreferrer"><Icon name="shield" />{t('openVerifier')}</a>
        <a className="btn" href="/verify/verifier.html" download="tashi-verifier.html"><Icon name="download" />{t('saveVerifier')}</a>
        <a className="btn" href="/verify/verify.py" download="verify.py"><Icon name="download" /><span lang="en">verify.py</span></a>
      </div>
      <p className="m3 s12">{t('wholeLogDetail')}</p>
    </section>
  );
}

function Checkpoints() {
  const t = useT(proofText);
  const format = useFormat();
  const list = useList<CheckpointInfo>(['proof-list', 'checkpoints'], '/ledger/checkpoints', {}, { count: false, limit: 20 });
  return (
    <section className="panel-card flush" aria-label={t('checkpoints')}>
      <h3>{t('checkpoints')}</h3>
      {list.error ? <ProblemView error={list.error} onRetry={list.retry} /> : null}
      {list.pending ? <SkeletonRows rows={4} /> : null}
      {!list.pending && list.rows.length === 0 ? <p className="m3 proof-none">{t('noCheckpoints')}</p> : null}
      <ul className="proof-rows">
        {list.rows.map((row) => (
          <li key={row.size}>
            <span><b>{format.number(row.size)}</b> <span className="m3">{t('entries')}</span></span>
            <span className="m2 s12">{format.dateTime(row.at)}·{t(row.reason === 'daily' ? 'reason.daily' : row.reason === 'asked' ? 'reason.asked' : 'reason.export')}</span>
            <Download path={`/ledger/checkpoints/${row.size}`} fallback={`tashi-checkpoint-${row.size}.txt`} look="icon only" label={t('downloadCheckpoint', { size: row.size })} />
          </li>
        ))}
      </ul>
      {list.hasMore ? <div className="table-foot"><button type="button" className="btn" disabled={list.loadingMore} onClick={list.more}>{t('more')}</button></div> : null}
    </section>
  );
}

function Lines() {
  const t = useT(proofText);
  const audit = useT(auditText);
  const format = useFormat();
  const list = useList<LogLine>(['proof-list', 'lines'], '/ledger/entries', {}, { count: false, limit: 30 });
  return (
    <section className="panel-card flush" aria-label={t('lines')}>
      <h3>{t('lines')}</h3>
      {list.error ? <ProblemView error={list.error} onRetry={list.retry} /> : null}
      {list.pending ? <SkeletonRows rows={6} /> : null}
      <ul className="proof-rows">
        {list.rows.map((row) => (
          <li key={row.index} title={row.leaf_hash}>
            <span><span className="m3">#{format.number(row.index)}</span> <b>{kindWord(t, audit, row.kind)}</b>{row.employee ? <span className="m2">·{row.employee.name}</span> : null}</span>
            <span className="m2 s12">{format.dateTime(row.at)}</span>
            {row.erased ? <span className="tag">{t('erased')}</span> : <code className="mono s11 m3">{row.leaf_hash.slice(0, 8)}</code>}
          </li>
        ))}
      </ul>
      {list.hasMore ? <div className="table-foot"><button type="button" className="btn" disabled={list.loadingMore} onClick={list.more}>{t('more')}</button></div> : null}
    </section>
  );
}
