import type { ReactNode } from 'react';
import { useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useField, useSync } from '../app/context.tsx';
import { Link, back, go, useLocation } from './router.tsx';
import { shellText } from './text.ts';

export interface PageProps {
  title: string;
  /** Second line under the title, or quiet words beside it on a main page. */
  sub?: ReactNode;
  /** Where "back" leads when the app was opened by a link; leave out on main pages. */
  backTo?: string;
  right?: ReactNode;
  /** Fixed to the bottom: the one action. */
  foot?: ReactNode;
  tabs?: boolean;
  /** Under the header, above the scrolling part. */
  head?: ReactNode;
  children?: ReactNode;
}

/** Frame of a screen: header with the sync badge, scrolling body, action, tabs. */
export function Page({ title, sub, backTo, right, foot, tabs, head, children }: PageProps) {
  return (
    <div className={`phone${tabs ? ' tabbed' : ''}`}>
      <header className={`nav${backTo ? ' back' : ''}`}>
        {backTo ? <BackButton to={backTo} /> : null}
        {backTo && sub ? (
          <div className="two">
            <h1 className="clip">{title}</h1>
            <p className="clip">{sub}</p>
          </div>
        ) : (
          <>
            <h1 className={backTo ? 'clip' : 'nw'}>{title}</h1>
            {sub ? <span className="m3 s14 nw">{sub}</span> : null}
            <span className="sp" />
          </>
        )}
        <SyncBadge />
        {right}
      </header>
      {head}
      <main className="body" tabIndex={0}>{children}</main>
      {foot ? <div className="foot">{foot}</div> : null}
      {tabs ? <TabBar /> : null}
    </div>
  );
}

export function BackButton({ to }: { to: string }) {
  const t = useT(shellText);
  return (
    <button type="button" className="ib" aria-label={t('back')} onClick={() => back(to)}>
      <Icon name="left" size={24} />
    </button>
  );
}

/** Always in sight: is anything still only on this phone? */
export function SyncBadge() {
  const t = useT(shellText);
  const { online, waiting, refused, flying } = useSync();
  const [tone, icon, words]: [string, IconName, string] =
    refused > 0 ? ['bad', 'warn', t('problem', { count: refused })]
    : !online ? ['off', 'noNetwork', waiting > 0 ? t('offlineCount', { count: waiting }) : t('offline')]
    : waiting === 0 ? ['', 'cloudOk', t('synced')]
    : ['busy', 'cloudUp', t(flying.ids.length > 0 ? 'sending' : 'waiting', { count: waiting })];
  return (
    <button type="button" className={`sync ${tone}`} aria-label={t('openSync', { state: words })} onClick={() => go('/me/sync')}>
      <span>
        <Icon name={icon} size={17} weight={2} />
        {words}
      </span>
    </button>
  );
}

function TabBar() {
  const t = useT(shellText);
  const { path } = useLocation();
  const { snapshot } = useField();
  const unread = snapshot?.notices.filter((n) => n.read_at === null).length ?? 0;
  const tab = (to: string, icon: IconName, word: string, count = 0) => (
    <Link to={to} aria-current={path === to ? 'page' : undefined}>
      <Icon name={icon} size={22} />
      {word}
      {count > 0 ? (
        <span className="n">
          <span aria-hidden="true">{count}</span>
          <span className="sr">{t('unread', { count })}</span>
        </span>
      ) : null}
    </Link>
  );
  return (
    <nav className="tabbar" aria-label={t('tabs')}>
      {tab('/', 'plan', t('today'))}
      {tab('/customers', 'store', t('customers'))}
      <button type="button" className="plus" aria-label={t('add')} onClick={() => go('/new')}>
        <Icon name="plus" size={24} weight={2} />
      </button>
      {tab('/inbox', 'message', t('inbox'), unread)}
      {tab('/me', 'user', t('me'))}
    </nav>
  );
}

/** Why a list is empty and the one next thing. */
export function Empty({ title, text, action }: { title: string; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      {text}
      {action}
    </div>
  );
}
