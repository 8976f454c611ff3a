import { Link, useMatches, useNavigate } from '@tanstack/react-router';
import { api } from '@tashi/shared/api';
import { setLanguage, useLanguage, useT } from '@tashi/shared/i18n';
import { useTheme } from '@tashi/shared/theme';
import { Avatar, Icon, Logo } from '@tashi/shared/ui';
import { useEffect } from 'react';
import { entryOf, railOf, visibleNavigation, type NavEntry } from '../app/navigation';
import { endSession, useMe } from '../app/session';
import { shellText } from '../app/text';
import { MenuButton } from '../kit/MenuButton';
import { useHasObjects } from '../screens/objects/useObjects';
import { Freshness } from './Freshness';
import { Jobs } from './Jobs';
import { Notices } from './Notices';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export function TopBar({ onSearch, onShortcuts }: { onSearch(): void; onShortcuts(): void }) {
  const t = useT(shellText);
  const me = useMe();
  const language = useLanguage();
  const { mode, setChoice } = useTheme();
  const navigate = useNavigate();
  const signOut = async () => {
    await api.post('/auth/logout').catch(() => undefined);
    endSession();
    await navigate({ to: '/login' });
  };

  return (
    <header className="top">
      <Link to="/" className="logo" aria-label={t('toHome')}>
        <Logo />
      </Link>
      <span className="tenant clip" title={me.company.name}>{me.company.name}</span>
      {me.company.demo ? <span className="tag line demo" title={t('demoHint')}>{t('demo')}</span> : null}
      <span className="m3 slash" aria-hidden="true">/</span>
      <PageTitle />
      <span className="sp" />
      <button type="button" className="search" onClick={onSearch} aria-label={t('searchHint')} aria-keyshortcuts="Meta+K Control+K">
        <Icon name="search" size={15} />
        <span className="clip">{t('searchHint')}</span>
        <span className="sp" />
        <span className="kbd">{isMac ? '⌘K' : 'Ctrl K'}</span>
      </button>
      <span className="sp" />
      <Freshness />
      <Jobs />
      <Notices />
      <button
        type="button"
        className="icb wide"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        aria-label={t('switchLanguage')}
        title={t('switchLanguage')}
        onClick={() => {
          const next = language === 'zh' ? 'en' : 'zh';
          setLanguage(next);
          // Notices written while the person is away follow the choice; the screen does not wait for it.
          void api.patch('/me', { lang: next }).catch(() => undefined);
        }}
      >
        {t('language')}
      </button>
      <button
        type="button"
        className="icb"
        aria-label={mode === 'dark' ? t('toLight') : t('toDark')}
        title={mode === 'dark' ? t('toLight') : t('toDark')}
        onClick={() => setChoice(mode === 'dark' ? 'light' : 'dark')}
      >
        <Icon name={mode === 'dark' ? 'sun' : 'moon'} size={18} />
      </button>
      <MenuButton
        label={t('myMenu', { name: me.employee.name })}
        className="me-button"
        items={[
          { key: 'account', icon: 'user', label: t('account'), run: () => navigate({ to: '/settings/$section', params: { section: 'account' } }) },
          { key: 'shortcuts', icon: 'help', label: t('shortcuts'), run: onShortcuts },
          { key: 'logout', icon: 'logout', label: t('signOut'), run: signOut, divided: true },
        ]}
      >
        <Avatar name={me.employee.name} size="sm" />
      </MenuButton>
    </header>
  );
}

/** Where one is. Pages that belong together stand beside each other: the one that is open is the title, the others lead there. */
function PageTitle() {
  const t = useT(shellText);
  const me = useMe();
  const objects = useHasObjects();
  const here = useMatches({ select: (matches) => entryOf(matches.at(-1)?.pathname ?? '/') });
  const titleOf = (entry: NavEntry) => (entry.key === 'live' || entry.key === 'health' || entry.key === 'attendance' ? t(`title.${entry.key}`) : t(`nav.${entry.key}`));
  const title = here ? titleOf(here) : '';
  // The tab of the browser says the same.
  useEffect(() => {
    document.title = title ? `${title} · Tashi` : 'Tashi';
  }, [title]);
  const group = railOf(visibleNavigation(me.permissions, objects)).find(({ entry, beside }) => [entry, ...beside].some((one) => one.key === here?.key));
  if (!group || group.beside.length === 0) return <h1 className="page-title">{title}</h1>;
  return (
    <nav className="page-titles" aria-label={t('besides')}>
      {[group.entry, ...group.beside].map((one) =>
        one.key === here?.key ? <h1 key={one.key} className="page-title" aria-current="page">{titleOf(one)}</h1> : <Link key={one.key} to={one.to}>{titleOf(one)}</Link>,
      )}
    </nav>
  );
}
