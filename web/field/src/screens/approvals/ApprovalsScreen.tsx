import { Suspense, lazy, useState } from 'react';
import type { ApprovalRow, ApprovalStatus, Page as PageOf } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName, SkeletonRows } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { useAct, useApprovalCounts, useApprovalNews } from './act.ts';
import { approvalText } from './text.ts';
import './approvals.css';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));
const BOXES = ['todo', 'mine', 'copied', 'decided'] as const;
type Box = (typeof BOXES)[number];

export const STATUS_LOOK: Record<ApprovalStatus, { tone: string; icon: IconName }> = {
  running: { tone: 'fg-moving', icon: 'clock' }, returned: { tone: 'fg-late', icon: 'undo' }, approved: { tone: 'fg-visit', icon: 'okCircle' }, rejected: { tone: 'fg-problem', icon: 'xCircle' }, withdrawn: { tone: 'm3', icon: 'minus' },
};

/** What waits for me? What became of mine? */
export function ApprovalsScreen() {
  const t = useT(approvalText);
  const [box, setBox] = useState<Box>('todo');
  const counts = useApprovalCounts();
  const todo = counts.data?.todo ?? 0;
  return (
    <Page
      title={t('title')} backTo="/inbox"
      head={
        <div className="approval-boxes" role="tablist" aria-label={t('boxes')}>
          {BOXES.map((one) => <button key={one} type="button" role="tab" aria-selected={box === one} className="opt" onClick={() => setBox(one)}>{t(`box.${one}`)}{one === 'todo' && todo > 0 ? <span className="approval-count">{todo}</span> : null}</button>)}
        </div>
      }
    >
      <List key={box} box={box} onDone={counts.refresh} />
    </Page>
  );
}

function List({ box, onDone }: { box: Box; onDone: () => Promise<void> }) {
  const t = useT(approvalText);
  const f = useFormat();
  const online = useOnline();
  const list = useCached(`approvals/${box}`, () => client.get<PageOf<ApprovalRow>>('/approvals', { query: { box, limit: 50 } }));
  useApprovalNews(list.refresh);
  const done = async () => {
    await list.refresh();
    await onDone();
  };
  if (list.data === undefined || (list.data === null && !list.problem && online)) return <SkeletonRows rows={4} height={96} />;
  if (list.data === null) return <Empty title={t('offline')} text={t('offlineText')} />;
  if (list.data.items.length === 0) return <Empty title={t(box === 'todo' ? 'noneTodo' : 'none')} text={box === 'todo' ? t('noneTodoText') : undefined} />;
  return (
    <>
      {online ? null : <p className="approval-offline mx"><Icon name="noSignal" size={18} />{t('offlineAct')}{list.fetched ? ` ${t('asOf', { age: f.age(list.fetched, Date.now()) })}` : ''}</p>}
      <ul className="approval-list mx" aria-label={t('list')}>
        {list.data.items.map((row) => <Card key={row.id} row={row} decide={box === 'todo' && online} onDone={done} />)}
      </ul>
    </>
  );
}

function Card({ row, decide, onDone }: { row: ApprovalRow; decide: boolean; onDone: () => Promise<void> }) {
  const t = useT(approvalText);
  const f = useFormat();
  const language = useLanguage();
  const { busy, act } = useAct();
  const [asking, setAsking] = useState(false);
  const look = STATUS_LOOK[row.status];
  return (
    <li className="card approval-card">
      <Link className="approval-link" to={`/approvals/${row.id}`}>
        <span className="row g6"><b className="clip sp">{said(row.title, language)}</b><span className={`row g4 s14 ${look.tone}`}><Icon name={look.icon} size={16} weight={2} />{t(`status.${row.status}`)}</span></span>
        {row.summary.slice(0, 3).map((one, k) => <span key={k} className="row g6 s14"><span className="m3">{said(one.label, language)}</span><span className="clip">{said(one.value, language)}</span></span>)}
        <span className="m3 s14">{t('by', { name: row.employee.name })} · {f.age(row.started_at)}{row.status === 'running' && row.asked.length ? ` · ${t('waits', { names: f.names(row.asked.map((one) => one.name)) })}` : ''}</span>
      </Link>
      {decide ? (
        <div className="approval-two">
          <button type="button" className="cta sec" disabled={busy} onClick={() => setAsking(true)}>{t('reject')}</button>
          <button type="button" className="cta" disabled={busy} onClick={() => void act(row, 'approve', t('done')).then(onDone)}><Icon name="check" size={20} weight={2} />{t('approve')}</button>
        </div>
      ) : null}
      {asking ? (
        <Suspense fallback={null}>
          <ReasonSheet title={t('reasonReject')} reasons={[t('why.incomplete'), t('why.wrong'), t('why.budget'), t('why.other')]} ownWords={t('ownWords')} confirmText={t('reject')} onClose={() => setAsking(false)} onReason={(reason) => { setAsking(false); void act(row, 'reject', t('done'), reason).then(onDone); }} />
        </Suspense>
      ) : null}
    </li>
  );
}
