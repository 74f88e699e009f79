/** What consoles stand on: Ant Design in our theme and language, and a cache of queries. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import en from 'antd/locale/en_US';
import zh from 'antd/locale/zh_CN';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { useWords } from '../../i18n/react.ts';
import { QUERY_OPTIONS, watchServer } from '../queries.ts';
import { useDeskTheme } from './theme.ts';

export function DeskProvider({ children }: { children: ReactNode }): ReactElement {
  const { language } = useWords();
  const theme = useDeskTheme();
  const [queries] = useState(() => new QueryClient({
    defaultOptions: { queries: { ...QUERY_OPTIONS, staleTime: 10_000 } },
  }));
  useEffect(() => watchServer(queries), [queries]);
  return (
    <QueryClientProvider client={queries}>
      <ConfigProvider
        theme={theme} locale={language === 'zh-CN' ? zh : en}
        button={{ autoInsertSpace: false }} form={{ requiredMark: false }}
      >
        <App component={false}>{children}</App>
      </ConfigProvider>
    </QueryClientProvider>
  );
}
