import { newId, toProblem, type ApprovalFile, type ApprovalPage, type NewAction } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useRef, useState } from 'react';
import { AskReason } from '../../kit/AskReason';
import { MenuButton } from '../../kit/MenuButton';
import { ProblemView } from '../../kit/ProblemView';
import { Attach } from './Attach';
import { PersonSelect } from './PersonSelect';
import { Returned } from './Returned';
import { approvalText } from './text';
import { useAct } from './useApprovals';

type Asking = 'reject' | 'return' | 'transfer' | 'signer_before' | 'signer_after' | 'withdraw';

/** What the reader may do: decide, hand over, send back; as requester take back, urge, hand in again. */
export function Actions({ page, onReload }: { page: ApprovalPage; onReload(): void }) {
  const t = useT(approvalText);
  const act = useAct(page.id);
  const [comment, setComment] = useState('');
  const [files, setFiles] = useState<ApprovalFile[]>([]);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [own, setOwn] = useState(page.asks[0]?.ask);
  const [to, setTo] = useState<string | null>(null);
  const [step, setStep] = useState('');
  const ask = page.asks.find((one) => one.ask === own) ?? page.asks[0];
  // The same thing tried again after a lost answer counts once.
  const last = useRef<{ what: string; id: string } | null>(null);
  const run = (done: Omit<NewAction, 'id'>, words: string) => {
    const action = files.length ? { ...done, file_ids: files.map((one) => one.id) } : done;
    const what = JSON.stringify(action);
    if (last.current?.what !== what) last.current = { what, id: newId() };
    act.mutate({ id: last.current.id, ...action }, {
      onSuccess: () => {
        last.current = null;
        setComment('');
        setFiles([]);
        setAsking(null);
        setTo(null);
        toast(words);
      },
    });
  };
  const decide = (action: NewAction['action'], more: Partial<NewAction> = {}) => run({ action, version: page.version, ask: ask?.ask, comment: comment.trim() || undefined, ...more }, t('done'));
  const stale = act.error !== null && ['version.conflict', 'approval.not_asked', 'approval.not_running'].includes(toProblem(act.error).code);
  const nodeName = (id: string) => page.nodes[id] || id;
  const running = page.status === 'running';
  const mayWithdraw = page.mine && (running || page.status === 'returned');
  return (
    <section className="card approval-actions" aria-label={t('more')}>
      {page.mine && page.status === 'returned' ? <Returned page={page} /> : null}
      {page.asks.length > 1 ? (
        <label className="stack"><span className="s12 m2">{t('laneAsk')}</span>
          <select className="plain-input" value={ask?.ask} onChange={(e) => setOwn(Number(e.target.value))}>{page.asks.map((one) => <option key={one.ask} value={one.ask}>{nodeName(one.node)}</option>)}</select>
        </label>
      ) : null}
      <label className="stack"><span className="s12 m2">{t(ask ? 'opinion' : 'opinionShort')}</span><textarea className="plain-input approval-word" rows={2} maxLength={500} value={comment} onChange={(e) => setComment(e.target.value)} /></label>
      <Attach caseId={page.id} files={files} onChange={setFiles} />
      <div className="row g6 approval-buttons">
        {ask ? (
          <>
            <button type="button" className="btn pri" disabled={act.isPending} onClick={() => decide('approve')}><Icon name="check" size={15} />{t('approve')}</button>
            <button type="button" className="btn danger" disabled={act.isPending} onClick={() => setAsking('reject')}>{t('reject')}</button>
            <button type="button" className="btn" disabled={act.isPending} onClick={() => setAsking('return')}>{t('sendBack')}</button>
            <MenuButton label={t('more')} className="btn" items={[
              { key: 'transfer', label: t('transfer'), icon: 'send', run: () => setAsking('transfer') },
              { key: 'before', label: t('signerBefore'), icon: 'up', run: () => setAsking('signer_before') },
              { key: 'after', label: t('signerAfter'), icon: 'down', run: () => setAsking('signer_after') },
            ]}><Icon name="more" size={15} /></MenuButton>
          </>
        ) : null}
        {page.mine && running ? <button type="button" className="btn" disabled={act.isPending} onClick={() => run({ action: 'urge', comment: comment.trim() || undefined }, t('doneUrge'))}><Icon name="bell" size={14} />{t('urge')}</button> : null}
        {mayWithdraw ? <button type="button" className="btn" disabled={act.isPending} onClick={() => setAsking('withdraw')}>{t('withdraw')}</button> : null}
        <button type="button" className="btn" disabled={act.isPending || (comment.trim() === '' && files.length === 0)} onClick={() => run({ action: 'comment', comment: comment.trim() || undefined }, t('doneComment'))}><Icon name="message" size={14} />{t('comment')}</button>
      </div>
      {act.error && !asking ? <ProblemView error={act.error} compact onRetry={stale ? () => { act.reset(); onReload(); } : undefined} /> : null}
      {asking === 'reject' ? <AskReason title={t('rejectTitle')} detail={t('rejectDetail')} label={t('reasonLabel')} verb={t('reject')} danger busy={act.isPending} error={act.error} onRun={(reason) => decide('reject', { comment: reason })} onClose={() => setAsking(null)} /> : null}
      {asking === 'withdraw' ? <AskReason title={t('withdrawTitle')} detail={t('withdrawDetail')} label={t('withdrawReason')} verb={t('withdraw')} danger busy={act.isPending} error={act.error} onRun={(reason) => run({ action: 'withdraw', version: page.version, comment: reason }, t('doneWithdraw'))} onClose={() => setAsking(null)} /> : null}
      {asking === 'return' ? (
        <AskReason title={t('backTitle')} detail={t('backDetail')} label={t('reasonLabel')} verb={t('sendBack')} busy={act.isPending} error={act.error} onRun={(reason) => decide('return', { comment: reason, step: step || undefined })} onClose={() => setAsking(null)}>
          <label>
            <span>{t('backTo')}</span>
            <select className="plain-input" value={step} onChange={(e) => setStep(e.target.value)}>
              <option value="">{t('toRequester')}</option>
              {page.back.filter((one) => one.ask === ask?.ask).map((one) => <option key={one.node} value={one.node}>{nodeName(one.node)}</option>)}
            </select>
          </label>
        </AskReason>
      ) : null}
      {asking === 'transfer' || asking === 'signer_before' || asking === 'signer_after' ? (
        <AskReason
          title={t(asking === 'transfer' ? 'transferTitle' : asking === 'signer_before' ? 'beforeTitle' : 'afterTitle')} detail={t('pickDetail')} label={t('reasonLabel')} verb={t(asking === 'transfer' ? 'transfer' : asking === 'signer_before' ? 'signerBefore' : 'signerAfter')}
          busy={act.isPending} ready={to !== null} error={act.error} onRun={(reason) => decide(asking, { comment: reason, to: to ?? undefined })} onClose={() => { setAsking(null); setTo(null); }}
        >
          <div className="stack"><span>{t('pick')}</span><PersonSelect label={t('pick')} value={to} onChange={setTo} /></div>
        </AskReason>
      ) : null}
    </section>
  );
}
