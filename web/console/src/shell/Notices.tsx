import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type Notice, type Page } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';
import { meQuery, useMe } from '../app/session';
import { shellText } from '../app/text';
import { Popover } from '../kit/Popover';
import { ProblemView } from '../kit/ProblemView';

/** The bell: count of unread notices, and the list when it is opened. Opening marks them as read. */
export function Notices() {
  const t = useT(shellText);
  const me = useMe();
  const label = me.unread ? t('noticesUnread', { count: me.unread }) : t('notices');
  return (
    <Popover
      label={label}
      className="icb"
      align="end"
      trigger={
        <>
          <Icon name="bell" size={18} />
          {me.unread ? <span className="n" aria-hidden="true">{me.unread > 99 ? '99+' : me.unread}</span> : null}
        </>
      }
    >
      {(close) => <NoticeList onDone={close} />}
    </Popover>
  );
}

function NoticeList({ onDone }: { onDone(): void }) {
  const t = useT(shellText);
  const client = useQueryClient();
  const navigate = useNavigate();
  const list = useQuery({ queryKey: ['notices'], queryFn: () => api.get<Page<Notice>>('/notices', { query: { limit: 50 } }) });
  // Which were unread when the list opened keeps its mark although they are read now.
  const [fresh, setFresh] = useState<Set<string> | null>(null);

  useEffect(() => {
    if (!list.data || fresh) return;
    const unread = list.data.items.filter((notice) => !notice.read_at).map((notice) => notice.id);
    setFresh(new Set(unread));
    if (unread.length) {
      void api.post('/notices/read', { ids: unread }).then(() => client.invalidateQueries({ queryKey: meQuery.queryKey }));
    }
  }, [list.data, fresh, client]);

  return (
    <section className="notices" aria-label={t('notices')}>
      <h2 className="notices-head">{t('notices')}</h2>
      {list.isPending ? <SkeletonRows rows={4} height={52} /> : null}
      {list.error ? <ProblemView error={list.error} onRetry={() => list.refetch()} compact /> : null}
      {list.data?.items.length === 0 ? <p className="notices-empty">{t('noNotices')}</p> : null}
      <ul>
        {list.data?.items.map((notice) => (
          <li key={notice.id}>
            <button
              type="button"
              className={fresh?.has(notice.id) ? 'notice fresh' : 'notice'}
              onClick={() => {
                onDone();
                if (notice.link) void navigate({ href: notice.link });
              }}
            >
              <span className="row">
                <b className="clip">{notice.title}</b>
                <Ago at={notice.created_at} className="end s11 m3 nw" />
              </span>
              <span className="s12 m2">{notice.body}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
