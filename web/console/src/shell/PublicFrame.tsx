import { setLanguage, useLanguage, useT } from '@tashi/shared/i18n';
import { useTheme } from '@tashi/shared/theme';
import { Icon } from '@tashi/shared/ui';
import { useEffect, type ReactNode } from 'react';
import { shellText } from '../app/text';
import './public.css';

/** Frame of the pages before sign-in: paper ground, one card, language and theme at hand. */
export function PublicFrame({ title, children, wide }: { title: string; children: ReactNode; wide?: boolean }) {
  const t = useT(shellText);
  const language = useLanguage();
  const { mode, setChoice } = useTheme();
  useEffect(() => {
    document.title = `${title} · Tashi`;
  }, [title]);
  return (
    <div className="public">
      <div className="public-bar">
        <button
          type="button"
          className="icb wide"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          aria-label={t('switchLanguage')}
          onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
        >
          {t('language')}
        </button>
        <button
          type="button"
          className="icb"
          aria-label={mode === 'dark' ? t('toLight') : t('toDark')}
          onClick={() => setChoice(mode === 'dark' ? 'light' : 'dark')}
        >
          <Icon name={mode === 'dark' ? 'sun' : 'moon'} size={18} />
        </button>
      </div>
      <main className={wide ? 'public-card wide' : 'public-card'}>{children}</main>
    </div>
  );
}
