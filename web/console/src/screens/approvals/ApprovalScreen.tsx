import { Link, useParams } from '@tanstack/react-router';
import type { ApprovalPage } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { ChangeTable } from '@tashi/shared/plan/ChangeTable.tsx';
import { Outcome } from '@tashi/shared/plan/Outcome.tsx';
import { Avatar, Icon, SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { Answers } from '../designer/RecordsTab';
import { Actions } from './Actions';
import { StatusTag } from './StatusTag';
import { approvalText } from './text';
import { Trail } from './Trail';
import { useApproval } from './useApprovals';
import '../designer/designer.css';
import './approvals.css';

/** One case: what was handed in, what I may do, what happened. */
export function ApprovalScreen() {
  const { id } = useParams({ from: '/shell/approvals/$id' });
  const page = useApproval(id);
  if (page.error) return <div className="drawer-pad"><ProblemView error={page.error} onRetry={() => page.refetch()} /></div>;
  if (!page.data) return <SkeletonRows />;
  return <Case key={id} page={page.data} onReload={() => void page.refetch()} />;
}

function Case({ page, onReload }: { page: ApprovalPage; onReload(): void }) {
  const t = useT(approvalText);
  const format = useFormat();
  const language = useLanguage();
  const { spec, answers, names, customer, plan_change } = page.content;
  return (
    <div className="approval-page">
      <div className="bar">
        <Link to="/approvals" className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <h1 className="s14 w7 clip">{said(page.title, language)}</h1>
        <StatusTag status={page.status} />
        <span className="sp" />
        <span className="s12 m3">{t('flowOf', { name: page.flow.name, n: page.flow_number })}</span>
      </div>
      <main className="approval-body">
        <section className="card approval-content" aria-label={t('content')}>
          <header className="row g8">
            <Avatar name={page.employee.name} />
            <div className="sp">
              <p><b>{page.employee.name}</b> <span className="m3">{page.department.name}</span></p>
              <p className="s12 m3">{format.dateTime(page.started_at)}{customer ? ` · ${t('customer')} ${customer}` : ''}</p>
            </div>
          </header>
          <Outcome page={page} />
          {plan_change ? <ChangeTable change={plan_change} /> : null}
          {spec && answers ? <Answers record={{ spec, names: names ?? {} }} fields={spec.fields} answers={answers} /> : null}
        </section>
        <aside className="approval-side">
          <Actions page={page} onReload={onReload} />
          <section className="card approval-trail" aria-label={t('trail')}>
            <h2 className="s14 w7">{t('trail')}</h2>
            {page.status === 'running' && page.asked.length ? <p className="s12 m2">{t('waitingFor', { names: format.names(page.asked.map((one) => one.name)) })}</p> : null}
            <Trail page={page} />
          </section>
        </aside>
      </main>
    </div>
  );
}
