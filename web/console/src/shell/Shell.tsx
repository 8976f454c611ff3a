import { Outlet } from '@tanstack/react-router';
import { stream, useStreamEvent } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useMe } from '../app/session';
import { shellText } from '../app/text';
import '../kit/batch';
import { resumeJobs } from '../kit/jobs';
import '../screens/imports/commit';
import { useGradesOfCompany } from './useGradesOfCompany';
import { useGlobalShortcuts } from './useGlobalShortcuts';
import { useStreamRefresh } from './useStreamRefresh';
import { Rail } from './Rail';
import { TopBar } from './TopBar';

const CommandPalette = lazy(() => import('../kit/CommandPalette').then((m) => ({ default: m.CommandPalette })));
const ShortcutSheet = lazy(() => import('../kit/ShortcutSheet').then((m) => ({ default: m.ShortcutSheet })));
const FirstPassword = lazy(() => import('../screens/account/FirstPassword').then((m) => ({ default: m.FirstPassword })));

/** Frame of every signed-in page: bar on top, rail on the left, one stream for all screens. */
export function Shell() {
  const t = useT(shellText);
  const me = useMe();
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);

  useEffect(() => {
    stream.start();
    return () => stream.stop();
  }, []);
  // The kinds of kept work are named by the imports above: they go on whichever page is opened first.
  useEffect(() => resumeJobs(me.employee.id), [me.employee.id]);
  useStreamEvent('gone', () => window.location.reload());
  useStreamRefresh();
  useGradesOfCompany();
  useGlobalShortcuts({ openPalette: () => setPalette(true), openSheet: () => setSheet(true) });

  return (
    <div className="app">
      <a className="skip" href="#main">{t('skip')}</a>
      <TopBar onSearch={() => setPalette(true)} onShortcuts={() => setSheet(true)} />
      <Rail />
      <main className="main" id="main" tabIndex={-1}>
        {me.must_change_password ? (
          <Suspense>
            <FirstPassword />
          </Suspense>
        ) : (
          <Outlet />
        )}
      </main>
      <Suspense>
        {palette ? <CommandPalette onClose={() => setPalette(false)} /> : null}
        {sheet ? <ShortcutSheet onClose={() => setSheet(false)} /> : null}
      </Suspense>
    </div>
  );
}
