import { createRoot } from 'react-dom/client';
import { api } from '@tashi/shared/api';
import { applyLanguage, languageTag } from '@tashi/shared/i18n';
import { applyTheme } from '@tashi/shared/theme';
import '@tashi/shared/theme/tokens.css';
import '@tashi/shared/theme/kit.css';
import './app/field.css';
import '@tashi/shared/theme/sun.css';
import { keepInstallOffer } from './app/install.ts';
import { renewPageWhenBarred } from './app/policy.ts';
import { followLanguage } from './app/manifest.ts';
import { client, loadSession } from './app/session.ts';
import { applyTextSize } from './app/textSize.ts';
import { registerWorker } from './app/update.ts';
import { App } from './shell/App.tsx';

keepInstallOffer();
renewPageWhenBarred();
applyTheme();
applyTextSize();
addEventListener('orientationchange', () => applyTextSize());
applyLanguage();
followLanguage();
const root = document.getElementById('root');

void loadSession().then((session) => {
  // The shared stream speaks through the shared client: it must carry this phone's token.
  api.configure({ token: () => client.headers().Authorization?.replace(/^Bearer /, '') ?? null, language: languageTag });
  if (root) createRoot(root).render(<App initial={session} />);
  void registerWorker();
  void navigator.storage?.persist?.();
});
