import { QueryClientProvider } from '@tanstack/react-query';
import { useLanguage } from '@tashi/shared/i18n';
import { antdTheme, useTheme } from '@tashi/shared/theme';
import { Icon } from '@tashi/shared/ui';
import { ConfigProvider, theme as antdAlgorithms } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo, type ReactNode } from 'react';
import { queryClient } from './queryClient';

/** Our own arrow: the library's has an English name that a screen reader would say. */
const ARROW = { suffixIcon: <Icon name="down" size={14} /> };

/** Theme, language and server state for everything below. */
export function Providers({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const { mode } = useTheme();
  const theme = useMemo(
    () => ({
      ...antdTheme(mode),
      algorithm: mode === 'dark' ? antdAlgorithms.darkAlgorithm : antdAlgorithms.defaultAlgorithm,
    }),
    [mode],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <ConfigProvider theme={theme} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }} select={ARROW}>
        {children}
      </ConfigProvider>
    </QueryClientProvider>
  );
}
