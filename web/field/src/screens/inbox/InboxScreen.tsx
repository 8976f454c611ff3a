import { useLiveQuery } from 'dexie-react-hooks';
import type { Notice } from '@tashi/shared/api';
import { defineMessages, useFormat, useT } from '@tashi/shared/i18n';
import { Ago, Icon, type IconName } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { useApprovalCounts } from '../approvals/act.ts';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { readNotices } from '../../work/record.ts';

export const inboxText = defineMessages('field.inbox', {
  title: '消息', count: '{{count}} 条未读', readAll: '全部标为已读', emptyTitle: '没有消息', emptyText: '派单、改计划、取消任务都会出现在这里。', unread: '未读', list: '消息列表', asOf: '{{age}}更新', approvals: '审批', waiting: '{{count}} 条待你审批', none: '没有待你审批的',
}, {
  title: 'Inbox', count: '{{count}} unread', readAll: 'Mark all as read', emptyTitle: 'No messages', emptyText: 'New tasks, changed plans and cancelled tasks appear here.', unread: 'unread', list: 'Messages', asOf: 'updated {{age}}', approvals: 'Approvals', waiting: '{{count}} waiting for you', none: 'Nothing waits for you',
});

const ICON: [RegExp, IconName][] = [[/^knowledge\./, 'book'], [/^plan\.assigned/, 'plan'], [/^plan\./, 'sync'], [/cancel/, 'xCircle'], [/^task\./, 'task'], [/^truth\./, 'shield'], [/^visit\./, 'visit'], [/^approval\./, 'stamp']];

/** What changed while I was on the way? */
export function InboxScreen() {
  const t = useT(inboxText);
  const f = useFormat();
  const { owner, snapshot } = useField();
  const notices = snapshot?.notices ?? [];
  // Read on this phone, not yet known to the server.
  const local = useLiveQuery(async () => {
    const rows = await db.outbox.where('[owner+status]').anyOf([[owner, 'queued'], [owner, 'receipted']]).filter((row) => row.kind === 'notice.read').toArray();
    return new Set(rows.map((row) => (row.body as { notice_id: string }).notice_id));
  }, [owner]) ?? new Set<string>();
  const isUnread = (n: Notice) => n.read_at === null && !local.has(n.id);
  const unread = notices.filter(isUnread);
  const open = async (notice: Notice) => {
    if (isUnread(notice)) await saving(readNotices(owner, [notice.id]));
    if (/^(plan|task)\./.test(notice.kind)) go('/');
    if (/^(truth|approval|knowledge)\./.test(notice.kind) && notice.link) go(notice.link);
  };
  return (
    <Page
      title={t('title')} tabs sub={unread.length > 0 ? t('count', { count: unread.length }) : snapshot ? t('asOf', { age: f.age(snapshot.fetched, Date.now()) }) : undefined}
      foot={unread.length > 1 ? <button type="button" className="cta sec" onClick={() => void saving(readNotices(owner, unread.map((n) => n.id)))}>{t('readAll')}</button> : null}
    >
      <ApprovalsRow />
      {notices.length === 0 ? <Empty title={t('emptyTitle')} text={t('emptyText')} /> : (
        <ul className="card list mx" aria-label={t('list')} style={{ marginBottom: 16 }}>
          {notices.map((notice) => (
            <li key={notice.id}>
              <button type="button" className="li" onClick={() => void open(notice)}>
                <span className="ico" style={isUnread(notice) ? { background: 'var(--accent-soft)', color: 'var(--accent)' } : undefined}><Icon name={ICON.find(([kind]) => kind.test(notice.kind))?.[1] ?? 'bell'} size={22} /></span>
                <span style={{ minWidth: 0 }}><b style={{ fontWeight: isUnread(notice) ? 700 : 400 }}>{notice.title}</b><span className="d" style={{ display: 'block' }}>{notice.body}</span></span>
                <span className="w"><Ago at={notice.created_at} />{isUnread(notice) ? <><br /><span className="fg-accent w5">{t('unread')}</span></> : null}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

/** The way to approvals, with how many wait. */
function ApprovalsRow() {
  const t = useT(inboxText);
  const todo = useApprovalCounts().data?.todo ?? 0;
  return (
    <nav className="card list mx" style={{ marginBottom: 12 }}>
      <Link className="li" to="/approvals">
        <span className="ico" style={todo > 0 ? { background: 'var(--accent-soft)', color: 'var(--accent)' } : undefined}><Icon name="stamp" size={22} /></span>
        <span style={{ minWidth: 0 }}><b>{t('approvals')}</b><span className={`d ${todo > 0 ? 'fg-accent' : ''}`} style={{ display: 'block' }}>{todo > 0 ? t('waiting', { count: todo }) : t('none')}</span></span>
        <Icon name="right" size={20} className="m3" />
      </Link>
    </nav>
  );
}
