import { RouterProvider } from '@tanstack/react-router';
import { api } from '@tashi/shared/api';
import { applyLanguage, languageTag } from '@tashi/shared/i18n';
import { applyTheme } from '@tashi/shared/theme';
import '@tashi/shared/theme/tokens.css';
import '@tashi/shared/theme/kit.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Providers } from './app/Providers';
import { keepPopupsInSight } from './app/popups';
import { queryClient } from './app/queryClient';
// Before the router reads the address.
import './kit/listLink';
import { router } from './app/router';
import { endSession, meQuery } from './app/session';
import './kit/kit.css';
import './shell/shell.css';

applyTheme();
applyLanguage();
keepPopupsInSight();

api.configure({
  language: languageTag,
  onSignedOut() {
    // Only a session that had begun can end; the first 401 of a fresh page is the router's to handle.
    if (!queryClient.getQueryData(meQuery.queryKey)) return;
    endSession();
    void router.navigate({ to: '/login', search: { next: router.state.location.href } });
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
